"""The logs name what failed, never the key to it."""

import io
import json
import logging
import re

import pytest
import sentry_sdk
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from sentry_sdk.transport import Transport

from mpp_portal import logs, permintaan
from mpp_portal.logs import WithoutSecrets
from mpp_portal.models import Pengguna

NIK, TELEPON, SUREL, NAMA = "7471010101900000", "081234567890", "sari.rekaan@contoh.id", "Sari Rekaan Contoh"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("antrean:kunjungan", "Zk3v9QpLr7TtWx2YbN5cHg"),
        ("antrean:arrive", "12:abcdefghij:klmnopqrstuv"),
        ("pengaduan:laporan", "12:abcdefghij:klmnopqrstuv"),
    ],
)
def test_a_secret_link_is_not_logged(name, key):
    path = reverse(name, args=[key])
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden (%s): %s", ("token", path), None)
    assert WithoutSecrets().filter(record)
    assert key in path
    assert key not in record.getMessage()
    assert record.getMessage().startswith(f"Forbidden (token): /{name.partition(':')[0]}/")


def test_every_handler_hides_secrets():
    handlers = settings.LOGGING["handlers"].values()
    assert len(handlers) == 1
    assert all("secrets" in handler["filters"] for handler in handlers)


@pytest.fixture(params=["json", "teks"])
def written(request):
    """What the portal's own handler writes, in each shape."""
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(logs.Json() if request.param == "json" else logs.Plain("{levelname} {message}", style="{"))
    handler.addFilter(WithoutSecrets())
    logging.getLogger().addHandler(handler)
    level = logging.getLogger("mpp.permintaan").level
    logging.getLogger("mpp.permintaan").setLevel(logging.INFO)
    yield stream
    logging.getLogger("mpp.permintaan").setLevel(level)
    logging.getLogger().removeHandler(handler)


def fail_on(value):
    """A row that breaks a promise of the database, which names the whole row in its message."""
    with transaction.atomic():
        Pengguna.objects.create(username=value, nama=NAMA, email=SUREL)
        Pengguna.objects.create(username=value, nama=NAMA, email=SUREL)


@pytest.mark.django_db
def test_nobody_who_types_something_stands_in_the_logs(written, client):
    client.raise_request_exception = False
    client.post("/akun/login/", {"login": SUREL, "password": NIK})
    client.get("/lacak/", {"kode": NIK})
    client.post("/pengaduan/kirim/", {"nama": NAMA, "telepon": TELEPON, "nik": NIK})
    client.get(f"/tidak-ada/{TELEPON}/?nama={NIK}")
    log = logging.getLogger("mpp.uji")
    for error in (lambda: fail_on(NIK), lambda: int(NAMA), lambda: {}[TELEPON]):
        try:
            error()
        except (IntegrityError, ValueError, KeyError) as failed:
            log.exception("Failed: %r", failed)
            log.error("Task %s raised: %s", "kabar", failed, exc_info=True)
    log.warning("Refused %s, %s and +62%s", SUREL, NIK, TELEPON[1:])
    said = written.getvalue()
    for personal in (NIK, TELEPON, TELEPON[1:], SUREL, NAMA):
        assert personal not in said
    assert "IntegrityError" in said
    assert "ValueError" in said
    assert "in fail_on" in said
    assert said.count("\n") >= 10


@pytest.mark.django_db
def test_the_lines_of_a_request_carry_its_name_and_the_next_request_another(written, client):
    first = client.get("/", headers={"X-Request-ID": "dari-proksi-0001"})
    second = client.get("/", headers={"X-Request-ID": "bukan nama\r\n"})
    assert first["X-Request-ID"] == "dari-proksi-0001"
    assert re.fullmatch(r"[0-9a-f]{32}", second["X-Request-ID"])
    assert permintaan.current.get() == ""
    said = written.getvalue().splitlines()
    assert len(said) == 2
    if said[0].startswith("{"):
        line = json.loads(said[0])
        kept = {name: line[name] for name in ("asal", "pesan", "permintaan", "halaman", "metode", "jawaban")}
        assert kept == {"asal": "mpp.permintaan", "pesan": "beranda 200", "permintaan": "dari-proksi-0001",
                        "halaman": "beranda", "metode": "GET", "jawaban": 200}  # fmt: skip


class Kept(Transport):
    """What would leave for Sentry."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def capture_envelope(self, envelope):
        self.sent += [item.payload.json for item in envelope.items if item.payload.json]


@pytest.mark.django_db
def test_sentry_learns_where_it_failed_and_nothing_of_whom():
    kept = Kept()
    before = sentry_sdk.get_client()
    sentry_sdk.init("https://kunci@sentry.contoh.id/1", transport=kept, **logs.SENTRY)
    try:
        try:
            fail_on(NIK)
        except IntegrityError as failed:
            sentry_sdk.set_user({"email": SUREL})
            sentry_sdk.capture_exception(failed)
            logging.getLogger("mpp.uji").error("Refused %s of %s", NIK, NAMA)
        sentry_sdk.flush()
    finally:
        sentry_sdk.get_client().close()
        sentry_sdk.get_global_scope().set_client(before)
    said = json.dumps(kept.sent)
    for personal in (NIK, SUREL, NAMA):
        assert personal not in said
    assert len(kept.sent) == 2
    assert "fail_on" in said
    assert "IntegrityError" in said
