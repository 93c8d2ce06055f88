"""Each promise of the API's tables, broken by name."""

import pytest

from tests import factories
from tests.constraints import assert_breaks, named

ALL = named("open311")


def twice():
    row = factories.KunciApi()
    return lambda: factories.KunciApi(mpp=row.mpp, nama=row.nama)


BREAK = {
    "kunci_api_nama_unik_per_mpp": twice,
    "kunci_api_batas_wajar": lambda: lambda: factories.KunciApi(batas=0),
    "kiriman_token_terisi": lambda: lambda: factories.Kiriman(token=""),
}


def test_every_constraint_of_the_api_is_broken_here():
    assert set(BREAK) == set(ALL)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(BREAK))
def test_the_database_refuses(name):
    assert_breaks(name, BREAK[name](), ALL[name])
