"""What every URL answers to everybody. A new URL needs a line here, or `test_permission_matrix` fails."""

import re
from dataclasses import dataclass

from tests.portal.world import PEOPLE

EVERYONE = frozenset(PEOPLE)
STAFF = EVERYONE - {"anonim"}
ADMINS = frozenset({"superuser", "pengelola", "pengelola lain", "admin instansi", "admin instansi lain", "koordinator"})
LOKET = frozenset({"petugas loket"})
HANDLERS = frozenset({"koordinator", "pejabat penghubung", "pejabat penghubung lain", "inspektorat"})
CLOSING = {"petugas loket", "petugas loket lain", "admin instansi", "admin instansi lain", "penyelia", "pengelola"}
COUNTED = frozenset({"penyelia", "pengelola", "pimpinan", "admin instansi"})
REPORTED = frozenset({"pimpinan", "koordinator", "admin instansi", "admin instansi lain"})
FLOOR = frozenset({"penyelia", "pengelola"})
DESK = frozenset({"petugas informasi", "penyelia"})


@dataclass(frozen=True)
class Rule:
    """`who` is answered `get` and `post`; others `refused`, and who is not logged in goes to the login."""

    get: int
    post: int
    who: frozenset[str] = EVERYONE
    refused: int = 404
    refused_get: int | None = None

    def status(self, method: str, name: str) -> int:
        if name in self.who:
            return self.get if method == "get" else self.post
        if name == "anonim":
            return 302
        return self.refused_get if self.refused_get and method == "get" else self.refused


