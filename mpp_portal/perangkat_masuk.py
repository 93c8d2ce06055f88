"""Where staff are logged in: the list of one's own devices, and the end of a session that nobody uses."""

import time
from collections.abc import Callable

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ua_parser import parse

from .actions import action
from .models import Pengguna, record

SEEN = "pakai"  # in the session: when it began and when somebody last did something, in seconds
NOTED = 60  # seconds between two notes of it, so that not every key writes the session


class Idle:
    """Middleware: a session ends after `IDLE_MINUTES` without a person, and after `SESSION_COOKIE_AGE` in any case.

    A page that renews a fragment of itself is nobody who works.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session:
            self.watch(request, int(time.time()))
        return self.get_response(request)

    def watch(self, request: HttpRequest, now: int) -> None:
        begun, last = request.session.get(SEEN, (now, 0))
        idle = settings.IDLE_MINUTES * 60
        if (last and now - last > idle) or now - begun > settings.SESSION_COOKIE_AGE:
            sentence = _("Anda dikeluarkan karena lama tidak ada yang ditekan. Masuk lagi; loket Anda tetap terbuka.")
            logout(request)
            messages.info(request, sentence)
        elif now - last >= NOTED and not (request.method == "GET" and request.headers.get("HX-Request")):
            request.session[SEEN] = (begun, now)


def browser(agent: str) -> str:
    """In words which browser this is and on what: "Firefox di Windows"."""
    found = parse(agent)
    name = found.user_agent.family if found.user_agent else _("Peramban")
    system = found.os.family if found.os else ""
    return _("%(browser)s di %(system)s") % {"browser": name, "system": system} if system else name


@action
def end_all(user: Pengguna, *, by: Pengguna) -> int:
    """Log a person out everywhere, as after a lost phone; returns of how many devices."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    record("pengguna.dikeluarkan", user, mpp_id=None, by=by)
    return len(sessions)
