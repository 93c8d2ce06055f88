"""Every write of the reports, called through this module: `actions.submit(…)`, `actions.verify(…)`."""

from mpp_portal.actions import Refused

from .following import complete, dispute, rate, withdraw
from .handling import answer, follow_up, give_back
from .sending import Given, Sent, enter, submit
from .steering import archive, ask, close, dispatch, forward, lapse, note, reclassify, verify

__all__ = [
    "Given",
    "Refused",
    "Sent",
    "answer",
    "archive",
    "ask",
    "close",
    "complete",
    "dispatch",
    "dispute",
    "enter",
    "follow_up",
    "forward",
    "give_back",
    "lapse",
    "note",
    "rate",
    "reclassify",
    "submit",
    "verify",
    "withdraw",
]
