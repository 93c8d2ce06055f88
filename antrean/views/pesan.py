"""Booking from home: a day, a time, who comes. Then the same page as for a number, by its secret link."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from layanan.models import Layanan
from mpp_portal.notifikasi import addresses

from .. import actions, kalender, presence, slots
from ..forms.warga import BookForm, channel_of
from ..models import Antrean, Kunjungan, Pemesanan, Slot
from ..states import BERLAKU, StatusPesan
from .kunjungan import secret

HOURLY_HOLDS = 20  # times one device may ask for in an hour
SHOWN = (  # of a booking
    "slot__antrean__gerai__mpp__wilayah",
    "slot__antrean__gerai__instansi",
    "layanan__jenis",
    "prasyarat__layanan__jenis",
    "prasyarat__slot__antrean__gerai__instansi",
    "kunjungan__mpp__wilayah",
)


def bookable(mpp: str, instansi: str, jenis: str) -> tuple[Antrean, Layanan] | None:
    """The line whose times can be booked for a layanan, if there is one. 404 for a layanan that is not offered."""
    layanan = get_object_or_404(
        Layanan.objects.offered().select_related("jenis", "gerai__mpp__wilayah", "gerai__instansi"),
        gerai__mpp__slug=mpp,
        gerai__instansi__slug=instansi,
        jenis__slug=jenis,
    )
    antrean = Antrean.objects.bookable().filter(layanan=layanan, gerai=layanan.gerai).order_by("huruf").first()
    return (antrean, layanan) if antrean else None


def line_of(mpp: str, instansi: str, jenis: str) -> tuple[Antrean, Layanan]:
    """404 where there is none."""
    found = bookable(mpp, instansi, jenis)
    if found is None:
        raise Http404
    return found


def before(antrean: Antrean, layanan: Layanan) -> list[Layanan]:
    """What can be booked in this mall and yields what `layanan` requires, at another line than its own."""
    lines = Antrean.objects.bookable().exclude(pk=antrean.pk)
    rows = Layanan.objects.yielding_for(layanan).filter(antrean__in=lines).exclude(antrean=antrean)
    return list(rows.select_related("jenis", "gerai__mpp", "gerai__instansi").order_by("jenis__nama"))


def context_of(antrean: Antrean, layanan: Layanan, **more: Any) -> dict[str, Any]:
    return {"antrean": antrean, "layanan": layanan, "gerai": layanan.gerai, "mpp": layanan.gerai.mpp} | more


@never_cache
@login_not_required
def days(request: HttpRequest, mpp: str, instansi: str, jenis: str) -> HttpResponse:
    """Which days have room, and why the others have none."""
    antrean, layanan = line_of(mpp, instansi, jenis)
    found = [
        (day, reverse("antrean:times", args=[mpp, instansi, jenis, day.tanggal]))
        for day in slots.days(antrean, layanan)
    ]
    more = {"wait_url": request.path, "sources": before(antrean, layanan)}
    return render(request, "antrean/days.html", context_of(antrean, layanan, days=found, **more))


@never_cache
@login_not_required
def times(request: HttpRequest, mpp: str, instansi: str, jenis: str, tanggal: str) -> HttpResponse:
    """The times of one day; choosing one holds it."""
    back = reverse("antrean:book", args=[mpp, instansi, jenis])
    context = context_of(*line_of(mpp, instansi, jenis), back=back, wait_url=back)
    return choose(request, context, tanggal)


def choose(request: HttpRequest, context: dict[str, Any], tanggal: str) -> HttpResponse:
    """Show the times of a day, or hold the one that was pressed.

    `context["along"]` is whom one comes with, `context["kunjungan"]` without it one's own visit that this joins.
    """
    along, visit = context.get("along"), context.get("kunjungan")
    visit = None if along else visit
    antrean, layanan = context["antrean"], context["layanan"]
    device, status = presence.device_of(request), 200
    if request.method == "POST":
        slot = get_object_or_404(Slot, pk=number_of(request.POST.get("slot")), antrean=antrean)
        try:
            if not presence.within_limit(device, "pesan", HOURLY_HOLDS):
                raise actions.Refused(_("Ponsel ini sudah sering memilih jadwal. Coba lagi satu jam lagi."))
            key = request.POST.get("kunci", "")[:64]
            row = actions.hold(slot, layanan, sender=device, key=key, along=along, visit=visit)
            return redirect("antrean:details", row.kunjungan.rahasia)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
    context |= {"day": day_of(antrean, layanan, tanggal, visit), "key": get_random_string(22)}
    response = render(request, "antrean/times.html", context, status=status)
    presence.remember(response, device)  # with the form: its second tap is known by it
    return response


def day_of(
    antrean: Antrean, layanan: Layanan, written: str, visit: Kunjungan | None = None, *, but: Pemesanan | None = None
) -> slots.Day:
    """404 for a day that is over or has no slots; but a `visit` has its day, and its other times are marked."""
    try:
        tanggal = date.fromisoformat(written)
    except ValueError:
        raise Http404 from None
    found = slots.day(antrean, layanan, tanggal)
    if found is None and visit is None:
        raise Http404
    found = found or slots.Day(tanggal, [], _("Tanpa jadwal: datang langsung"))
    if visit and visit.tanggal == tanggal:
        others = Pemesanan.objects.occupying(visit, timezone.now()).exclude(nama="")
        slots.mark(found, others.exclude(pk=but.pk) if but else others)
    return found


def number_of(typed: str | None) -> int:
    return int(typed) if typed and typed.isdecimal() and len(typed) < 16 else 0


def _booking(rahasia: str, **given: Any) -> Pemesanan:
    """One booking of a visit; the newest, if none is named."""
    row = Pemesanan.objects.select_related(*SHOWN).filter(kunjungan__rahasia=rahasia, **given).order_by("-pk").first()
    if row is None:
        raise Http404
    return row


def _of(row: Pemesanan, **more: Any) -> dict[str, Any]:
    row.layanan.gerai = row.slot.antrean.gerai
    return context_of(row.slot.antrean, row.layanan, **{"pemesanan": row, "kunjungan": row.kunjungan} | more)


@secret
@never_cache
def details(request: HttpRequest, rahasia: str) -> HttpResponse:
    """Who comes? The time is held meanwhile; what was typed stays, also when it ran out."""
    row = _booking(rahasia)
    if row.status in BERLAKU or hasattr(row, "tunggu"):
        return redirect(row.kunjungan)
    data = request.POST if request.method == "POST" else None
    known: dict[str, Any] = {"known": row.kontak, "same": row.same_person(), "first": row.awaited}
    form = BookForm(data, layanan=row.layanan, antrean=row.slot.antrean, **known)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.confirm(row, **form.person, bahasa=get_language() or "id")
            messages.success(request, _("Jadwal Anda sudah dipesan. Simpan halaman ini."))
            return redirect(row.kunjungan)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    context = _of(row, form=form, over=not row.is_held(timezone.now()))
    context |= {
        "again": _days_url(row, joining=form.same is not None),
        "told_at": row.kontak and addresses.mask(channel_of(row.kontak), row.kontak),
    }
    return render(request, "antrean/details.html", context, status=status)


def _days_url(row: Pemesanan, *, joining: bool) -> str:
    gerai = row.slot.antrean.gerai
    if joining:
        return reverse("antrean:add_times", args=[row.kunjungan.rahasia, gerai.instansi.slug, row.layanan.jenis.slug])
    return reverse("antrean:book", args=[gerai.mpp.slug, gerai.instansi.slug, row.layanan.jenis.slug])


@secret
@never_cache
def along_days(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """Another day for somebody else on the same phone."""
    row = _booking(rahasia, pk=pk, status__in=BERLAKU)
    context = _of(row, along=row, pemesanan=None)
    found = slots.days(row.slot.antrean, row.layanan)
    context["days"] = [(day, reverse("antrean:along_times", args=[rahasia, pk, day.tanggal])) for day in found]
    return render(request, "antrean/days.html", context)


@secret
@never_cache
def along_times(request: HttpRequest, rahasia: str, pk: int, tanggal: str) -> HttpResponse:
    """A time for somebody else on the same phone."""
    row = _booking(rahasia, pk=pk, status__in=BERLAKU)
    return choose(
        request, _of(row, along=row, pemesanan=None, back=reverse("antrean:along_days", args=[rahasia, pk])), tanggal
    )


@secret
@never_cache
def calendar_file(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """The booking for people's own calendars."""
    row = _booking(rahasia, pk=pk, status__in=[*BERLAKU, StatusPesan.BATAL])
    response = HttpResponse(kalender.ics(row), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mpp-{row.tanggal}.ics"'
    return response


@secret
@never_cache
def cancel(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    row = _booking(rahasia, pk=pk)
    if request.method != "POST":
        return render(request, "antrean/cancel_booking.html", _of(row))
    try:
        actions.cancel_booking(row)
        messages.success(request, _("Jadwal dibatalkan. Tempatnya diberikan kepada yang lain."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row.kunjungan)


@secret
@never_cache
def move_days(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """Another day for a booking."""
    row = _booking(rahasia, pk=pk)
    if row.status != StatusPesan.DIPESAN:
        return redirect(row.kunjungan)
    context = _of(row)
    found = slots.days(row.slot.antrean, row.layanan)
    context["days"] = [(day, reverse("antrean:move_times", args=[rahasia, pk, day.tanggal])) for day in found]
    return render(request, "antrean/days.html", context)


@secret
@never_cache
def move_times(request: HttpRequest, rahasia: str, pk: int, tanggal: str) -> HttpResponse:
    """Another time: the new place is sure before the old one is given back."""
    row = _booking(rahasia, pk=pk)
    status = 200
    if request.method != "POST" and row.status != StatusPesan.DIPESAN:
        return redirect(row.kunjungan)
    if request.method == "POST":
        slot = get_object_or_404(Slot, pk=number_of(request.POST.get("slot")), antrean=row.slot.antrean)
        try:
            new = actions.reschedule(row, slot)
            messages.success(request, _("Jadwal Anda sudah diubah. Simpan halaman ini."))
            return redirect(new.kunjungan)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
    day = day_of(row.slot.antrean, row.layanan, tanggal, row.kunjungan, but=row)
    context = _of(row, day=day, key="")
    context["back"] = reverse("antrean:move_days", args=[rahasia, pk])
    return render(request, "antrean/times.html", context, status=status)


@secret
@never_cache
def arrive(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """„Saya sudah datang“, from a phone that stands in the hall."""
    row = _booking(rahasia, pk=pk)
    if not presence.visitor(request, row.kunjungan.mpp):
        response = render(
            request, "antrean/arrive_first.html", _of(row), status=403 if request.method == "POST" else 200
        )
        presence.remember_wish(response, request.path)
        return response
    if request.method != "POST":
        return render(request, "antrean/arrive.html", _of(row))
    try:
        actions.arrive(row)
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row.kunjungan)
