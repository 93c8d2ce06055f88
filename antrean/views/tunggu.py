"""A full day: leave a name to be told when a place comes free, then take it or let it go."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from .. import actions, presence
from ..forms.warga import BookForm
from ..models import DaftarTunggu
from .kunjungan import secret
from .pesan import HOURLY_HOLDS, context_of, day_of, line_of


@never_cache
@login_not_required
def wait(request: HttpRequest, mpp: str, instansi: str, jenis: str, tanggal: str) -> HttpResponse:
    """Who waits? Once that is said, the page where the offer will stand."""
    antrean, layanan = line_of(mpp, instansi, jenis)
    day, device, status = day_of(antrean, layanan, tanggal), presence.device_of(request), 200
    if request.method != "POST" and not day.full:
        return redirect("antrean:times", mpp, instansi, jenis, day.tanggal)
    form = BookForm(request.POST if request.method == "POST" else None, layanan=layanan)
    key = request.POST.get("kunci", "")[:64] or get_random_string(22)
    if form.is_bound and form.is_valid():
        try:
            if not presence.within_limit(device, "pesan", HOURLY_HOLDS):
                raise actions.Refused(_("Ponsel ini sudah sering memilih jadwal. Coba lagi satu jam lagi."))
            given: dict[str, Any] = form.person | {"bahasa": get_language() or "id", "sender": device, "key": key}
            row = actions.wait(antrean, layanan, day.tanggal, **given)
            messages.success(request, _("Anda masuk daftar tunggu. Simpan halaman ini."))
            return redirect(row.kunjungan)
        except actions.Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    back = reverse("antrean:book", args=[mpp, instansi, jenis])
    ahead = DaftarTunggu.objects.waiting().filter(antrean=antrean, tanggal=day.tanggal).count()
    context = context_of(antrean, layanan, day=day, form=form, key=key, back=back, ahead=ahead)
    response = render(request, "antrean/wait.html", context, status=status)
    presence.remember(response, device)
    return response


@secret
@never_cache
def offer(request: HttpRequest, rahasia: str, pk: int) -> HttpResponse:
    """The place that is held: take it, or let it go. Before there is one: wait on, or stop waiting."""
    rows = DaftarTunggu.objects.select_related(
        "antrean__gerai__instansi", "antrean__gerai__mpp__wilayah", "layanan__jenis", "kunjungan", "pemesanan__slot"
    )
    row = get_object_or_404(rows.hoping(), pk=pk, kunjungan__rahasia=rahasia)
    row.layanan.gerai = row.antrean.gerai
    if request.method != "POST":
        context = context_of(row.antrean, row.layanan, tunggu=row, kunjungan=row.kunjungan)
        return render(request, "antrean/offer.html", context)
    try:
        if request.POST.get("jawab") == "ambil":
            actions.accept(row)
            messages.success(request, _("Jadwal Anda sudah dipesan. Simpan halaman ini."))
        else:
            actions.leave(row)
            messages.success(request, _("Anda tidak menunggu lagi."))
    except actions.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(row.kunjungan)
