"""Standard answers: each office's own, added to what was typed, sent only when the answer is."""

import pytest

from pengaduan.models import JawabanBaku, Tanggapan
from tests import factories

from .test_pages_work import at, page_of, part, text

pytestmark = pytest.mark.django_db


def test_a_standard_answer_joins_what_was_typed_and_nothing_is_sent_yet(meja):
    own = factories.JawabanBaku(gerai=meja.gerai[0])
    other = factories.JawabanBaku(gerai=meja.gerai[1], judul="Punya tetangga", teks="Rahasia tetangga.")
    laporan, office = meja.routed(), at(meja.penghubung[0])
    page = text(office.get(page_of(laporan)))
    assert own.judul in page
    assert other.judul not in page
    typed = part(laporan, "jawab", "Bapak yang baik,")
    shown = office.post(page_of(laporan, "jawab"), typed | {"sisip": own.pk})
    assert "Bapak yang baik,\n\nBerkas Anda sudah lengkap.</textarea>" in shown.content.decode().replace("\r", "")
    foreign = text(office.post(page_of(laporan, "jawab"), typed | {"sisip": other.pk}))
    assert "Bapak yang baik," in foreign
    assert "Rahasia tetangga." not in foreign
    assert not Tanggapan.objects.exists()


def test_an_admin_instansi_keeps_those_of_their_own_gerai(meja):
    admin = factories.Penugasan(peran="admin_instansi", gerai=meja.gerai[0]).pengguna
    own, other = (factories.JawabanBaku(gerai=gerai) for gerai in meja.gerai)
    assert list(JawabanBaku.objects.managed_by(admin)) == [own]
    client = at(admin)
    page = "/admin/pengaduan/jawabanbaku/"
    assert client.get(f"{page}{own.pk}/change/").status_code == 200
    assert client.get(f"{page}{other.pk}/change/").status_code == 302
    data = {"gerai": meja.gerai[0].pk, "judul": "Jam buka", "teks": "Pukul delapan."}
    assert client.post(f"{page}add/", data).status_code == 302
    assert client.post(f"{page}add/", data | {"gerai": meja.gerai[1].pk, "judul": "Lain"}).status_code == 200
    assert set(JawabanBaku.objects.values_list("judul", flat=True)) == {"Berkas lengkap", "Jam buka"}
