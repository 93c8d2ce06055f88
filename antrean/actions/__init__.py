"""Every write of the queue, called through this module: `actions.take(...)`, `actions.call_next(...)`."""

from mpp_portal.actions import Refused

from ._luar import Appointment
from .arrival import arrive, lapse_bookings
from .aside import assign, call_number, correct_time, note, park, pause, resume, transfer
from .booking import cancel_booking, confirm, read_nik, remind
from .closing import close_today, end_day, lapse_before, tell_unserved
from .counter import absent, call_next, close, finish, finish_and_next, open_loket, put_back, recall, start
from .devices import offer_code, pair, pair_demo, revoke, seen
from .forgetting import forget
from .holding import hold
from .moving import reschedule
from .near import tell_near, tell_when
from .numbers import assist, cancel, come_back, postpone, take
from .printing import (
    arrive_at,
    claim_paper,
    confirm_paper,
    hand_over,
    lapse_unprinted,
    report_paper,
    reprint,
    take_on_paper,
    without_paper,
)
from .visiting import cancel_all, open_in
from .waiting import accept, leave, offer_places, wait

__all__ = [
    "Appointment",
    "Refused",
    "absent",
    "accept",
    "arrive",
    "arrive_at",
    "assign",
    "assist",
    "call_next",
    "call_number",
    "cancel",
    "cancel_all",
    "cancel_booking",
    "claim_paper",
    "close",
    "close_today",
    "come_back",
    "confirm",
    "confirm_paper",
    "correct_time",
    "end_day",
    "finish",
    "finish_and_next",
    "forget",
    "hand_over",
    "hold",
    "lapse_before",
    "lapse_bookings",
    "lapse_unprinted",
    "leave",
    "note",
    "offer_code",
    "offer_places",
    "open_in",
    "open_loket",
    "pair",
    "pair_demo",
    "park",
    "pause",
    "postpone",
    "put_back",
    "read_nik",
    "recall",
    "remind",
    "report_paper",
    "reprint",
    "reschedule",
    "resume",
    "revoke",
    "seen",
    "start",
    "take",
    "take_on_paper",
    "tell_near",
    "tell_unserved",
    "tell_when",
    "transfer",
    "wait",
    "without_paper",
]
