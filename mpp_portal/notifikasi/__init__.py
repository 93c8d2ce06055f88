"""Kabar: messages to people who are away. Enqueued with the change, sent by workers, once (docs/adr/0006-kabar.md)."""
