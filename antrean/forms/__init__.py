"""What people fill in at and about the line."""
