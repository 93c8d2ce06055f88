"""Invented people and reports for the demo: every state that a reporter and an office meet is there to be looked at."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from layanan.models import Gerai, Mpp, Penugasan, Peran
from mpp_portal.models import Pengguna

from . import actions
from .models import Disposisi, Laporan

PASSWORD = "contoh-mpp-2026"  # noqa: S105  public by design, the same as every demo login's
MALL = "kota-contoh"
PEOPLE = (
    ("koordinator", "Murni Contoh", Peran.KOORDINATOR, "", "Verifikasi dan salurkan laporan"),
    ("koordinator2", "Nanang Contoh", Peran.KOORDINATOR, "", "Orang kedua: menutup laporan"),
    ("penghubung.dukcapil", "Oki Contoh", Peran.PEJABAT_PENGHUBUNG, "disdukcapil", "Jawab laporan"),
    ("penghubung.samsat", "Puspa Contoh", Peran.PEJABAT_PENGHUBUNG, "samsat", "Tanpa laporan rahasia tentangnya"),
    ("inspektorat", "Qori Contoh", Peran.INSPEKTORAT, "", "Periksa laporan rahasia"),
)  # fmt: skip
REPORTS: list[dict[str, Any]] = json.loads((Path(__file__).with_name("data") / "contoh.json").read_text())


@transaction.atomic
def build(now: datetime | None = None) -> int:
    """How many people and reports were added; nothing where they are already, or where the demo malls are not."""
    mpp = Mpp.objects.filter(slug=MALL).select_related("wilayah").first()
    if mpp is None or Pengguna.objects.filter(username=PEOPLE[0][0]).exists():
        return 0
    people = _add_people(mpp)
    for n, row in enumerate(REPORTS):
        _add_report(mpp, people, n, row, now or timezone.now())
    return len(PEOPLE) + len(REPORTS)


def _add_people(mpp: Mpp) -> dict[str, Pengguna]:
    password = make_password(PASSWORD)
    people = {}
    for username, nama, peran, office, _try in PEOPLE:
        people[username] = Pengguna.objects.create(username=username, nama=nama, password=password, peragaan=True)
        place = {"gerai": Gerai.objects.get(mpp=mpp, instansi__slug=office)} if office else {"mpp": mpp}
        Penugasan.objects.create(
            pengguna=people[username], peran=peran, mulai=timezone.now() - timedelta(days=365), **place
        )
    return people


def _add_report(mpp: Mpp, people: dict[str, Pengguna], n: int, row: dict[str, Any], now: datetime) -> None:
    office, sent_at = row["instansi"], now - timedelta(days=row["hari_lalu"])
    gerai = Gerai.objects.select_related("instansi").filter(mpp=mpp, instansi__slug=office).first()
    given: actions.Given = {
        "jenis": row["jenis"],
        "judul": row["judul"],
        "isi": row["isi"],
        "gerai": gerai,
        "tentang_pengelola": False,
        "lokasi": "",
        "terjadi_pada": None,
        "anonim": n % 2 == 1,
        "rahasia": row["rahasia"],
        "nama": "Warga Contoh",
        "kanal": "",
        "kontak": "",
    }
    laporan = actions.submit(mpp, given, sender="peragaan", key=str(n), now=sent_at).laporan
    for hours, step in enumerate(row["langkah"], start=1):
        _step(laporan, step, gerai, people, sent_at + timedelta(hours=hours * row["hari_lalu"]))


def _step(laporan: Laporan, step: str, gerai: Gerai | None, people: dict[str, Pengguna], at: datetime) -> None:
    koordinator = people["koordinator"]
    if step == "ask":
        actions.ask(laporan, "Kapan Anda akan datang, dan lewat pintu mana?", by=koordinator, now=at)
    elif step == "verify" and gerai:
        actions.verify(laporan, klasifikasi="tidak_berkadar", urgensi="rutin", gerai=[gerai], by=koordinator, now=at)
    elif step == "publish":
        said = laporan.tanggapan.filter(jenis="jawaban").values_list("teks", flat=True)
        actions.publish(laporan, judul=laporan.judul, isi=laporan.isi, jawaban="\n".join(said), by=koordinator, now=at)
    elif step == "close":
        actions.close(laporan, by=people["koordinator2"], now=at)
    else:
        part = Disposisi.objects.get(laporan=laporan)
        by = next(
            people[name] for name, _nama, _peran, office, _try in PEOPLE if gerai and office == gerai.instansi.slug
        )
        words = {
            "follow_up": "Berkasnya sedang kami cari di arsip.",
            "answer": "Mulai pekan depan sudah ada. Terima kasih.",
        }
        getattr(actions, step)(part, words[step], by=by, now=at)


def logins() -> str:
    """Lines for the table that bin/run prints."""
    wide = max(len(person[0]) for person in PEOPLE)
    return "\n".join(f"  /petugas/  {person[0]:<{wide}}  {person[4]}" for person in PEOPLE)
