"""Every write of the queue, called through this module: `actions.take(...)`, `actions.call_next(...)`."""

from mpp_portal.actions import Refused

from .booking import arrive, cancel_booking, confirm, hold, lapse_bookings, remind, reschedule
from .counter import absent, call_next, close, finish, finish_and_next, open_loket, put_back, recall, start
from .numbers import cancel, come_back, lapse_before, take

__all__ = [
    "Refused",
    "absent",
    "arrive",
    "call_next",
    "cancel",
    "cancel_booking",
    "close",
    "come_back",
    "confirm",
    "finish",
    "finish_and_next",
    "hold",
    "lapse_before",
    "lapse_bookings",
    "open_loket",
    "put_back",
    "recall",
    "remind",
    "reschedule",
    "start",
    "take",
]
