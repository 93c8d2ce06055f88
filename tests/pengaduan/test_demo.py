"""The demo shows reports in many states, and people who handle them can log in."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.test import RequestFactory

from pengaduan import demo
from pengaduan.models import Laporan, Tenggat

pytestmark = pytest.mark.django_db


def load() -> str:
    out = StringIO()
    call_command("muat_laporan_demo", stdout=out)
    return out.getvalue()


def test_the_demo_is_loaded_once_and_shows_many_states(settings):
    settings.DEMO = True
    call_command("muat_data", stdout=StringIO())
    assert load() == "Peragaan pengaduan: 0 baru\n"  # no demo mall yet
    call_command("muat_demo", stdout=StringIO())
    assert load() == f"Peragaan pengaduan: {len(demo.PEOPLE) + len(demo.REPORTS)} baru\n"
    assert load() == "Peragaan pengaduan: 0 baru\n"
    assert set(Laporan.objects.values_list("status", flat=True)) == {
        "diterima", "perlu_dilengkapi", "didisposisikan", "diproses", "ditanggapi", "selesai"}  # fmt: skip
    for laporan in Laporan.objects.all():  # what the worklist is ordered by is what the clocks say
        running = [clock for clock in laporan.tenggat.running().ours() if not clock.paused_at]
        assert laporan.next_due == min((clock.due_at for clock in running), default=None)
    late = [clock for clock in Tenggat.objects.all() if clock.is_late(clock.mulai.now(clock.mulai.tzinfo))]
    assert late
    request = RequestFactory().get("/")
    assert all(authenticate(request, username=person[0], password=demo.PASSWORD) for person in demo.PEOPLE)


def test_outside_the_demo_it_refuses(settings):
    settings.DEMO = False
    with pytest.raises(CommandError):
        call_command("muat_laporan_demo")
