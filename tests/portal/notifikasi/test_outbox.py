"""A message is enqueued with its change or not at all, and one drain is asked for."""

import pytest
import redis
from django.conf import settings as current
from django.db import transaction

from mpp_portal.models import Peristiwa, record
from mpp_portal.notifikasi import actions
from mpp_portal.notifikasi.models import Langganan, Pesan, Webhook

from .conftest import states


@pytest.fixture
def drains():
    """Function returning how many drains wait for a worker."""
    with redis.Redis.from_url(current.REDIS_URL) as client:
        client.delete("segera")
        yield lambda: client.llen("segera")
        client.delete("segera")


@transaction.atomic
def call_and_fail(orang):
    orang.hears("tiket.dipanggil")
    raise ZeroDivisionError


def test_each_who_asked_gets_one_message_and_nobody_else(orang, live):
    live("surel", "sms", "webhook")
    visit = orang.tiket.kunjungan
    orang.asks()
    orang.asks()  # twice is once
    orang.asks(kanal="sms", tujuan="+6281234567890")
    orang.asks(kanal="whatsapp", tujuan="+6281234567890")  # switched off
    stopped = orang.asks(tujuan="berhenti@contoh.id")
    actions.stop(stopped)
    Webhook.objects.create(nama="Dasbor", url="https://a.id/", mpp_id=visit.mpp_id, jenis=["tiket.dipanggil"])
    Webhook.objects.create(nama="Semua", url="https://b.id/", jenis=["tiket.dipanggil", "tiket.selesai"])
    Webhook.objects.create(nama="Lain", url="https://c.id/", mpp_id=visit.mpp_id + 1, jenis=["tiket.dipanggil"])
    Webhook.objects.create(nama="Bukan", url="https://d.id/", jenis=["tiket.selesai"])

    peristiwa = orang.hears("tiket.dipanggil")

    rows = Pesan.objects.filter(peristiwa=peristiwa, segera=True)
    told = [(row.kanal, row.langganan.tujuan if row.langganan else row.webhook.nama) for row in rows]
    assert sorted(told) == [
        ("sms", "+6281234567890"),
        ("surel", "budi@contoh.id"),
        ("webhook", "Dasbor"),
        ("webhook", "Semua"),
    ]
    assert set(states()) == {("menunggu", 0)}


def test_an_event_without_a_message_costs_no_query(orang, live, django_assert_num_queries):
    live("surel")
    orang.asks()
    visit = orang.tiket.kunjungan
    with django_assert_num_queries(1):
        record("tiket.diambil", orang.tiket, mpp_id=visit.mpp_id, about=visit)
    assert Pesan.objects.count() == 0


def test_where_nobody_listens_an_event_costs_one_query_more(orang, live, django_assert_num_queries):
    live("surel")
    visit = orang.tiket.kunjungan
    with django_assert_num_queries(2):
        record("tiket.selesai", orang.tiket, mpp_id=visit.mpp_id, about=visit)


def test_the_number_of_listeners_does_not_matter(orang, live, django_assert_num_queries):
    live("surel")
    visit = orang.tiket.kunjungan
    for name in ("a", "b", "c"):
        orang.asks(tujuan=f"{name}@contoh.id")
    with django_assert_num_queries(3):
        record("tiket.selesai", orang.tiket, mpp_id=visit.mpp_id, about=visit)
    assert Pesan.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_no_message_and_no_drain(orang, live, drains):
    live("surel")
    orang.asks()
    with pytest.raises(ZeroDivisionError):
        call_and_fail(orang)
    assert Pesan.objects.count() == Peristiwa.objects.count() == 0
    assert drains() == 0


@pytest.mark.django_db(transaction=True)
def test_a_transaction_asks_for_one_drain_whatever_happens_in_its_savepoints(orang, live, drains):
    live("surel")
    orang.asks()
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError):
            call_and_fail(orang)
        with transaction.atomic():
            orang.hears("tiket.dipanggil")
        orang.hears("tiket.selesai")
        assert drains() == 0
    assert drains() == 1
    assert Pesan.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_change_that_tells_nobody_asks_for_no_drain(orang, live, drains):
    live("surel")
    with transaction.atomic():
        orang.hears("tiket.dipanggil")
    assert drains() == 0


def test_who_asks_again_after_stopping_is_told_again(orang, live):
    live("surel")
    first = orang.asks()
    actions.stop(first)
    again = orang.asks()
    assert (again.pk, again.stopped_at) == (first.pk, None)
    assert Langganan.objects.current().count() == 1
