"""A report comes in: its code, the secret of its link, its PIN, and the first clock."""

import base64
import contextlib
import hashlib
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, TypedDict

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from layanan.models import Gerai, Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.notifikasi import actions as kabar

from ..models import Lampiran, Laporan, UrutanLaporan
from ..models.larangan import device_mark
from ..states import JenisTenggat
from ._steps import start, tell
from .banning import refuse_banned

TRIES = 5  # wrong PINs before the code is locked
LOCKED = timedelta(hours=1)


class Given(TypedDict):
    """What the reporter filled in."""

    jenis: str
    judul: str
    isi: str
    gerai: Gerai | None
    tentang_pengelola: bool
    lokasi: str
    terjadi_pada: date | None
    anonim: bool
    rahasia: bool
    nama: str
    kanal: str
    kontak: str


class Sent(NamedTuple):
    """The only moment at which secret and PIN are known: what is stored are their hashes."""

    laporan: Laporan
    secret: str
    pin: str


def form_key(sender: str, key: str) -> str:
    """What is stored of a form: nobody finds the device in it."""
    return hashlib.sha256(f"{sender}:{key}".encode()).hexdigest()


def submit(
    mpp: Mpp,
    given: Given,
    *,
    sender: str,
    key: str,
    device: str = "",
    bahasa: str = "id",
    receipted: bool = False,
    received_at: datetime | None = None,
    by: Any = None,
    now: datetime | None = None,
) -> Sent:
    """Take a report. The same `sender` and `key` get the same report, secret and PIN, however often they come.
    `device` is the one it was typed on, where there is one; the clock starts when it was received, `by` whom.
    `receipted`: the sender gets the code by a letter of the caller, and no second one from here.

    Both follow from what only the sender's form knows, so that a second tap is shown what the first one was.
    """
    now = now or timezone.now()
    kunci = form_key(sender, key)
    secret, pin = _secrets(f"{sender}:{key}")
    laporan = Laporan.objects.filter(kunci=kunci).first()
    if laporan is None:
        refuse_banned(mpp, device=device, kontak=given["kontak"], now=now)
        hashed = {
            "sidik_rahasia": hashlib.sha256(secret.encode()).hexdigest(),
            "sidik_perangkat": device_mark(kunci, device),
            "pin": make_password(pin),
        }
        try:
            begun = {"created_at": received_at or now, "kunci": kunci}
            laporan = _submit(mpp, given, hashed | begun, bahasa=bahasa, receipted=receipted, by=by, now=now)
        except IntegrityError:  # the same form at the same instant: the loser is rolled back, its number too
            laporan = Laporan.objects.filter(kunci=kunci).first()
            if laporan is None:
                raise
    if (laporan.mpp_id, laporan.judul, laporan.isi) != (mpp.pk, given["judul"], given["isi"]):
        raise Refused(_("Formulir ini sudah dipakai untuk laporan lain. Muat ulang, lalu kirim lagi."))
    return Sent(laporan, secret, pin)


def _secrets(seed: str) -> tuple[str, str]:
    secret = base64.urlsafe_b64encode(salted_hmac("pengaduan.rahasia", seed, algorithm="sha256").digest()).decode()[:32]
    number = int.from_bytes(salted_hmac("pengaduan.pin", seed, algorithm="sha256").digest()[:8], "big")
    return secret, f"{number % 10**8:08d}"


@action
def _submit(
    mpp: Mpp, given: Given, made: dict[str, Any], *, bahasa: str, receipted: bool, by: Any, now: datetime
) -> Laporan:
    laporan = Laporan(mpp=mpp, **given, **made)
    laporan.kode = next_code(f"{mpp.today(now):%y%m}")
    laporan.save()
    Lampiran.objects.drafts(laporan.kunci).update(laporan=laporan)
    start(laporan, JenisTenggat.VERIFIKASI, at=laporan.created_at)
    if receipted:  # before anybody follows it
        tell(laporan, laporan.status, at=now, by=by)
    if laporan.kontak:
        with contextlib.suppress(Refused):  # an address that others gave too often does not cost anybody their report
            kabar.subscribe(laporan._meta.label_lower, laporan.pk, mpp_id=mpp.pk, kanal=laporan.kanal,
                            tujuan=laporan.kontak, bahasa=bahasa)  # fmt: skip
    if not receipted:
        tell(laporan, laporan.status, at=now, by=by)
    return laporan


def next_code(bulan: str) -> str:
    """MPP-2611-0007. The month's row stays locked until the commit."""
    table = UrutanLaporan._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (bulan, terakhir) VALUES (%s, 1) ON CONFLICT (bulan)"  # noqa: S608
            f" DO UPDATE SET terakhir = {table}.terakhir + 1 RETURNING terakhir",
            [bulan],
        )
        return f"MPP-{bulan}-{cursor.fetchone()[0]:04d}"


def enter(kode: str, pin: str, *, now: datetime | None = None) -> Laporan:
    """The report of a code, for who knows its PIN. After five wrong ones the code rests for an hour.

    Raises Refused with the same sentence for an unknown code and a wrong PIN.
    """
    laporan, sentence = _try_pin(kode, "".join(pin.split()), now or timezone.now())
    if laporan is None:
        raise Refused(sentence)
    return laporan


@action
def _try_pin(kode: str, pin: str, now: datetime) -> tuple[Laporan | None, str]:
    """Counted here, refused outside: a refusal would roll the count back."""
    wrong = _("Kode atau PIN tidak cocok. Periksa lagi tanda terima Anda.")
    row: Any = Laporan.objects.select_for_update(no_key=True).filter(kode=kode).first()
    if row is None:
        return None, wrong
    if row.pin_locked_until and now < row.pin_locked_until:
        return None, _("Terlalu sering salah. Coba lagi satu jam lagi, atau pakai tautan dari tanda terima Anda.")
    if check_password(pin, row.pin):
        if row.pin_gagal or row.pin_locked_until:
            row.pin_gagal, row.pin_locked_until = 0, None
            row.save(update_fields=["pin_gagal", "pin_locked_until"])
        return row, ""
    row.pin_gagal += 1
    if row.pin_gagal >= TRIES:
        row.pin_gagal, row.pin_locked_until = 0, now + LOCKED
    row.save(update_fields=["pin_gagal", "pin_locked_until"])
    return None, wrong
