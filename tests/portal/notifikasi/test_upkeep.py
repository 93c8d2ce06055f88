"""What keeps the outbox honest and small: constraints, retention, figures."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from antrean.models import Kunjungan
from mpp_portal.notifikasi import sending
from mpp_portal.notifikasi.models import Langganan, Pesan, Templat, Webhook
from tests import factories
from tests.constraints import assert_breaks, named

CONSTRAINTS = named("notifikasi")
LONG_AGO = timezone.now() - timedelta(days=40)

BREAKS = {
    "langganan_satu_per_tujuan": lambda: [factories.Langganan(subjek_id=1, tujuan="a@b.id") for _twice in "12"],
    "langganan_kanal_untuk_orang": lambda: factories.Langganan(subjek_id=1, kanal="webhook"),
    "langganan_bahasa_dikenal": lambda: factories.Langganan(subjek_id=1, bahasa="fr"),
    "langganan_mulai_sebelum_henti": lambda: factories.Langganan(subjek_id=1, stopped_at=LONG_AGO),
    "webhook_satu_per_alamat": lambda: [factories.Webhook(url="https://a.id/", mpp_id=1) for _twice in "12"],
    "webhook_satu_untuk_semua": lambda: [factories.Webhook(url="https://a.id/") for _twice in "12"],
    "pesan_satu_per_tujuan": lambda: copy(factories.Pesan()),
    "pesan_satu_pelanggan": lambda: factories.Pesan(webhook=factories.Webhook()),
    "pesan_status_dikenal": lambda: factories.Pesan(status="hilang"),
    "pesan_dipegang_selama_dikirim": lambda: factories.Pesan(status="dikirim"),
    "pesan_berakhir_pada": lambda: factories.Pesan(status="terkirim"),
    "pesan_diparkir_beralasan": lambda: factories.Pesan(status="diparkir", ended_at=timezone.now()),
    "templat_satu_per_mpp": lambda: [factories.Templat(mpp_id=1) for _twice in "12"],
    "templat_satu_untuk_semua": lambda: [factories.Templat() for _twice in "12"],
    "templat_kelompok_dikenal": lambda: factories.Templat(kelompok="surat"),
    "templat_bahasa_dikenal": lambda: factories.Templat(bahasa="fr"),
}


def copy(pesan):
    pesan.pk = None
    pesan.save(force_insert=True)


@pytest.mark.django_db
@pytest.mark.parametrize("name", CONSTRAINTS)
def test_the_database_keeps_the_promise(name):
    assert_breaks(name, BREAKS[name], CONSTRAINTS[name])


def test_every_promise_is_broken_once():
    assert set(BREAKS) == set(CONSTRAINTS)


@pytest.fixture
def old(orang, mailbox):
    """Somebody who was told about a visit forty days ago."""
    orang.asks()
    orang.hears("tiket.dipanggil")
    sending.drain()
    Langganan.objects.update(started_at=LONG_AGO)
    Kunjungan.objects.update(tanggal=LONG_AGO.date())
    return orang


def left():
    return Langganan.objects.count(), Pesan.objects.count()


def test_addresses_and_messages_of_old_visits_are_forgotten_after_a_dry_run(old, capsys):
    call_command("rapikan_kabar", coba=True)
    assert capsys.readouterr().out == "Akan dihapus: 1 langganan, 1 pesan.\n"
    assert left() == (1, 1)
    call_command("rapikan_kabar")
    assert capsys.readouterr().out == "Dihapus: 1 langganan, 1 pesan.\n"
    assert left() == (0, 0)


def test_a_visit_that_is_not_over_keeps_its_addresses(old, capsys):
    Kunjungan.objects.update(tanggal=timezone.localdate())
    call_command("rapikan_kabar")
    assert left() == (1, 1)


def test_what_is_not_sent_is_not_forgotten(old, capsys):
    Pesan.objects.update(status="menunggu", ended_at=None)
    call_command("rapikan_kabar")
    assert left() == (1, 1)


def test_webhooks_messages_go_by_their_own_age(orang, live, capsys):
    live("webhook")
    factories.Webhook()
    for ended in (LONG_AGO, timezone.now()):
        orang.hears("tiket.dipanggil")
        Pesan.objects.filter(ended_at=None).update(status="terkirim", ended_at=ended)
    call_command("rapikan_kabar")
    assert Pesan.objects.count() == 1
    assert Webhook.objects.count() == 1
    assert Templat.objects.count() == 0


def test_figures_are_closed_until_a_setting_opens_them(orang, live, client, settings):
    live("surel")
    orang.asks()
    orang.hears("tiket.dipanggil")
    Pesan.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    assert client.get("/metrik/").status_code == 404

    settings.METRIK_TOKEN = "token-metrik"
    assert client.get("/metrik/", headers={"Authorization": "Bearer lain"}).status_code == 404
    text = client.get("/metrik/", headers={"Authorization": "Bearer token-metrik"}).content.decode()
    figures = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(figures['mpp_pesan{kanal="surel",status="menunggu"}']) == 1
    assert 120 <= float(figures["mpp_pesan_tertua_detik"]) < 180
    assert float(figures["mpp_valkey_terjangkau"]) == 1
    assert {'mpp_tugas{antrean="segera"}', 'mpp_tugas{antrean="celery"}', 'mpp_tugas{antrean="lambat"}'} < set(figures)

    settings.METRIK_TOKEN, settings.METRIK_ALAMAT = "", ["127.0.0.1"]
    assert client.get("/metrik/").status_code == 200
