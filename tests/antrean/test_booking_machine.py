"""Whatever people do with bookings, in whatever order: no slot is overfull, nobody has two times."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from antrean import actions
from antrean.models import DaftarTunggu, Pemesanan, Slot, Tiket
from antrean.states import BERHARAP, BERLAKU, MEMEGANG
from mpp_portal.models import Peristiwa
from tests import factories
from tests.antrean.conftest import NINE

pytestmark = pytest.mark.django_db
PEOPLE = ["Sari Contoh", "Budi Contoh", "Ani Contoh", "Tono Contoh"]
people = st.sampled_from(PEOPLE)
numbers = st.integers(0, 20)


def contact(nama: str) -> str:
    return f"{nama.split()[0].lower()}@contoh.id"


class Bookings(RuleBasedStateMachine):
    """Three small slots of one day, four people who press everything."""

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        mpp = factories.Mpp()
        factories.open_always(mpp)
        gerai = factories.Gerai(mpp=mpp)
        self.layanan = factories.Layanan(gerai=gerai)
        line = factories.Antrean(gerai=gerai, layanan=[self.layanan], loket=[factories.Loket(gerai=gerai)])
        hours = [(1, 1), (2, 2), (5, 1)]
        self.slots = [factories.Slot(antrean=line, mulai=NINE + timedelta(hours=n), kapasitas=k) for n, k in hours]
        self.now, self.keys = NINE, 0

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def attempt(self, call, *args, **given):
        try:
            return call(*args, now=self.now, **given)
        except actions.Refused:
            return None

    def any_booking(self, n):
        rows = list(Pemesanan.objects.order_by("pk"))
        return rows[n % len(rows)] if rows else None

    def slot(self, n):
        return Slot.objects.select_related("antrean__gerai__mpp__wilayah").get(pk=self.slots[n % 3].pk)

    @rule(n=numbers)
    def hold(self, n):
        self.keys += 1
        self.attempt(actions.hold, self.slot(n), self.layanan, sender="ponsel", key=str(self.keys))

    @rule(n=numbers, nama=people)
    def confirm(self, n, nama):
        row = self.any_booking(n)
        if row:
            self.attempt(actions.confirm, row, nama=nama, kanal="surel", kontak=contact(nama))

    @rule(n=numbers)
    def cancel(self, n):
        row = self.any_booking(n)
        if row:
            self.attempt(actions.cancel_booking, row)

    @rule(n=numbers, to=numbers)
    def reschedule(self, n, to):
        row = self.any_booking(n)
        if row:
            self.attempt(actions.reschedule, row, self.slot(to))

    @rule(n=numbers)
    def arrive(self, n):
        row = self.any_booking(n)
        if row:
            self.attempt(actions.arrive, row)

    @rule(nama=people)
    def wait(self, nama):
        self.keys += 1
        line, given = self.slot(0).antrean, {"sender": "ponsel", "key": str(self.keys), "kanal": "surel"}
        self.attempt(actions.wait, line, self.layanan, NINE.date(), nama=nama, kontak=contact(nama), **given)

    @rule(n=numbers, takes=st.booleans())
    def answer(self, n, takes):
        rows = list(DaftarTunggu.objects.hoping().order_by("pk"))
        if rows:
            self.attempt(actions.accept if takes else actions.leave, rows[n % len(rows)])

    @rule(minutes=st.sampled_from([1, 11, 35, 70]))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

    @rule()
    def beat(self):
        actions.lapse_bookings(now=self.now)
        actions.offer_places(now=self.now)

    @rule(n=numbers, capacity=st.integers(0, 3))
    def pattern_changes(self, n, capacity):
        slot = self.slot(n)
        Slot.objects.filter(pk=slot.pk).update(kapasitas=max(slot.terisi, capacity))

    @invariant()
    def every_slot_counts_its_places_and_never_passes_its_capacity(self):
        for slot in Slot.objects.all():
            assert slot.terisi == Pemesanan.objects.filter(slot=slot, status__in=MEMEGANG).count() <= slot.kapasitas

    @invariant()
    def nobody_has_two_times_or_waits_beside_one(self):
        valid = Pemesanan.objects.filter(status__in=BERLAKU)
        assert not valid.values("orang").annotate(n=Count("pk")).filter(n__gt=1).exists()
        waiting = DaftarTunggu.objects.waiting().values("orang")
        assert not valid.filter(orang__in=waiting).exists()

    @invariant()
    def who_is_offered_a_place_has_it_held(self):
        for person in DaftarTunggu.objects.filter(status__in=BERHARAP).select_related("pemesanan"):
            held = person.pemesanan and person.pemesanan.status
            assert held == ("ditahan" if person.status == "ditawari" else None)

    @invariant()
    def who_has_arrived_has_one_number(self):
        arrived = Pemesanan.objects.filter(status="hadir")
        assert arrived.count() == arrived.values("tiket").distinct().count() == Tiket.objects.count()
        numbers = sorted(Tiket.objects.values_list("nomor", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def the_log_ends_where_the_row_stands(self):
        for row in [*Pemesanan.objects.all(), *DaftarTunggu.objects.all()]:
            steps = [step for step in Peristiwa.objects.about(row) if not step.jenis.endswith("diingatkan")]
            assert steps[-1].ke == row.status
            assert [step.dari for step in steps[1:]] == [step.ke for step in steps[:-1]]


@pytest.mark.usefixtures("db")
def test_bookings_in_any_order():
    run_state_machine_as_test(
        Bookings,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
