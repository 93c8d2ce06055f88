"""Programs that put load on the portal, each a process of its own, so that they do not slow what they measure."""
