"""Two invented malls and invented people, for the demo and for nothing else: `manage.py muat_demo`."""
