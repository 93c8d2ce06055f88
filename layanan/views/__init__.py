"""Public pages of the catalogue: everything here may be read without logging in."""
