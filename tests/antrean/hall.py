"""A hall that is open all day, a phone that stands in it, and petugas who are logged in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.test import Client
from django.urls import reverse

from antrean import actions, presence
from antrean.models import Antrean, Tiket
from layanan.models import Gerai, Layanan, Loket, Mpp
from tests import factories


@dataclass
class Hall:
    mpp: Mpp
    gerai: Gerai
    layanan: Layanan
    antrean: Antrean
    loket: Loket
    petugas: Any

    def url(self, name: str, layanan: Layanan | None = None) -> str:
        layanan = layanan or self.layanan
        return reverse(f"antrean:{name}", args=[self.mpp.slug, layanan.gerai.instansi.slug, layanan.jenis.slug])

    def phone(self) -> Client:
        """A device that scanned the hall's QR."""
        client = Client()
        client.get(reverse("antrean:arrive", args=[presence.code(self.mpp)]))
        return client

    def ticket(self, **given: Any) -> Tiket:
        """A number given at the desk."""
        line = Antrean.objects.giving().get(pk=self.antrean.pk)
        key = f"kunci-{Tiket.objects.count()}"
        return actions.take(line, self.layanan, **{"sender": "meja", "key": key, "asal": "meja"} | given)

    def open(self) -> None:
        actions.open_loket(self.loket, by=self.petugas)

    def do(self, verb: str, **given: Any) -> Any:
        return getattr(actions, verb)(self.loket, by=self.petugas, **given)


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def staff(peran: str, **place: Any) -> Client:
    return logged_in(factories.Penugasan(peran=peran, **place).pengguna)


def make() -> Hall:
    """In the last hour of WITA it is tomorrow in WIT: the day does not end for those who still have to wait."""
    late = datetime.now(ZoneInfo("Asia/Makassar")).hour == 23
    mpp = factories.Mpp(zona="Asia/Jayapura" if late else "Asia/Makassar")
    factories.open_always(mpp)
    gerai = factories.Gerai(mpp=mpp, lantai=2)
    layanan = factories.Layanan(gerai=gerai)
    loket = factories.Loket(gerai=gerai)
    antrean = factories.Antrean(gerai=gerai, huruf="A", layanan=[layanan], loket=[loket])
    petugas = factories.Penugasan(peran="petugas_loket", gerai=gerai).pengguna
    return Hall(mpp, gerai, layanan, antrean, loket, petugas)
