"""The queue's pages, one module per audience."""
