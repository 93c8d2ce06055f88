"""Every write of the queue, called through this module: `actions.take(...)`, `actions.call_next(...)`."""

from mpp_portal.actions import Refused

from .counter import absent, call_next, close, finish, finish_and_next, open_loket, put_back, recall, start
from .numbers import cancel, come_back, lapse_before, take

__all__ = [
    "Refused",
    "absent",
    "call_next",
    "cancel",
    "close",
    "come_back",
    "finish",
    "finish_and_next",
    "lapse_before",
    "open_loket",
    "put_back",
    "recall",
    "start",
    "take",
]
