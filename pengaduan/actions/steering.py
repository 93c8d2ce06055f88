"""What the koordinator does, or the inspektorat in their stead: ask, verify, route, pass on, archive, close."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Gerai
from mpp_portal.actions import Refused, action

from ..models import Catatan, Disposisi, Laporan, Tanggapan, Tenggat
from ..states import DI_INSTANSI, JenisTenggat, Status, Urgensi
from ._steps import derive, drop, lock, meet, move, pause, say, start, tell
from .escalating import wake_holders

also: list[Callable[[Disposisi, datetime], object]] = []  # an app above that takes a part on to its office adds how


@action
def ask(laporan: Laporan, teks: str, *, by: Any, now: datetime | None = None) -> Laporan:
    """Ask the reporter for everything that is missing, once. The clocks stand still until the answer."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.asked_at:
        raise Refused(_("Pelapor sudah pernah diminta melengkapi. Verifikasi dengan yang ada, atau arsipkan."))
    move(laporan, Status.PERLU_DILENGKAPI, at=now, by=by, asked_at=now)
    say(laporan, Tanggapan.Jenis.PERTANYAAN, teks, at=now, by=by)
    pause(laporan, JenisTenggat.VERIFIKASI, at=now)
    start(laporan, JenisTenggat.KELENGKAPAN, at=now)
    return laporan


@action
def verify(
    laporan: Laporan,
    *,
    klasifikasi: str,
    urgensi: str,
    alasan: str = "",
    tema: str = "",
    gerai: Iterable[Gerai],
    inspektorat: bool = False,
    pesan: str = "",
    by: Any,
    now: datetime | None = None,
) -> Laporan:
    """Classify a report and send it to one or several offices. The class fixes how long the answer may take."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.verified_at or laporan.status != Status.DITERIMA:
        raise Refused(_("Laporan ini sudah diverifikasi, atau sedang menunggu pelapor."))
    if urgensi != Urgensi.RUTIN and not alasan.strip():
        raise Refused(_("Tulis alasan mengapa laporan ini didahulukan."))
    behind = Tenggat.objects.filter(laporan=laporan, jenis=JenisTenggat.VERIFIKASI).values_list("jeda", flat=True)
    laporan.klasifikasi, laporan.urgensi, laporan.alasan_urgensi = klasifikasi, urgensi, alasan.strip()
    laporan.tema, laporan.verifikator, laporan.verified_at = tema, by, now
    laporan.save(update_fields=["klasifikasi", "urgensi", "alasan_urgensi", "tema", "verifikator", "verified_at"])
    meet(laporan, JenisTenggat.VERIFIKASI, at=now)
    start(laporan, JenisTenggat.PENYELESAIAN, at=laporan.created_at, klasifikasi=klasifikasi, jeda=behind[0])
    _route(laporan, gerai, inspektorat, pesan, by, now)
    return laporan


@action
def dispatch(
    laporan: Laporan,
    *,
    gerai: Iterable[Gerai],
    inspektorat: bool = False,
    pesan: str = "",
    by: Any,
    now: datetime | None = None,
) -> Laporan:
    """Send a verified report to further offices, or to others after one gave it back."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.status not in [*DI_INSTANSI, Status.BUKAN_KEWENANGAN]:
        raise Refused(_("Laporan ini tidak sedang disalurkan. Muat ulang halaman."))
    _route(laporan, gerai, inspektorat, pesan, by, now)
    return laporan


def _route(laporan: Laporan, gerai: Iterable[Gerai], inspektorat: bool, pesan: str, by: Any, now: datetime) -> None:
    targets: list[Gerai | None] = [*gerai, *([None] if inspektorat else [])]
    if not targets:
        raise Refused(_("Pilih paling sedikit satu instansi, atau inspektorat."))
    there = set(Disposisi.objects.current().filter(laporan=laporan).values_list("gerai", flat=True))
    for place in targets:
        if place and place.mpp_id != laporan.mpp_id:
            raise Refused(_("Pilih instansi di MPP yang sama."))
        if place and place.pk == laporan.kept_from_id:
            raise Refused(_("Laporan rahasia tidak disalurkan kepada unit yang dilaporkan. Pilih inspektorat."))
        if (place.pk if place else None) in there:
            raise Refused(_("Salah satu instansi itu sudah memegang laporan ini."))
        row = Disposisi.objects.create(laporan=laporan, gerai=place, pesan=pesan.strip(), penyalur=by, created_at=now)
        start(laporan, JenisTenggat.TINDAK_LANJUT, at=now, disposisi=row)
        for step in also:
            step(row, now)
    if laporan.urgensi == Urgensi.GENTING:
        wake_holders(laporan, [place.pk if place else None for place in targets], now)
    meet(laporan, JenisTenggat.PENINJAUAN, at=now)
    derive(laporan, at=now, by=by)


