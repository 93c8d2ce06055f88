"""Any sequence of what people and petugas do leaves a queue that keeps its promises: audited after every step."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from antrean import actions
from antrean.models import Antrean, Panggilan, Rehat, Sesi, Tiket
from antrean.states import AKTIF, BERAKHIR, DI_LOKET, NEXT, Status
from mpp_portal.models import Peristiwa
from tests.antrean.conftest import NINE, Aula

LOKET = st.sampled_from([0, 1])
PLAIN = ["call_next", "recall", "start", "finish", "finish_and_next", "absent", "put_back", "park", "resume", "close"]


class Queue(RuleBasedStateMachine):
    """Two lines, two loket of which the first serves both; refusals are answers, everything else is an error."""

    aula: Aula
    lines: list[Antrean]

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NINE
        self.done = 0

    def attempt(self, act: Any, *args: Any, **given: Any) -> None:
        self.now += timedelta(seconds=20)
        before = list(Tiket.objects.order_by("pk").values())
        try:
            act(*args, **given, now=self.now)
            self.done += 1
        except actions.Refused:
            assert list(Tiket.objects.order_by("pk").values()) == before, "a refusal changed something"

    def press(self, verb: str, n: int, **given: Any) -> None:
        self.attempt(getattr(actions, verb), self.aula.loket[n], by=self.aula.petugas[n], **given)

    @rule(line=st.sampled_from([0, 1]), priority=st.sampled_from(["", "", "lansia"]), phone=st.integers(0, 5))
    def take(self, line: int, priority: str, phone: int) -> None:
        antrean = self.lines[line]
        given = {"sender": f"ponsel-{phone}", "key": f"k-{next(self.aula.keys)}", "asal": "aula"}
        self.attempt(actions.take, antrean, antrean.layanan.get(), prioritas=priority, **given)

    @rule(n=LOKET)
    def open(self, n: int) -> None:
        self.press("open_loket", n)

    @rule(verb=st.sampled_from(PLAIN), n=LOKET)
    def key(self, verb: str, n: int) -> None:
        self.press(verb, n)

    @rule(n=LOKET)
    def pause(self, n: int) -> None:
        self.press("pause", n, alasan="ibadah")

    @precondition(lambda self: Tiket.objects.exists())
    @rule(n=LOKET, data=st.data())
    def call_number(self, n: int, data: Any) -> None:
        labels = sorted(Tiket.objects.values_list("label", flat=True).distinct())
        self.press("call_number", n, nomor=data.draw(st.sampled_from(labels)), sebab="kembali")

    @rule(n=LOKET, line=st.sampled_from([0, 1]))
    def transfer(self, n: int, line: int) -> None:
        self.press("transfer", n, layanan=self.lines[line].layanan.get())

    @precondition(lambda self: Tiket.objects.exists())
    @rule(verb=st.sampled_from(["cancel", "postpone", "come_back"]), data=st.data())
    def person(self, verb: str, data: Any) -> None:
        tickets = list(Tiket.objects.select_related("sesi", "kunjungan").order_by("pk"))
        self.attempt(getattr(actions, verb), data.draw(st.sampled_from(tickets)))

    @invariant()
    def audit(self) -> None:
        tickets = list(Tiket.objects.order_by("sesi", "nomor"))
        for sesi in Sesi.objects.all():
            numbers = [tiket.nomor for tiket in tickets if tiket.sesi_id == sesi.pk]
            assert numbers == list(range(1, sesi.nomor_terakhir + 1)), "a gap or a number twice"
        here = [tiket for tiket in tickets if tiket.status in DI_LOKET]
        for name in ("loket_id", "kunjungan_id"):
            assert len({getattr(tiket, name) for tiket in here}) == len(here), f"two at one {name}"
        labels = [tiket.label for tiket in tickets if tiket.status in AKTIF]
        assert len(set(labels)) == len(labels), "one label calls two people"
        for tiket in tickets:
            times = [at for at in (tiket.created_at, tiket.called_at, tiket.started_at, tiket.ended_at) if at]
            assert times == sorted(times), "times out of order"
            assert (tiket.ended_at is not None) == (tiket.status in BERAKHIR)
        calls = list(Panggilan.objects.order_by("urut").values_list("urut", flat=True))
        assert calls == list(range(1, len(calls) + 1)), "a call is missing"

    @invariant()
    def history(self) -> None:
        """The events of a ticket walk the table from its beginning to where it stands."""
        walks: dict[int, list[str]] = {}
        steps = Peristiwa.objects.filter(subjek="antrean.tiket").exclude(ke="").order_by("pk")
        for pk, ke in steps.values_list("subjek_id", "ke"):
            walks.setdefault(pk, []).append(ke)
        assert {pk: walk[-1] for pk, walk in walks.items()} == dict(Tiket.objects.values_list("pk", "status"))
        for walk in walks.values():
            assert walk[0] == Status.MENUNGGU
            assert all(after in NEXT[before] for before, after in pairwise(walk)), walk

    @invariant()
    def pauses(self) -> None:
        assert not Rehat.objects.filter(ended_at__gt=self.now).exists()


@pytest.mark.django_db
def test_no_sequence_of_steps_breaks_a_promise(aula):
    other = aula.line("H")
    done: list[int] = []

    class InThisHall(Queue):
        def __init__(self) -> None:
            super().__init__()
            self.aula, self.lines = aula, [aula.antrean, other]
            self.point = transaction.savepoint()

        def teardown(self) -> None:
            done.append(self.done)
            transaction.savepoint_rollback(self.point)

    run_state_machine_as_test(
        InThisHall,
        settings=settings(
            max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
    assert sum(done) > 100, "hardly anything was allowed: the rules try the wrong things"
