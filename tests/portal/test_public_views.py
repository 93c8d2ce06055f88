"""Login is the rule. What is open to everybody is written here, name by name."""

from tests.urls import walk

PUBLIC = {
    "beranda",
    "lacak",
    *(
        f"pengaduan:{name}"
        for name in ("home", "calculator", "report", "status", "public_list", "public", "feed", "support")
    ),
    # A report, by the secret link of its reporter.
    *(f"pengaduan:{name}" for name in ("receipt", "laporan", "copy", "lampiran", "step")),
    "whatsapp:webhook",  # a program, known by its signature
    # Programs: what everybody may read; sending asks for a key by itself.
    *(f"open311:{name}" for name in ("discovery", "services", "definition", "requests", "request", "token", "openapi")),
    *(f"layanan:{name}" for name in ("search", "suggest", "life_event", "jenis", "instansi", "places")),
    *(f"layanan:{name}" for name in ("mpp", "gerai", "layanan", "colours")),
    # A person in the hall, or with the secret link of a visit.
    *(f"antrean:{name}" for name in ("arrive", "pick", "take", "kunjungan", "tiket", "position", "cancel")),
    *(f"antrean:{name}" for name in ("come_back", "postpone", "near", "status")),
    # Booking from home, then by the secret link.
    *(f"antrean:{name}" for name in ("book", "times", "details", "cancel_booking", "move_days", "move_times")),
    *(f"antrean:{name}" for name in ("book_arrive", "calendar", "along_days", "along_times", "wait", "offer")),
    *(f"antrean:{name}" for name in ("add", "add_times", "add_take", "cancel_all", "book_both")),
    # The hall's screens. The poster asks by itself who looks, because it is open in the demo.
    *(f"antrean:{name}" for name in ("display", "calls", "heard", "poster", "poster_code")),
    # Devices of the hall: a kiosk shows its cookie, a printing program its header; others are sent to the pairing.
    *(f"antrean:{name}" for name in ("pair", "pair_demo", "print_pair", "print_claim", "print_report")),
    *(f"antrean:kiosk{page}" for page in ("", "_booked", "_services", "_take", "_paper", "_paper_now", "_answer")),
    # Messages: by a signed token or a secret link; the demo's outbox and the figures ask by themselves who looks.
    *(f"kabar:{name}" for name in ("follow", "browser", "stop", "outgoing")),
    *("service_worker", "metrik"),
    # The way in.
    "admin:login",
    *(f"account_{name}" for name in ("login", "logout", "signup", "inactive", "confirm_login_code")),
    *(f"account_{name}" for name in ("email_verification_sent", "confirm_email")),
    *("mfa_authenticate", "mfa_trust"),  # the second step of a login
    *(f"account_reset_password{name}" for name in ("", "_done", "_from_key", "_from_key_done")),
}


def test_exactly_these_views_are_public():
    urls = list(walk())
    assert {url.name for url in urls if not getattr(url.view, "login_required", True)} == PUBLIC
    assert len(urls) > 150
