"""Each promise of the tables, broken by name."""

import pytest
from django.utils import timezone

from tests import factories
from tests.constraints import assert_breaks, named

ALL = named("titipan")


def another_server():
    row = factories.Sambungan()
    return lambda: factories.Sambungan(gerai=row.gerai)


def same(field, value):
    row = factories.Titipan(**{field: value}, filed_at=timezone.now())
    again = factories.Disposisi()
    return lambda: factories.Titipan(
        disposisi=again, sambungan=row.sambungan, filed_at=timezone.now(), **{field: value}
    )


def another_proposal():
    row = factories.Usulan()
    return lambda: factories.Usulan(titipan=row.titipan)


BREAK = {
    "sambungan_satu_per_gerai": another_server,
    "sambungan_beralamat": lambda: lambda: factories.Sambungan(service_code=""),
    "sambungan_bentuk_dikenal": lambda: lambda: factories.Sambungan(bentuk="csv"),
    "titipan_nomor_unik": lambda: same("nomor", "17"),
    "titipan_token_unik": lambda: same("token", "T-17"),
    "titipan_tercatat_bernomor": lambda: lambda: factories.Titipan(filed_at=timezone.now()),
    "usulan_satu_terbuka": another_proposal,
    "usulan_jenis_dikenal": lambda: lambda: factories.Usulan(jenis="pertanyaan"),
    "usulan_diputuskan_orang": lambda: lambda: factories.Usulan(hasil="dipakai", decided_at=timezone.now()),
}


def test_every_constraint_of_the_servers_is_broken_here():
    assert set(BREAK) == set(ALL)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREAK))
def test_the_database_refuses(name):
    assert_breaks(name, BREAK[name](), ALL[name])
