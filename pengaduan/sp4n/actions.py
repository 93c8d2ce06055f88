"""What a table of SP4N-LAPOR! changes: each of its rows is judged, and taken once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layanan.models import Mpp
from mpp_portal.actions import action
from mpp_portal.models import record

from .. import actions as reports
from ..models import KebijakanTenggat, Laporan
from ..states import JenisTenggat
from .models import Rujukan, given_away_by
from .sheets import Row

__all__ = ["Judged", "Nasib", "forget_words", "judge", "take"]
OWN_CODE = re.compile(r"MPP-\d{4}-\d{4,6}")
TOLD = ("stakeholder", "tanggapan", "keterangan")


class Nasib(TextChoices):
    """What becomes of a row."""

    BARU = "baru", gettext_lazy("laporan baru")
    DIKAITKAN = "dikaitkan", gettext_lazy("dikaitkan dengan laporan di sini")
    DIPERBARUI = "diperbarui", gettext_lazy("diperbarui")
    SAMA = "sama", gettext_lazy("sudah ada, tidak berubah")
    LAMA = "lama", gettext_lazy("lebih lama daripada yang tersimpan")
    BENTROK = "bentrok", gettext_lazy("bentrok, tidak diubah")


WRITTEN = {Nasib.BARU, Nasib.DIKAITKAN, Nasib.DIPERBARUI}


@dataclass(frozen=True)
class Judged:
    row: Row
    nasib: Nasib
    laporan: Laporan | None = None
    sebab: str = ""


def judge(mpp: Mpp, rows: Iterable[Row], per: date, *, by: Any) -> list[Judged]:
    """What would become of each row of a table that was taken from SP4N-LAPOR! on the day `per`."""
    rows = list(rows)
    ids, codes = {row.tracking_id for row in rows}, {_own_code(row) for row in rows}
    known = {row.tracking_id: row for row in Rujukan.objects.filter(tracking_id__in=ids)}
    steered = given_away_by(by, mpp).filter(Q(rujukan__tracking_id__in=ids) | Q(kode__in=codes))
    by_pk = {row.pk: row for row in steered}
    by_code = {row.kode: row for row in by_pk.values()}
    first = KebijakanTenggat.objects.filter(jenis=JenisTenggat.VERIFIKASI).first()
    judged = []
    for row in rows:
        rujukan = known.get(row.tracking_id)
        laporan = by_pk.get(rujukan.laporan_id) if rujukan else by_code.get(_own_code(row))
        clash = _clash(row, rujukan, laporan) or _too_old(row, rujukan or laporan, first)
        judged.append(Judged(row, Nasib.BENTROK if clash else _change(row, rujukan, laporan, per), laporan, clash))
    return judged


def _own_code(row: Row) -> str:
    """Our own reference, which our export writes into the last column."""
    found = OWN_CODE.search(row.keterangan)
    return found[0] if found else ""


def _clash(row: Row, rujukan: Rujukan | None, laporan: Laporan | None) -> str:
    """Why a person has to look at this row; blank where nobody has to."""
    if laporan is None:
        if rujukan:
            return _("Tracking ID ini milik laporan yang tidak Anda tangani.")
        return _("Tidak ada laporan %s yang Anda tangani.") % _own_code(row) if _own_code(row) else ""
    own = getattr(laporan, "rujukan", None)
    if own and own.tracking_id != row.tracking_id:
        return _("Laporan %(kode)s sudah memakai tracking ID %(id)s.") % {"kode": laporan, "id": own}
    if _same(row.judul, laporan.judul) is False:
        return _("Judulnya berbeda dengan judul laporan %s.") % laporan
    answered = [answer.teks for answer in laporan.answers]  # type: ignore[attr-defined]
    news = row.tanggapan and not (rujukan and rujukan.tanggapan == row.tanggapan)
    if news and answered and not any(_same(row.tanggapan, text) for text in [*answered, "\n".join(answered)]):
        return _("Tanggapannya berbeda dengan jawaban laporan %s.") % laporan
    return ""


def _too_old(row: Row, known: Rujukan | Laporan | None, first: KebijakanTenggat | None) -> str:
    """A new report starts a clock, and before the first policy nothing was promised."""
    if known or (first and date.fromisoformat(row.tanggal) >= first.berlaku_sejak):
        return ""
    return _("Tanggalnya lebih awal daripada kebijakan tenggat yang pertama.")


def _same(one: str, other: str) -> bool:
    return one.lower().split() == other.lower().split()


def _change(row: Row, rujukan: Rujukan | None, laporan: Laporan | None, per: date) -> Nasib:
    if rujukan is None:
        return Nasib.BARU if laporan is None else Nasib.DIKAITKAN
    if all(getattr(rujukan, name) == getattr(row, name) for name in TOLD):
        return Nasib.SAMA
    return Nasib.LAMA if per < rujukan.per else Nasib.DIPERBARUI


@action
def take(mpp: Mpp, rows: Iterable[Row], per: date, *, by: Any, now: datetime | None = None) -> list[Judged]:
    """Write what is new, all of it or nothing. The mall's row is locked: two imports come one after the other."""
    now = now or timezone.now()
    mpp = Mpp.objects.select_for_update(no_key=True, of=("self",)).select_related("wilayah").get(pk=mpp.pk)
    judged = judge(mpp, rows, per, by=by)
    for one in judged:
        if one.nasib in WRITTEN:
            laporan = one.laporan or _report(mpp, one.row, now)
            told = {name: getattr(one.row, name) for name in TOLD} | {"per": per, "tracking_id": one.row.tracking_id}
            rujukan, _new = Rujukan.objects.update_or_create(laporan=laporan, defaults=told)
            record("rujukan.dirujuk", rujukan, mpp_id=laporan.told_mpp_id, by=by, at=now)
    return judged


def _report(mpp: Mpp, row: Row, now: datetime) -> Laporan:
    """It counts from the day on which it was sent there."""
    sent_at = datetime.combine(date.fromisoformat(row.tanggal), time(), mpp.zone)
    given: reports.Given = {
        "jenis": Laporan.Jenis.PENGADUAN.value, "judul": row.judul, "isi": row.keterangan or row.judul, "gerai": None,
        "tentang_pengelola": False, "lokasi": "", "terjadi_pada": None, "anonim": not row.user, "rahasia": False,
        "nama": row.user, "kanal": "", "kontak": "",
    }  # fmt: skip
    return reports.submit(mpp, given, sender=f"sp4n:{mpp.pk}", key=row.tracking_id, now=min(sent_at, now)).laporan


def forget_words(laporan: Laporan) -> None:
    """What the tables said of a report that is forgotten here."""
    Rujukan.objects.filter(laporan=laporan).update(tanggapan="", keterangan="")
