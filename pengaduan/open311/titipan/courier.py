"""The outbox's way to an office's server: what is filed there, and once only as far as the server can be asked."""

from datetime import timedelta

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from mpp_portal.notifikasi.models import Pesan

from ... import personal
from ...models import Laporan
from . import actions
from .models import Titipan, may_leave
from .server import Garbled, Refusal, Server, Temporary, Unsure

LONGEST = 4000  # characters of a description, by the specification
NOT_OFFERED = {400, 403, 404, 405, 406, 410, 501}


def hand_over(pesan: Pesan) -> str | None:
    """File it, unless it is there already, or the part was given back, or the report ended or must not leave, or the
    server is out of use. The first attempt of a message is new, or what a person asked for who has looked there."""
    titipan = _row(pesan)
    if titipan is None or (titipan.filed_at is None and not _leaves(titipan)):
        return _("Laporan ini ditarik, atau tidak boleh keluar lagi.")
    if titipan.filed_at is None:
        if pesan.attempts == 1:
            actions.begin_again(titipan)
        _file(titipan)
    return None


def tell(pesan: Pesan) -> dict[str, str]:
    titipan = _row(pesan)
    if titipan is None or not _leaves(titipan):
        return {"ke": pesan.target, "judul": pesan.target, "isi": "", "tautan": ""}
    url = titipan.sambungan.url
    return {"ke": url, "judul": titipan.laporan.kode, "isi": description(titipan), "tautan": url}


def _leaves(titipan: Titipan) -> bool:
    if titipan.disposisi.returned_at or not titipan.sambungan.aktif:
        return False
    return not titipan.laporan.is_over and may_leave(titipan.laporan)


def description(titipan: Titipan) -> str:
    """Our reference first, where no server cuts it off; then the published words, or the reporter's own without names,
    numbers and addresses of persons. Who reported is never said: many servers publish what they get."""
    laporan = titipan.laporan
    if laporan.published_at:
        judul, isi = laporan.judul_publik, laporan.isi_publik
    else:
        judul, isi = (personal.mask(words, laporan.nama) for words in (laporan.judul, laporan.told))
    return Truncator(f"{titipan.rujukan}: {judul}\n\n{isi}").chars(LONGEST)


def fields(titipan: Titipan) -> dict[str, str]:
    laporan = titipan.laporan
    return {
        "service_code": titipan.sambungan.service_code,
        "description": description(titipan),
        "address_string": _place(laporan),
    }


def _place(laporan: Laporan) -> str:
    where = personal.mask(laporan.lokasi, laporan.nama)
    return ", ".join(part for part in (where, laporan.mpp.nama, laporan.mpp.alamat) if part)


def _file(titipan: Titipan) -> None:
    server, now = Server.of(titipan.sambungan), timezone.now()
    nomor = _look(server, titipan) if titipan.tried_at else ""
    if nomor:
        return actions.filed(titipan, nomor, "", now=now)
    actions.try_now(titipan, now)
    try:
        nomor, token = server.file(fields(titipan), key=titipan.kunci)
    except (Unsure, Garbled):
        raise
    except (Temporary, Refusal):
        # It said no, or was not even reached: that is an answer too.
        Titipan.objects.filter(pk=titipan.pk).update(ragu=titipan.ragu - 1)
        raise
    return actions.filed(titipan, nomor, token, now=now)


def _look(server: Server, titipan: Titipan) -> str:
    """Did an earlier try arrive? By our key, as our own servers tell, or by our reference among what is new there. A
    server that offers neither cannot be asked; one that is just unable is asked later."""
    since = (titipan.tried_at or timezone.now()) - timedelta(hours=1)
    code = titipan.sambungan.service_code
    for question in (
        lambda: server.number_of(titipan.kunci),
        lambda: server.find(titipan.rujukan, code=code, since=since),
    ):
        try:
            if nomor := question():
                return nomor
        except Refusal as refusal:
            if refusal.code not in NOT_OFFERED:
                raise
        except Garbled as error:
            raise Temporary(str(error)) from None
    return ""


def _row(pesan: Pesan) -> Titipan | None:
    rows = Titipan.objects.select_related("sambungan", "disposisi__laporan__mpp", "disposisi__laporan__kebocoran")
    return rows.filter(pk=pesan.subjek_id).first()
