"""The information desk books a time for a guest: somebody without a phone, or who would rather be helped."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from mpp_portal import qr
from mpp_portal.nik import mask

from .. import actions, slots
from ..forms.warga import BookForm
from ..models import Pemesanan, Slot
from ..states import BERLAKU
from .meja import mall_of
from .pesan import SHOWN, context_of, day_of, line_of, number_of


@never_cache
def days(request: HttpRequest, mpp: str, instansi: str, jenis: str) -> HttpResponse:
    place = mall_of(request, mpp)
    antrean, layanan = line_of(place.slug, instansi, jenis)
    found = [
        (day, reverse("antrean:desk_times", args=[mpp, instansi, jenis, day.tanggal]))
        for day in slots.days(antrean, layanan)
    ]
    return render(request, "antrean/days.html", context_of(antrean, layanan, days=found, desk=True))


@never_cache
def times(request: HttpRequest, mpp: str, instansi: str, jenis: str, tanggal: str) -> HttpResponse:
    """The times of one day; pressing one holds it for the guest. Petugas have no hourly limit."""
    place, status = mall_of(request, mpp), 200
    antrean, layanan = line_of(place.slug, instansi, jenis)
    if request.method == "POST":
        slot = get_object_or_404(Slot, pk=number_of(request.POST.get("slot")), antrean=antrean)
        try:
            sender, key = request.session.session_key or "", request.POST.get("kunci", "")[:64]
            row = actions.hold(slot, layanan, sender=sender, key=key, by=request.user)
            return redirect("antrean:desk_booking", mpp=mpp, pk=row.pk)
        except actions.Refused as refusal:
            messages.error(request, str(refusal))
            status = 409
    back = reverse("antrean:desk_days", args=[mpp, instansi, jenis])
    day = day_of(antrean, layanan, tanggal)
    context = context_of(antrean, layanan, day=day, key=get_random_string(22), back=back, desk=True)
    return render(request, "antrean/times.html", context, status=status)


@never_cache
def booking(request: HttpRequest, mpp: str, pk: int) -> HttpResponse:
    """Who comes; once that is said, the paper to hand over."""
    place, status = mall_of(request, mpp), 200
    rows = Pemesanan.objects.at_desk_of(request.user).filter(kunjungan__mpp=place).select_related(*SHOWN)
    row = get_object_or_404(rows, pk=pk)
    row.layanan.gerai = row.slot.antrean.gerai
    context = context_of(row.slot.antrean, row.layanan, pemesanan=row, kunjungan=row.kunjungan)
    if row.status in BERLAKU:
        link = request.build_absolute_uri(row.kunjungan.get_absolute_url())
        return render(
            request, "antrean/desk_booking.html", context | {"link": link, "qr": qr.svg(link), "nik": mask(row.nik)}
        )
    data = request.POST if request.method == "POST" else None
    form = BookForm(data, layanan=row.layanan, antrean=row.slot.antrean, at_desk=True)
    if form.is_bound and form.is_valid():
        try:
            actions.confirm(row, **form.person, bahasa=get_language() or "id", by=request.user)
            messages.success(request, _("Jadwal dipesan. Serahkan kertasnya kepada tamu."))
            return redirect("antrean:desk_booking", mpp=mpp, pk=row.pk)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    gerai = row.layanan.gerai
    again = reverse("antrean:desk_days", args=[mpp, gerai.instansi.slug, row.layanan.jenis.slug])
    context |= {"form": form, "again": again, "over": False}
    return render(request, "antrean/details.html", context, status=status)


@never_cache
def nik(request: HttpRequest, pk: int) -> HttpResponse:
    """The NIK of a booking, for those who serve it: masked, and in full once they say so, which is logged."""
    rows = Pemesanan.objects.readable_by(request.user).select_related(*SHOWN)
    row = get_object_or_404(rows, pk=pk)
    shown = actions.read_nik(row, by=request.user) if request.method == "POST" else mask(row.nik)
    row.layanan.gerai = row.slot.antrean.gerai
    context = context_of(row.slot.antrean, row.layanan, pemesanan=row, nik=shown, opened=request.method == "POST")
    return render(request, "antrean/nik.html", context)
