"""The national catalogue comes from files: once, again, changed, and broken."""

import json
import shutil
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from layanan.loading import files, national
from layanan.models import HariLibur, Instansi, JenisLayanan, Layanan, Mpp, Muatan, PeristiwaHidup, Wilayah

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the files that a test may change."""
    return shutil.copytree(files.DATA, tmp_path / "data")


@pytest.fixture
def few(folder):
    """The same with fewer malls and standards, for tests that never get to the end."""
    for file in ("kabupaten_kota.json", "mpp.json", "hari_libur.json", "standar.json"):
        rows = json.loads((folder / file).read_text())
        (folder / file).write_text(json.dumps(rows[:3]))
    return folder


def edit(folder, file, change):
    rows = json.loads((folder / file).read_text())
    change(rows)
    (folder / file).write_text(json.dumps(rows))


def totals(results):
    return sum(result.new for result in results), sum(result.changed for result in results)


def counts():
    return [model.objects.count() for model in (Wilayah, Instansi, JenisLayanan, Mpp, HariLibur)]


def muat_data(**options):
    out = StringIO()
    call_command("muat_data", stdout=out, **options)
    return out.getvalue()


def test_everything_is_there_after_one_load():
    assert muat_data().endswith("Data nasional: 508 baru, 0 berubah\n")
    assert counts() == [38 + 145, 32, 68, 146, 79]
    assert Wilayah.objects.filter(induk=None).count() == 38
    assert Mpp.objects.running().count() == 0
    assert Layanan.objects.count() == 0


def test_a_second_load_changes_nothing_with_and_without_the_memory_of_the_first():
    muat_data()
    assert muat_data() == "Data nasional: 0 baru, 0 berubah\n"
    Muatan.objects.all().delete()
    assert muat_data() == "Data nasional: 0 baru, 0 berubah\n"
    assert counts() == [38 + 145, 32, 68, 146, 79]


def test_a_changed_file_writes_only_what_it_changed(folder):
    national.load(folder)
    JenisLayanan.objects.filter(slug="sktlk").update(ringkas="Ditulis admin", nama="Ditulis admin juga")

    def change(rows):
        next(row for row in rows if row["slug"] == "sktlk")["nama"] = "Surat kehilangan"
        next(row for row in rows if row["slug"] == "ak1")["ringkas"] = "Kartu kuning"

    edit(folder, "jenis_layanan.json", change)
    assert totals(national.load(folder)) == (0, 2)
    assert JenisLayanan.objects.get(slug="ak1").ringkas == "Kartu kuning"
    row = JenisLayanan.objects.get(slug="sktlk")
    assert (row.nama, row.ringkas) == ("Surat kehilangan", "Ditulis admin")
    assert totals(national.load(folder)) == (0, 0)


def test_what_an_admin_edited_or_removed_stays_so(folder):
    national.load(folder)
    Mpp.objects.filter(slug="kota-medan").update(telepon="0812", alamat="Alamat baru")
    Mpp.objects.get(slug="kota-bandung").delete()
    edit(folder, "mpp.json", lambda rows: rows.reverse())
    assert totals(national.load(folder)) == (0, 0)
    assert Mpp.objects.get(slug="kota-medan").alamat == "Alamat baru"
    assert not Mpp.objects.filter(slug="kota-bandung").exists()


def test_a_fact_that_left_the_file_becomes_blank(folder):
    national.load(folder)
    edit(folder, "mpp.json", lambda rows: next(row for row in rows if row["slug"] == "kota-medan").pop("alamat"))
    assert totals(national.load(folder)) == (0, 1)
    assert Mpp.objects.get(slug="kota-medan").alamat == ""


def test_new_types_tell_the_search_that_they_changed(folder):
    national.load(folder)
    before = JenisLayanan.objects.get(slug="ak1").diubah_at
    edit(folder, "jenis_layanan.json", lambda rows: rows[0].update(nama="KTP pertama"))
    national.load(folder)
    assert JenisLayanan.objects.get(slug="ktp-el-baru").diubah_at > before
    assert JenisLayanan.objects.get(slug="ak1").diubah_at == before


BROKEN = {
    "mpp.json, baris ke-2 (kabupaten-pidie), kolom wilayah: “99.99” tidak dikenal.": (
        "mpp.json", lambda rows: rows[1].update(wilayah="99.99"),
    ),
    "instansi.json, baris ke-1 (disdukcapil), kolom nama: belum diisi.": (
        "instansi.json", lambda rows: rows[0].pop("nama"),
    ),
    "instansi.json, baris ke-1 (?), kolom slug: belum diisi.": (
        "instansi.json", lambda rows: rows[0].pop("slug"),
    ),
    "mpp.json, baris ke-1 (kabupaten-aceh-barat), kolom jumlah_instansi: harus berupa angka.": (
        "mpp.json", lambda rows: rows[0].update(jumlah_instansi="13"),
    ),
    "jenis_layanan.json, baris ke-1 (ktp-el-baru), kolom sinonim: harus berupa daftar.": (
        "jenis_layanan.json", lambda rows: rows[0].update(sinonim="bikin KTP"),
    ),
    "jenis_layanan.json, baris ke-2 (ktp-el-baru), kolom slug: sudah dipakai oleh baris sebelumnya.": (
        "jenis_layanan.json", lambda rows: rows[1].update(slug="ktp-el-baru"),
    ),
    "jenis_layanan.json, baris ke-3 (ktp-el-hilang), kolom warna: kolom ini tidak dikenal.": (
        "jenis_layanan.json", lambda rows: rows[2].update(warna="biru"),
    ),
    "mpp.json, baris ke-1 (kabupaten-aceh-barat), kolom aktif: kolom ini tidak dikenal.": (
        "mpp.json", lambda rows: rows[0].update(aktif=True),
    ),
    "provinsi.json, baris ke-1 (11), kolom zona: Nilai 'Asia/Tokyo' bukan pilihan yang valid.": (
        "provinsi.json", lambda rows: rows[0].update(zona="Asia/Tokyo"),
    ),
    "kabupaten_kota.json, baris ke-1 (11.05), melanggar aturan wilayah_induk_menurut_kode.": (
        "kabupaten_kota.json", lambda rows: rows[0].pop("induk"),
    ),
    "standar.json, baris ke-1 (ktp-el-baru), persyaratan ke-2, kolom penghasil: “kk-gratis” tidak dikenal.": (
        "standar.json", lambda rows: rows[0]["persyaratan"][1].update(penghasil="kk-gratis"),
    ),
    "standar.json, baris ke-1 (ktp-el-baru), melanggar aturan layanan_gratis_tanpa_biaya.": (
        "standar.json", lambda rows: rows[0].update(biaya_maks=5000),
    ),
    "standar.json, baris ke-1 (ktp-el-baru), langkah: harus berupa daftar.": (
        "standar.json", lambda rows: rows[0].update(langkah="ambil nomor"),
    ),
    "standar.json, baris ke-1 (ktp-el-baru), persyaratan ke-1: harus berupa objek.": (
        "standar.json", lambda rows: rows[0].update(persyaratan=["KTP"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", BROKEN)
def test_a_broken_file_names_row_and_field_and_loads_nothing(few, sentence):
    file, damage = BROKEN[sentence]
    edit(few, file, damage)
    with pytest.raises(files.BrokenFileError) as refusal:
        national.load(few)
    assert str(refusal.value) == sentence
    assert counts() == [0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("[", "mpp.json bukan JSON yang benar: Expecting value: line 1 column 2 (char 1)."),
        ("{}", "mpp.json harus berupa daftar baris."),
        ('["kota-medan"]', "mpp.json, baris ke-1, harus berupa objek."),
        (None, "mpp.json tidak dapat dibaca."),
    ],
)
def test_a_file_that_cannot_be_read_loads_nothing(few, content, sentence):
    (few / "mpp.json").unlink()
    if content:
        (few / "mpp.json").write_text(content)
    with pytest.raises(files.BrokenFileError) as refusal:
        national.load(few)
    assert str(refusal.value) == sentence
    assert counts() == [0, 0, 0, 0, 0]


def test_the_command_ends_with_the_sentence(few):
    edit(few, "mpp.json", lambda rows: rows[0].pop("nama"))
    with pytest.raises(CommandError) as refusal:
        muat_data(folder=few)
    assert str(refusal.value).endswith("kolom nama: belum diisi. Tidak ada yang dimuat.")


def test_the_content_keeps_its_promises():
    """Every type can be found by several names, stands under a life event, and is explained in both languages."""
    muat_data()
    types = list(JenisLayanan.objects.all())
    assert len(types) == 68
    for jenis in types:
        assert 4 <= len(jenis.sinonim) <= 10, jenis.slug
        assert "" not in (jenis.nama_en, jenis.ringkas, jenis.ringkas_en), jenis.slug
    assert {jenis.peristiwa_hidup for jenis in types} == set(PeristiwaHidup.values)
    assert Mpp.objects.get(slug="jakarta").wilayah.kode == "31"
    assert HariLibur.objects.filter(nama__contains="(perkiraan)").count() == 3


def test_free_is_said_only_where_the_source_says_free():
    rows = files.read(files.DATA, "standar.json")
    assert len(rows) == 68
    for row in rows:
        assert (row.get("biaya") == "Gratis") is row["gratis"], row["jenis"]
    assert sum(row["gratis"] for row in rows) == 35
    assert not any("tidak disebut" in row.get("biaya", "") for row in rows)
