"""What the queue shows on pages of others: the next step of a layanan, a mall's lines now, Lacak, staff's entries."""

from collections.abc import Collection, Iterator
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layanan.models import Gerai, Layanan, Loket, Mpp, Peran
from layanan.opening import Calendar
from mpp_portal import portal

from . import lines, presence, tracking
from .models import Antrean, Cetakan, Jaga, Kunjungan, Sesi, Tiket, is_today


@portal.panel("layanan", order=10)
def next_step(request: HttpRequest, *, layanan_id: int, hours: Calendar | None = None) -> portal.Panel:
    rows = Layanan.objects.select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi")
    layanan = rows.get(pk=layanan_id)
    mpp = layanan.gerai.mpp
    context = {
        "layanan": layanan,
        "mpp": mpp,
        "line": lines.of_layanan(layanan, hours=hours),
        "present": presence.visitor(request, mpp) is not None,
        "kunjungan": _visit_of(request, mpp),
    }
    return portal.Panel("antrean/_next_step.html", context)


def _visit_of(request: HttpRequest, mpp: Mpp) -> Kunjungan | None:
    """The visit to this mall that the person is adding to."""
    rahasia = presence.visit(request)
    return Kunjungan.objects.going_on().filter(rahasia=rahasia, mpp=mpp).first() if rahasia else None


@portal.panel("mpp", order=10)
def lines_now(
    request: HttpRequest, *, mpp_id: int, hours: dict[int | None, Calendar] | None = None
) -> portal.Panel | None:
    mpp = Mpp.objects.select_related("wilayah").get(pk=mpp_id)
    rows = [line for line in lines.of_mpp(mpp, hours=hours) if line.numbered]
    if not rows:
        return None
    context = {
        "mpp": mpp,
        "giving": sum(bool(line.answer) for line in rows),
        "reason": rows[0].reason,
        "waiting": sorted((line for line in rows if line.waiting), key=lambda line: -line.waiting),
    }
    return portal.Panel("antrean/_mpp_now.html", context)


@portal.tracker(
    rf"{tracking.CODE}|{tracking.LABEL}",
    looks_like=gettext_lazy("Nomor antrean hari ini: A-012. Kode kunjungan: 6 huruf dan angka."),
)
def track(request: HttpRequest, code: str) -> str | None:
    """Anybody may type a code: it leads to what the hall shows anyway, never to the holder's page."""
    return reverse("antrean:status", args=[code]) if tracking.find(code) else None


@portal.staff_home
def entries(user: Any) -> Iterator[portal.Entry]:
    if Loket.objects.operable_by(user).exists():
        yield _own_loket(user)
    desks = set(Mpp.objects.running().staffed_by(user, Peran.PETUGAS_INFORMASI, Peran.PENYELIA))
    for mpp in sorted(desks, key=str):
        yield portal.Entry(
            _("Meja informasi"), reverse("antrean:desk", args=[mpp.slug]), "person-raised-hand", mpp.nama
        )
    for mpp in Mpp.objects.running().staffed_by(user, Peran.PENYELIA, Peran.PENGELOLA):
        yield portal.Entry(_("Aula sekarang"), reverse("antrean:hall", args=[mpp.slug]), "grid-1x2", mpp.nama)
    for mpp in Mpp.objects.running().filter(antrean__in=Antrean.objects.counted_for(user)).distinct():
        yield portal.Entry(_("Angka antrean"), reverse("antrean:figures", args=[mpp.slug]), "bar-chart", mpp.nama)
    screens = Mpp.objects.running().staffed_by(user, Peran.PETUGAS_INFORMASI, Peran.PENYELIA, Peran.PENGELOLA)
    for mpp in screens:
        yield portal.Entry(_("Layar panggilan"), reverse("antrean:display", args=[mpp.slug]), "display", mpp.nama)
        yield portal.Entry(_("Layar QR aula"), reverse("antrean:poster", args=[mpp.slug]), "qr-code", mpp.nama)


@portal.staff_home
def closing(user: Any) -> Iterator[portal.Entry]:
    """Who could close something today; seldom needed, so it stands last."""
    gerai = Gerai.objects.closable_by(user).values("mpp")
    for mpp in Mpp.objects.running().filter(pk__in=gerai):
        yield portal.Entry(
            _("Tutup hari ini"), reverse("antrean:close_today", args=[mpp.slug]), "door-closed", mpp.nama
        )


def _own_loket(user: Any) -> portal.Entry:
    jaga = Jaga.objects.open().filter(petugas=user).select_related("loket__gerai__instansi").first()
    if jaga:
        return portal.Entry(
            str(jaga.loket),
            reverse("antrean:console", args=[jaga.loket_id]),
            "megaphone",
            str(jaga.loket.gerai.instansi),
        )
    return portal.Entry(_("Buka loket"), reverse("antrean:counter"), "megaphone", _("Panggil dan layani di loket Anda"))


@portal.channels("antrean.tiket")
def tiket_channels(ids: Collection[int]) -> Iterator[str]:
    rows = Tiket.objects.filter(pk__in=ids).values_list("sesi", "kunjungan", "sesi__antrean__gerai", "loket")
    for row in rows:
        yield from (f"{noun}-{pk}" for noun, pk in zip(("sesi", "kunjungan", "gerai", "loket"), row, strict=True) if pk)


@portal.channels("layanan.loket")
def loket_channels(ids: Collection[int]) -> Iterator[str]:
    for loket, gerai in Loket.objects.filter(pk__in=ids).values_list("pk", "gerai"):
        yield from (f"loket-{loket}", f"gerai-{gerai}")
    for sesi in Sesi.objects.filter(is_today(""), antrean__loket__in=ids).values_list("pk", flat=True).distinct():
        yield f"sesi-{sesi}"


@portal.channels("antrean.cetakan")
def cetakan_channels(ids: Collection[int]) -> Iterator[str]:
    """The kiosk that waits for the paper; and whom its coming out brings into the line."""
    rows = Cetakan.objects.filter(pk__in=ids)
    for anjungan, tiket in rows.values_list("anjungan", "tiket"):
        yield f"perangkat-{anjungan}"
        yield from tiket_channels([tiket])