@action
def reclassify(laporan: Laporan, klasifikasi: str, *, by: Any, now: datetime | None = None) -> Laporan:
    """Another class, another date, counted from submission too; the reporter is told."""
    now = now or timezone.now()
    laporan = lock(laporan)
    if laporan.status not in [*DI_INSTANSI, Status.BUKAN_KEWENANGAN] or laporan.klasifikasi == klasifikasi:
        raise Refused(_("Klasifikasi laporan ini tidak berubah."))
    clock = Tenggat.objects.filter(laporan=laporan, jenis=JenisTenggat.PENYELESAIAN, dropped_at=None).first()
    if clock is None or clock.met_at:
        raise Refused(_("Laporan ini sudah ditanggapi."))
    drop(laporan, JenisTenggat.PENYELESAIAN, at=now)
    laporan.klasifikasi = klasifikasi
    laporan.save(update_fields=["klasifikasi"])
    start(laporan, JenisTenggat.PENYELESAIAN, at=laporan.created_at, klasifikasi=klasifikasi, jeda=clock.jeda)
    tell(laporan, "klasifikasi_diubah", at=now, by=by)
    return laporan


@action
def forward(laporan: Laporan, *, badan: str, nomor: str, by: Any, now: datetime | None = None) -> Laporan:
    """Pass a report on to a named body outside, with its number there; it ends here."""
    laporan = lock(laporan)
    if not badan.strip() or not nomor.strip():
        raise Refused(_("Tulis kepada siapa laporan diteruskan dan nomornya di sana."))
    move(
        laporan,
        Status.DITERUSKAN,
        at=now or timezone.now(),
        by=by,
        badan_luar=badan.strip(),
        nomor_luar=nomor.strip(),
    )
    return laporan


@action
def archive(laporan: Laporan, alasan: str, *, by: Any = None, now: datetime | None = None) -> Laporan:
    laporan = lock(laporan)
    if not alasan.strip():
        raise Refused(_("Tulis alasannya: pelapor membacanya."))
    move(laporan, Status.DIARSIPKAN, at=now or timezone.now(), by=by, alasan_akhir=alasan.strip())
    return laporan


@action
def close(laporan: Laporan, *, by: Any, now: datetime | None = None) -> Laporan:
    """A second person agrees with the answers."""
    laporan = lock(laporan)
    rows = Disposisi.objects.current().filter(laporan=laporan)
    if rows.filter(penjawab=by).exists():
        raise Refused(_("Yang menjawab tidak boleh menutup laporan. Minta rekan Anda memeriksanya."))
    move(laporan, Status.SELESAI, at=now or timezone.now(), by=by)
    rows.update(penutup=by)
    return laporan


@action
def note(laporan: Laporan, teks: str, *, by: Any, now: datetime | None = None) -> Catatan:
    """A note that handlers alone read."""
    if not teks.strip():
        raise Refused(_("Tulis dulu isinya."))
    return Catatan.objects.create(laporan=laporan, teks=teks.strip(), oleh=by, at=now or timezone.now())


def lapse(*, now: datetime | None = None) -> int:
    """Close what was answered and not objected to, archive what was never completed; returns how many."""
    now = now or timezone.now()
    rows = Tenggat.objects.overdue(now).filter(jenis__in=[JenisTenggat.HENING, JenisTenggat.KELENGKAPAN])
    return sum(_lapse(pk, now) for pk in list(rows.values_list("pk", flat=True)))


@action
def _lapse(pk: int, now: datetime) -> bool:
    laporan = lock(Tenggat.objects.get(pk=pk).laporan)
    clock = Tenggat.objects.overdue(now).filter(pk=pk).first()  # under the lock: the reporter may just have answered
    if clock is None:
        return False
    if clock.jenis == JenisTenggat.HENING:
        move(laporan, Status.SELESAI, at=now)
    else:
        reason = "Tidak dilengkapi sampai batasnya. Silakan kirim laporan baru bila masih diperlukan."
        move(laporan, Status.DIARSIPKAN, at=now, alasan_akhir=reason)
    return True
