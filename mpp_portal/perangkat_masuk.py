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

from .actions import Refused, action
from .models import Pengguna, record

SEEN = "pakai"  # in the session: when it began and when somebody last did something, in seconds
NOTED = 60  # seconds between two notes of it, so that not every key writes the session


class Idle:
    """Middleware: who comes back after `IDLE_MINUTES`, or `SESSION_COOKIE_AGE` after the login, logs in again.

    What a page asks for by itself neither counts as somebody nor ends a session: a hall's screen goes on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY in request.session and not _by_itself(request):
            sentence = self.watch(request, int(time.time()))
            if sentence:
                logout(request)
                messages.info(request, sentence)
                if request.headers.get("HX-Request"):
                    return HttpResponse(headers={"HX-Refresh": "true"})  # the page itself leads to the login
        return self.get_response(request)

    def watch(self, request: HttpRequest, now: int) -> str:
        """Why this session is over; blank while it is not, which is noted."""
        begun, last = request.session.get(SEEN, (now, 0))
        if last and now - last > settings.IDLE_MINUTES * 60:
            return _("Anda dikeluarkan karena lama tidak ada yang ditekan. Masuk lagi; loket Anda tetap terbuka.")
        if now - begun > settings.SESSION_COOKIE_AGE:
            return _("Setiap setengah hari Anda masuk sekali lagi. Loket Anda tetap terbuka.")
        if now - last >= NOTED:
            request.session[SEEN] = (begun, now)
        return ""


def _by_itself(request: HttpRequest) -> bool:
    """A fragment that renews itself, or a page that asks for a new stream (static/js/stream.js)."""
    return request.method == "GET" and any(name in request.headers for name in ("HX-Request", "X-Mpp-Sendiri"))


def browser(agent: str) -> str:
    """In words which browser this is and on what: "Firefox di Windows"."""
    found = parse(agent)
    name = found.user_agent.family if found.user_agent else _("Peramban")
    system = found.os.family if found.os else ""
    return _("%(browser)s di %(system)s") % {"browser": name, "system": system} if system else name


@action
def end_all(user: Pengguna, *, by: Pengguna) -> int:
    """Log a person out everywhere, as after a lost phone; returns of how many devices."""
    if user == by:
        raise Refused(_("Perangkat Anda sendiri: Keamanan akun, Perangkat yang masuk."))
    sessions = UserSession.objects.purge_and_list(user)
    for session in sessions:
        session.end()
    record("pengguna.dikeluarkan", user, mpp_id=None, by=by)
    return len(sessions)
