"""Put the invented malls and people into the database, once: what is there already stays as it is."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from layanan.loading import standards
from layanan.models import Gerai, Instansi, JamBuka, JenisLayanan, Layanan, Loket, Mpp, Penugasan, Wilayah
from mpp_portal.models import Pengguna

from .. import slots
from ..models import Antrean, PolaJadwal
from .people import ADMIN_ROLES, PASSWORD, PEOPLE
from .places import MALLS, Line, Mall, Office

DEMO_HOURS = "Jam khusus demo"


@transaction.atomic
def build() -> int:
    """How many malls and people were added."""
    present = set(Mpp.objects.filter(slug__in=[mall.slug for mall in MALLS]).values_list("slug", flat=True))
    new = [mall for mall in MALLS if mall.slug not in present]
    for mall in new:
        _build_mall(mall)
    return len(new) + _add_people()


@transaction.atomic
def open_now(at: datetime | None = None) -> int:
    """Open the demo malls around the clock today and tomorrow; how many days were added.

    A demo is started at any hour, on any day, and numbers must be given at once.
    """
    added = 0
    for mpp in Mpp.objects.filter(slug__in=[mall.slug for mall in MALLS]).select_related("wilayah"):
        today = mpp.today(at)
        days = {today, today + timedelta(days=1)}
        rows = JamBuka.objects.filter(mpp=mpp, musim=JamBuka.Musim.KHUSUS, keterangan=DEMO_HOURS)
        rows.exclude(dari__in=days).delete()
        missing = days - set(rows.values_list("dari", flat=True))
        JamBuka.objects.bulk_create(_around_the_clock(mpp, tanggal) for tanggal in missing)
        added += len(missing)
    return added


def _around_the_clock(mpp: Mpp, tanggal: date) -> JamBuka:
    return JamBuka(
        mpp=mpp,
        musim=JamBuka.Musim.KHUSUS,
        dari=tanggal,
        sampai=tanggal,
        hari=tanggal.weekday(),
        buka=time(0),
        tutup=time(23, 59, 59),
        keterangan=DEMO_HOURS,
        keterangan_en="Special demo hours",
    )


def _build_mall(mall: Mall) -> None:
    mpp = Mpp.objects.create(
        slug=mall.slug,
        nama=mall.nama,
        wilayah=Wilayah.objects.get(kode=mall.wilayah),
        alamat=mall.alamat,
        warna_utama=mall.colours[0],
        warna_aksen=mall.colours[1],
        aktif=True,
        contoh=True,
    )
    JamBuka.objects.bulk_create(_week(mpp))
    instansi = Instansi.objects.in_bulk([office.instansi for office in mall.offices], field_name="slug")
    types: dict[str, list[str]] = {}
    for slug, owner in JenisLayanan.objects.order_by("pk").values_list("slug", "instansi__slug"):
        types.setdefault(owner, []).append(slug)
    gerai = {
        office: Gerai.objects.create(
            mpp=mpp,
            instansi=instansi[office.instansi],
            lantai=office.lantai,
            letak=office.letak,
            letak_en=office.letak_en,
            aktif=office.aktif,
        )
        for office in mall.offices
    }
    standards.furnish({place: types.get(office.instansi, []) for office, place in gerai.items()})
    for office, place in gerai.items():
        _build_lines(office, place)
        if office.hours:
            opens, closes = (time.fromisoformat(clock.replace(".", ":")) for clock in office.hours.split("–"))
            JamBuka.objects.bulk_create(_week(None, place, opens, closes))


def _week(
    mpp: Mpp | None, gerai: Gerai | None = None, opens: time = time(8), closes: time = time(15, 30)
) -> Iterable[JamBuka]:
    """Monday to Friday; on Friday the break is longer, for the prayer, and the day half an hour shorter at most."""
    for hari in range(5):
        friday = hari == JamBuka.Hari.JUMAT
        yield JamBuka(
            mpp=mpp,
            gerai=gerai,
            hari=hari,
            buka=opens,
            tutup=min(closes, time(15)) if friday else closes,
            istirahat_mulai=time(11, 30) if friday else time(12),
            istirahat_selesai=time(13),
        )


def _build_lines(office: Office, gerai: Gerai) -> None:
    Loket.objects.bulk_create(Loket(gerai=gerai, mpp=gerai.mpp, nomor=nomor) for nomor in office.loket)
    loket = {row.nomor: row for row in gerai.loket.all()}
    services = {row.jenis.slug: row for row in gerai.layanan.select_related("jenis")}
    named = {slug for line in office.lines for slug in line.serves} | set(office.walk_up)
    others = [row for slug, row in services.items() if slug not in named]
    for line in office.lines:
        _build_line(line, gerai, [services[slug] for slug in line.serves] or others, [loket[n] for n in line.loket])


def _build_line(line: Line, gerai: Gerai, serves: list[Layanan], loket: list[Loket]) -> None:
    antrean = Antrean.objects.create(
        gerai=gerai,
        huruf=line.huruf,
        nama=line.nama,
        nama_en=line.nama_en,
        mode=line.mode,
        tautan=line.tautan,
        menit_layanan=line.menit,
        kuota_harian=line.kuota,
    )
    antrean.layanan.set(serves)
    antrean.loket.set(loket)
    if line.mode == Antrean.Mode.MILIK_MPP and len(loket) > 1:
        PolaJadwal.objects.bulk_create(_patterns(antrean, len(loket)))
        slots.regenerate(antrean)


def _patterns(antrean: Antrean, loket: int) -> Iterable[PolaJadwal]:
    """Mornings and afternoons of the working week, away from lunch and Friday prayer."""
    for hari in range(5):
        for start, end in ((time(8, 30), time(11, 30)), (time(13), time(15))):
            yield PolaJadwal(antrean=antrean, hari=hari, mulai=start, selesai=end, loket=loket)


def _add_people() -> int:
    present = set(Pengguna.objects.values_list("username", flat=True))
    missing = [person for person in PEOPLE if person.username not in present]
    if not missing:
        return 0
    password = make_password(PASSWORD)  # hashed once: thirteen times would cost seconds
    Pengguna.objects.bulk_create(
        Pengguna(
            username=person.username,
            nama=person.nama,
            password=password,
            peragaan=True,
            is_superuser=not person.place,
            is_staff=not person.place or person.peran in ADMIN_ROLES,
        )
        for person in missing
    )
    users = Pengguna.objects.in_bulk([person.username for person in missing], field_name="username")
    malls = Mpp.objects.in_bulk(field_name="slug")
    gerai = {f"{row.mpp.slug}/{row.instansi.slug}": row for row in Gerai.objects.select_related("mpp", "instansi")}
    Penugasan.objects.bulk_create(
        Penugasan(
            pengguna=users[person.username],
            peran=person.peran,
            mpp=malls.get(person.place),
            gerai=gerai.get(person.place),
            mulai=timezone.now(),
        )
        for person in missing
        if person.place
    )
    return len(missing)