PAGE = Rule(200, 200)
SECRET = Rule(200, 200)  # who knows the link is let in
BUTTON = Rule(405, 302, LOKET, refused_get=405)
KIOSK = Rule(302, 302)  # what is no paired device is led to the pairing
OURS = {
    "beranda": PAGE,
    "lacak": PAGE,
    "beranda_petugas": Rule(200, 200, STAFF),
    **{
        f"pengaduan:{name}": PAGE
        for name in ("home", "calculator", "report", "status", "public_list", "public", "feed")
    },
    **{f"pengaduan:{name}": SECRET for name in ("receipt", "laporan", "copy", "lampiran", "step")},
    "pengaduan:support": Rule(405, 302),
    "pengaduan:rules": Rule(200, 200, frozenset({"koordinator"})),
    "pengaduan:views": Rule(200, 200, frozenset({"inspektorat", "pengelola", "pengelola lain"})),
    "pengaduan:bans": Rule(200, 200, frozenset({"koordinator", "inspektorat"})),
    "pengaduan:ban_review": Rule(405, 302, frozenset({"koordinator"}), refused_get=405),
    "pengaduan:leaks": Rule(200, 200, frozenset({"koordinator", "inspektorat", "pengelola", "pengelola lain"})),
    "pengaduan:desk": Rule(200, 422, frozenset({"koordinator", "petugas informasi"})),
    "pengaduan:worklist": Rule(200, 200, HANDLERS),
    "pengaduan:together": Rule(405, 404, HANDLERS, refused_get=405),  # no such step
    **{f"pengaduan:figures{page}": Rule(200, 200, REPORTED) for page in ("", "_file")},
    "pengaduan:work": Rule(200, 200, frozenset({"koordinator", "pejabat penghubung"})),
    "pengaduan:work_lampiran": Rule(200, 200, frozenset({"koordinator", "pejabat penghubung"})),
    "pengaduan:work_step": Rule(405, 422, frozenset({"koordinator", "pejabat penghubung"}), refused_get=405),
    "sp4n:exchange": Rule(200, 422, frozenset({"koordinator"})),
    "sp4n:steer": Rule(405, 404, frozenset({"koordinator"}), refused_get=405),  # no such row
    "sp4n:download": Rule(422, 422, frozenset({"koordinator"})),  # of which days?
    "whatsapp:webhook": Rule(404, 404),  # closed
    "open311:discovery": Rule(200, 405),
    "open311:openapi": Rule(200, 405),
    **{f"open311:{name}": Rule(400, 405) for name in ("services", "definition", "request", "token")},  # of which mall?
    "open311:requests": Rule(400, 400),
    **{f"layanan:{name}": PAGE for name in ("search", "suggest", "life_event", "jenis", "instansi")},
    **{f"layanan:{name}": PAGE for name in ("places", "mpp", "gerai", "layanan", "colours")},
    "kabar:follow": SECRET,
    "kabar:browser": Rule(405, 422),  # the browser gave nothing
    "kabar:stop": SECRET,
    "kabar:outgoing": Rule(404, 405),  # in the demo only
    "service_worker": Rule(200, 405),
    "metrik": Rule(404, 405),  # opened by a setting only
    "antrean:arrive": Rule(302, 302),
    "antrean:kunjungan": SECRET,
    "antrean:tiket": SECRET,
    "antrean:position": SECRET,
    "antrean:cancel": Rule(200, 302),
    "antrean:come_back": Rule(200, 302),
    "antrean:postpone": Rule(200, 302),
    "antrean:near": Rule(405, 302),
    "antrean:book": PAGE,
    "antrean:times": Rule(200, 404),  # no such slot
    "antrean:wait": Rule(302, 200),  # there is room that day: nothing to wait for
    "antrean:offer": Rule(200, 302),
    "antrean:details": Rule(302, 302),  # booked already
    "antrean:cancel_booking": Rule(200, 302),
    "antrean:book_both": Rule(404, 404),  # nothing here yields what it requires
    "antrean:cancel_all": Rule(200, 302),
    "antrean:add": SECRET,
    "antrean:add_times": Rule(200, 404),
    "antrean:add_take": Rule(200, 403),
    "antrean:calendar": SECRET,
    "antrean:along_days": SECRET,
    "antrean:along_times": Rule(200, 404),
    "antrean:move_days": SECRET,
    "antrean:move_times": Rule(200, 404),
    "antrean:book_arrive": Rule(200, 403),  # nobody has scanned the hall's code
    "antrean:desk_arrive": Rule(405, 302, DESK, refused_get=405),
    "antrean:status": PAGE,
    "antrean:counter": Rule(200, 200, STAFF),
    "antrean:console": Rule(200, 200, LOKET),
    "antrean:console_now": Rule(200, 200, LOKET),
    "antrean:open_loket": BUTTON,
    "antrean:close": BUTTON,
    "antrean:step": BUTTON,
    "antrean:desk": Rule(200, 200, DESK),
    "antrean:desk_days": Rule(200, 200, DESK),
    "antrean:desk_times": Rule(200, 404, DESK),
    "antrean:desk_booking": Rule(200, 200, DESK),
    "antrean:nik": Rule(200, 200, DESK),  # at a loket on its day only
    "antrean:desk_tiket": Rule(200, 200, DESK),
    **{f"antrean:desk_{step}": Rule(405, 302, DESK, refused_get=405) for step in ("come_back", "postpone", "assist")},
    "antrean:desk_hand_over": Rule(405, 302, DESK, refused_get=405),
    "antrean:give": Rule(200, 200, DESK),
    "antrean:figures": Rule(200, 200, COUNTED),
    "antrean:figures_file": Rule(200, 200, COUNTED),
    "antrean:hall": Rule(200, 200, FLOOR),
    "antrean:hall_now": Rule(200, 200, FLOOR),
    "antrean:loket_lines": Rule(200, 422, FLOOR),
    "antrean:close_today": Rule(200, 422, frozenset(CLOSING)),
    "antrean:display": PAGE,
    "antrean:calls": PAGE,
    "antrean:heard": PAGE,
    "antrean:poster": Rule(200, 200, DESK | {"pengelola"}),
    "antrean:poster_code": Rule(200, 200, DESK | {"pengelola"}),
    "antrean:pair": Rule(200, 422),  # no code was typed
    "antrean:pair_demo": Rule(404, 404),  # in the demo only
    **{
        f"antrean:kiosk{page}": KIOSK
        for page in ("", "_booked", "_services", "_take", "_paper", "_paper_now", "_answer")
    },
    "antrean:print_pair": Rule(405, 422),
    "antrean:print_claim": Rule(405, 401),
    "antrean:print_report": Rule(405, 401),
    "antrean:pick": PAGE,
    "antrean:take": Rule(200, 403),  # a number is for who scanned the hall's code
}
ACCOUNT = {
    "account_login": Rule(200, 200, frozenset({"anonim"}), refused=302),
    "account_logout": Rule(200, 302, STAFF),
    "account_signup": Rule(200, 200, frozenset({"anonim"}), refused=302),  # a page that says it is closed
    "account_reauthenticate": Rule(200, 200, STAFF),
    "account_email": Rule(200, 302, STAFF),
    "account_change_password": Rule(200, 200, STAFF),
    "account_set_password": Rule(302, 302, STAFF),
    "account_confirm_login_code": Rule(302, 302),
    "account_confirm_email": Rule(200, 404),
    # The table's people have no second factor: nothing to see, to replace or to end.
    "mfa_index": Rule(200, 405, STAFF),
    "mfa_activate_totp": Rule(302, 302, STAFF),  # the password once more
    "mfa_deactivate_totp": Rule(404, 404, STAFF),
    "mfa_authenticate": Rule(302, 302),  # who did not begin to log in begins there
    "mfa_trust": Rule(302, 302),
    "mfa_reauthenticate": Rule(302, 302, STAFF),  # by password
    "mfa_generate_recovery_codes": Rule(302, 302, STAFF),
    "mfa_view_recovery_codes": Rule(404, 405, STAFF),
    "mfa_download_recovery_codes": Rule(404, 404, STAFF),
    "usersessions_list": Rule(200, 302, STAFF),
    "end_session": Rule(405, 404, STAFF, refused_get=405),  # nobody's but one's own
    "account_reset_password": PAGE,
    "account_reset_password_from_key": PAGE,
    **{
        name: Rule(200, 405)
        for name in (
            "account_inactive",
            "account_email_verification_sent",
            "account_reset_password_done",
            "account_reset_password_from_key_done",
        )
    },
}
ADMIN = {
    "admin:index": Rule(200, 200, ADMINS, refused=302),
    "admin:login": Rule(302, 302, ADMINS, refused=403),
    "admin:logout": Rule(405, 302, ADMINS, refused=302),
    "admin:search": Rule(200, 200, ADMINS, refused=302),
    "admin:jsi18n": Rule(200, 405, ADMINS, refused=302),
    "admin:autocomplete": Rule(403, 405, ADMINS, refused=302),  # asked for no field at all
    "admin:password_change": Rule(302, 302, ADMINS, refused=302),
    "admin:password_change_done": Rule(200, 405, ADMINS, refused=302),
    "admin:app_list": Rule(200, 200, ADMINS, refused=302),
    "admin:(admin/(?P<url>.*)$)": Rule(404, 404, ADMINS, refused=302),
}
BY_KOORDINATOR = {"aturan": "vacd", "sambungan": "vac"}
# What a pengelola and an admin instansi may: view, add, change, delete. A superuser may all of it, or only view where
# nobody may more.
MODELS = {
    "wilayah": ("", ""),
    "instansi": ("v", ""),
    "jenislayanan": ("v", "v"),
    "kebijakantenggat": ("", ""),
    "kebijakansimpan": ("", ""),
    "jawabanbaku": ("vacd", "vacd"),
    "aturan": ("vacd", ""),
    "mpp": ("vc", ""),
    "gerai": ("vacd", "vc"),
    "loket": ("vacd", "v"),
    "layanan": ("vacd", "vacd"),
    "penutupan": ("vacd", "vacd"),
    "harilibur": ("vacd", ""),
    "penugasan": ("vacd", ""),
    "pengguna": ("vac", ""),
    "antrean": ("vacd", "v"),
    "angkaluar": ("vacd", "vacd"),
    "peristiwa": ("v", ""),
    "pesan": ("v", ""),
    "langganan": ("v", ""),
    "webhook": ("vacd", ""),
    "templat": ("vacd", ""),
    "sesi": ("v", ""),
    "tiket": ("v", ""),
    "pemesanan": ("v", ""),
    "daftartunggu": ("v", ""),
    "kunjungan": ("v", ""),
    "jaga": ("v", ""),
    "panggilan": ("v", ""),
    "perangkat": ("vacd", ""),
    "kunciapi": ("vac", ""),
    "sambungan": ("vac", ""),
}
ONLY_SHOWN = {"pesan", "langganan", "peristiwa", "sesi", "tiket", "pemesanan", "daftartunggu", "kunjungan", "jaga"}
ONLY_SHOWN |= {"panggilan"}
NATIONAL = {"wilayah", "instansi", "jenislayanan"}
NEEDED = {"changelist": "v", "history": "v", "add": "a", "change": "c", "delete": "d"}


