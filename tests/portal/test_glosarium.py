"""The glossary knows every noun of the models, every role and every state of a ticket and a booking."""

from pathlib import Path

from django.apps import apps

from antrean.states import AlasanRehat, Cetak, Hasil, Kertas, Sebab, Status, StatusCetak, StatusPesan, StatusTunggu
from layanan.models import Peran
from pengaduan.states import (
    JawabLewat,
    JenisTenggat,
    Klasifikasi,
    Saluran,
    StatusDisposisi,
    StatusLarangan,
    Tema,
    Urgensi,
)
from pengaduan.states import Status as StatusLaporan

GLOSARIUM = Path(__file__).resolve().parents[2] / "docs" / "glosarium.md"


def test_the_glossary_knows_every_noun_role_and_state():
    rows = [line.split("|")[1] for line in GLOSARIUM.read_text().splitlines() if line.startswith("| ")]
    known = {word.strip(" )").lower() for row in rows for word in row.replace("(", ",").split(",")}
    models = [
        model
        for app in ("layanan", "antrean", "pengaduan", "open311", "titipan", "sp4n", "surel", "whatsapp")
        for model in apps.get_app_config(app).get_models()
    ]
    words = [model._meta.verbose_name for model in models if not model._meta.auto_created]
    words += ["pengguna", "peristiwa", *Peran.labels, *Status.labels, *StatusPesan.labels]
    words += [*Hasil.labels, *AlasanRehat.labels, *Sebab.labels]
    words += [*Cetak.labels, *StatusCetak.labels, *Kertas.labels, *StatusTunggu.labels]
    words += [
        *JenisTenggat.labels,
        *Klasifikasi.labels,
        *StatusLaporan.labels,
        *StatusDisposisi.labels,
        *Urgensi.labels,
        *Tema.labels,
        *StatusLarangan.labels,
        *Saluran.labels,
        *JawabLewat.labels,
    ]
    assert {str(word).lower() for word in words} - known == set()
    assert len(words) == 56 + 2 + 9 + 9 + 6 + 4 + 6 + 5 + 3 + 4 + 6 + 6 + 6 + 3 + 12 + 5 + 3 + 9 + 3 + 3 + 4
