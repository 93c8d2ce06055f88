"""Two malls with all their people, for asking every URL as everybody."""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import models
from django.utils import timezone

from antrean import presence
from layanan.models import Gerai
from mpp_portal.models import Pengguna
from mpp_portal.notifikasi import tokens
from tests import factories
from tests.urls import Url

# Who asks: "own" is the gerai or mall that every URL is about, "other" is a gerai beside it or the other mall.
PEOPLE: dict[str, tuple[str, str] | None] = {
    "anonim": None,
    "tanpa tugas": None,
    "superuser": None,
    "petugas loket": ("petugas_loket", "own"),
    "petugas loket lain": ("petugas_loket", "other"),
    "admin instansi": ("admin_instansi", "own"),
    "admin instansi lain": ("admin_instansi", "other"),
    "petugas informasi": ("petugas_informasi", "own"),
    "petugas informasi lain": ("petugas_informasi", "other"),
    "penyelia": ("penyelia", "own"),
    "penyelia lain": ("penyelia", "other"),
    "pengelola": ("pengelola", "own"),
    "pengelola lain": ("pengelola", "other"),
    "pimpinan": ("pimpinan", "own"),
    "koordinator": ("koordinator", "own"),
    "pejabat penghubung": ("pejabat_penghubung", "own"),
    "pejabat penghubung lain": ("pejabat_penghubung", "other"),
    "inspektorat": ("inspektorat", "own"),
}
PER_GERAI = {"petugas_loket", "admin_instansi", "pejabat_penghubung"}
GIVEN = {"step": "panggil", "peristiwa": "identitas", "key": "x", "uidb36": "1", "app_label": "layanan", "url": "x/",
         "jawab": "ya", "dahulu": "tidak-ada", "bentuk": "csv", "utama": "1d4f7c", "aksen": "e8a317", "form": "json",
         "service_code": "pengaduan", "service_request_id": "MPP-2611-0001"}  # fmt: skip


REPORT = {"rahasia": "rahasia-laporan-uji", "langkah": "sanggah"}


@dataclass
class World:
    """`rows` is one row of each model, all of the own gerai; `people` are those of PEOPLE."""

    gerai: Gerai
    people: dict[str, Pengguna | None]
    rows: dict[str, models.Model]

    @cached_property
    def values(self) -> dict[str, Any]:
        mpp, tiket = self.gerai.mpp, self.rows["tiket"]
        visit = tiket.kunjungan
        return GIVEN | {
            "mpp": mpp.slug,
            "instansi": self.gerai.instansi.slug,
            "jenis": self.rows["layanan"].jenis.slug,
            "rahasia": visit.rahasia,
            "token": presence.code(mpp),
            "code": visit.kode,
            "tanggal": self.rows["pemesanan"].tanggal,
            "kode": self.rows["laporan"].kode,
        }

    def path_of(self, url: Url) -> str:
        """An address of this URL that is about the own gerai."""
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"(?P<\1>)", re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", url.route))
        path = re.sub(r"\(\?P<(\w+)>\)", lambda match: str(self._value(url, match[1])), path)
        return "/" + re.sub(r"[\^$]", "", path)

    @cached_property
    def kabar(self) -> dict[str, Any]:
        """The page about the own visit's messages, and the link that stops them."""
        visit = self.rows["kunjungan"]
        subject = tokens.Subject("antrean.kunjungan", visit.pk, self.gerai.mpp_id, visit.get_absolute_url())
        return {"token": tokens.sign(subject), "rahasia": self.rows["langganan"].rahasia}

    def _value(self, url: Url, param: str) -> Any:
        if url.name.startswith("pengaduan:") and param in REPORT:
            return "catatan" if url.name == "pengaduan:work_step" and param == "langkah" else REPORT[param]
        if url.name.startswith("kabar:"):
            return self.kabar[param]
        if param == "object_id" or url.name.startswith("admin:auth_user"):
            found = re.search(r"admin/\w+/(\w+)/", url.route)
            return self.rows[found[1] if found else "pengguna"].pk
        if url.name.startswith("pengaduan:") and param == "pk":
            return self.rows["larangan" if url.name == "pengaduan:ban_review" else "lampiran"].pk
        if param in {"pk", "id"}:
            nouns = {"jadwal": "pemesanan", "tunggu": "daftartunggu"} | {noun: noun for noun in ("loket", "pemesanan")}
            named = (noun for word, noun in nouns.items() if f"/{word}/" in url.route)
            return self.rows[next(named, "tiket")].pk
        return self.values[param]