def admin_status(model: str, page: str, method: str, name: str) -> int:
    """A row page of the admin. What one may not is 403; a row of another place leads back to the first page."""
    if name not in ADMINS:
        return 302
    if name == "superuser":
        may = "v" if model in ONLY_SHOWN else "vacd"
    else:
        may = BY_KOORDINATOR.get(model, "") if name == "koordinator" else MODELS[model][name.startswith("admin")]
    needed = "v" if page == "change" and method == "get" else NEEDED[page]
    if needed not in may:
        return 403
    theirs = not name.endswith("lain") or model in NATIONAL
    return 200 if theirs or page in {"changelist", "add"} else 302


def expected(url_name: str, method: str, name: str) -> int:
    """The status, or KeyError for a URL that nobody has thought about."""
    found = re.fullmatch(r"admin:[a-z0-9_]+?_([a-z]+)_(changelist|history|add|change|delete)", url_name)
    if found and found[1] in MODELS:
        return admin_status(found[1], found[2], method, name)
    if re.fullmatch(r"admin:\(admin/\w+/(\w+)/<path:object_id>/\)", url_name):
        return 302  # an old address of the row's form
    if (url_name, name) == ("admin:app_list", "koordinator"):
        return 404  # nothing of the catalogue is theirs
    if url_name == "admin:auth_user_password_change":
        rule = Rule(200, 200, frozenset({"superuser", "pengelola"}), refused=302)
        may_not = {"admin instansi": 403, "admin instansi lain": 403, "koordinator": 403, "pengelola lain": 404}
        return may_not.get(name, rule.status(method, name))
    return (OURS | ACCOUNT | ADMIN)[url_name].status(method, name)
