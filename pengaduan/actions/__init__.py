"""Every write of the reports, called through this module: `actions.submit(…)`, `actions.verify(…)`."""

from mpp_portal.actions import Refused

from .attaching import attach, detach, tidy_drafts
from .banning import ban, review_ban
from .escalating import escalate
from .following import complete, dispute, rate, supplement, withdraw
from .forgetting import forget
from .handling import answer, follow_up, give_back
from .leaking import drop_leak, escalate_leaks, mark_leak, notify_leak
from .merging import merge, unmerge
from .publishing import publish, support, unpublish
from .receiving import pass_word, receive
from .sending import Given, Sent, enter, form_key, submit
from .splitting import split
from .steering import archive, ask, close, dispatch, forward, lapse, note, reclassify, verify

__all__ = [
    "Given",
    "Refused",
    "Sent",
    "answer",
    "archive",
    "ask",
    "attach",
    "ban",
    "close",
    "complete",
    "detach",
    "dispatch",
    "dispute",
    "drop_leak",
    "enter",
    "escalate",
    "escalate_leaks",
    "follow_up",
    "forget",
    "form_key",
    "forward",
    "give_back",
    "lapse",
    "mark_leak",
    "merge",
    "note",
    "notify_leak",
    "pass_word",
    "publish",
    "rate",
    "receive",
    "reclassify",
    "review_ban",
    "split",
    "submit",
    "supplement",
    "support",
    "tidy_drafts",
    "unmerge",
    "unpublish",
    "verify",
    "withdraw",
]
