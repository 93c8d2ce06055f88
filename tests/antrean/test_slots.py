"""Slots follow the weekly patterns of a line, and never take a place away from who has booked it."""

from datetime import datetime, time, timedelta

import pytest

from antrean.models import Slot
from antrean.slots import regenerate
from tests import factories
from tests.antrean.conftest import NINE, WITA

pytestmark = pytest.mark.django_db
SUNDAY = NINE - timedelta(days=1)


def shown(antrean):
    rows = Slot.objects.filter(antrean=antrean).order_by("mulai")
    return [(row.mulai.astimezone(WITA), row.kapasitas) for row in rows]


def test_a_pattern_becomes_slots_of_the_days_ahead(aula):
    factories.PolaJadwal(antrean=aula.antrean, hari_ke_depan=8)

    assert regenerate(aula.antrean, now=SUNDAY) == 4

    hours = [NINE, NINE + timedelta(hours=1)]
    assert shown(aula.antrean) == [(hour + timedelta(days=week), 3) for week in (0, 7) for hour in hours]
    first = Slot.objects.earliest("mulai")
    assert first.tanggal == NINE.date()
    assert first.opens_at == datetime(2026, 11, 15, 8, tzinfo=WITA)
    assert first.closes_at == NINE - timedelta(hours=1)


def test_a_second_run_changes_nothing(aula):
    factories.PolaJadwal(antrean=aula.antrean)
    regenerate(aula.antrean, now=SUNDAY)
    before = list(Slot.objects.order_by("pk").values())

    assert regenerate(aula.antrean, now=SUNDAY) == 0
    assert list(Slot.objects.order_by("pk").values()) == before


def test_capacity_is_what_the_loket_serve_less_the_share_of_walk_ins(aula):
    pola = factories.PolaJadwal.build(antrean=aula.antrean, menit=30, loket=3, persen_langsung=40)
    assert aula.antrean.menit_layanan == 10
    assert pola.kapasitas == 5  # 3 × 30 ÷ 10 = 9, of which 60 %


def test_what_is_booked_keeps_its_place_when_the_pattern_shrinks_or_goes(aula):
    pola = factories.PolaJadwal(antrean=aula.antrean, hari_ke_depan=1)
    regenerate(aula.antrean, now=SUNDAY)
    nine, ten = Slot.objects.order_by("mulai")
    for _ in range(2):
        factories.Pemesanan(slot=nine)

    pola.persen_langsung = 80
    pola.save()
    regenerate(aula.antrean, now=SUNDAY)
    assert shown(aula.antrean) == [(NINE, 2), (ten.mulai.astimezone(WITA), 1)]

    pola.mulai = time(10)
    pola.save()
    regenerate(aula.antrean, now=SUNDAY)
    assert shown(aula.antrean) == [(NINE, 2), (ten.mulai.astimezone(WITA), 1)]

    pola.delete()
    regenerate(aula.antrean, now=SUNDAY)
    assert shown(aula.antrean) == [(NINE, 2), (ten.mulai.astimezone(WITA), 0)]