def make() -> World:
    gerai = factories.Gerai()
    beside, elsewhere = factories.Gerai(mpp=gerai.mpp), factories.Gerai()
    password = make_password("kata-sandi-panjang-7")
    people: dict[str, Pengguna | None] = {"anonim": None, "tanpa tugas": factories.Pengguna(password=password)}
    people["superuser"] = factories.Pengguna(is_superuser=True, password=password)
    for name, role in PEOPLE.items():
        if role:
            peran, where = role
            own = where == "own"
            place = (
                {"gerai": gerai if own else beside}
                if peran in PER_GERAI
                else {"mpp": (gerai if own else elsewhere).mpp}
            )
            people[name] = factories.Penugasan(peran=peran, pengguna__password=password, **place).pengguna
    return World(gerai, people, _rows(gerai, people["petugas loket"]))


def _rows(gerai: Gerai, petugas: Pengguna | None) -> dict[str, models.Model]:
    factories.open_always(gerai.mpp)
    layanan = factories.Layanan(gerai=gerai)
    loket = factories.Loket(gerai=gerai)
    antrean = factories.Antrean(gerai=gerai, layanan=[layanan], loket=[loket])
    tiket = factories.Tiket(antrean=antrean)
    pesan = factories.Pesan(langganan__subjek_id=tiket.kunjungan_id, peristiwa__mpp_id=gerai.mpp_id)
    factories.PolaJadwal(antrean=antrean)
    booked = factories.Pemesanan(
        slot=factories.Slot(antrean=antrean), layanan=layanan, kunjungan=tiket.kunjungan, nik="7471010101900000"
    )
    laporan = factories.Laporan(
        mpp=gerai.mpp, sidik_rahasia=hashlib.sha256(REPORT["rahasia"].encode()).hexdigest(), jenis="aspirasi",
        judul_publik="Kursi", isi_publik="Kurang.", published_at=timezone.now(), penerbit=petugas,
    )  # fmt: skip
    disposisi = factories.Disposisi(laporan=laporan, gerai=gerai)
    made = [
        *(gerai, gerai.mpp, gerai.mpp.wilayah, gerai.instansi, layanan, layanan.jenis, loket),
        *(antrean, tiket, tiket.sesi, tiket.kunjungan, petugas, petugas.penugasan.get()),
        booked,
        factories.DaftarTunggu(antrean=antrean, layanan=layanan, kunjungan=tiket.kunjungan),
        factories.Jaga(loket=loket, petugas=petugas),
        factories.AngkaLuar(antrean=antrean),
        factories.Panggilan(tiket=tiket, loket=loket),
        factories.Perangkat(mpp=gerai.mpp),
        factories.Penutupan(mpp=None, gerai=gerai),
        *(pesan, pesan.langganan),
        factories.Webhook(mpp_id=gerai.mpp_id),
        factories.Templat(mpp_id=gerai.mpp_id),
        factories.HariLibur(mpp=gerai.mpp),
        factories.KebijakanTenggat(),
        factories.KebijakanSimpan(),
        factories.Aturan(mpp=gerai.mpp, aktif=False),
        factories.JawabanBaku(gerai=gerai),
        disposisi,
        disposisi.laporan,
        factories.Lampiran(laporan=laporan),
        factories.Larangan(laporan=laporan),
        factories.KunciApi(mpp=gerai.mpp),
        factories.Sambungan(gerai=gerai),
        factories.Peristiwa(mpp_id=gerai.mpp_id, subjek_id=gerai.mpp_id),
    ]
    factories.UrutanPanggilan(mpp=gerai.mpp, terakhir=1)
    return {str(row._meta.model_name): row for row in made}
