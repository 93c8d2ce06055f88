"""Pages about reports: what everybody may read, what the reporter follows, what offices do."""
