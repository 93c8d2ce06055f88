"""What a program asks for or sends, read field by field; each mistake is a sentence that names its field."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from layanan.models import Gerai, Loket, Mpp
from mpp_portal.notifikasi import addresses
from mpp_portal.notifikasi.models import Kanal

from ..actions import Given
from ..forms.warga import MANAGEMENT, plain
from .answers import Problem
from .fields import LONGEST
from .services import ATTRIBUTES, NO, SERVICES, TITLE, YES, offices

SPAN = timedelta(days=90)
ROWS = 1000
YEARS = range(2000, 2100)
DATE = gettext_lazy("Tulis waktu dengan zonanya, misalnya 2026-08-14T09:00:00+07:00.")
ATTRIBUTE = re.compile(r"attribute\[(\w{1,40})\](?:\[\])?")


class Typed(forms.Form):
    def checked(self) -> dict[str, Any]:
        """What was given, or Problem with all that is wrong with it."""
        if not self.is_valid():
            raise Problem(400, *(f"{name}: {error}" for name, errors in self.errors.items() for error in errors))
        return self.cleaned_data


class W3cField(forms.CharField):
    """An instant with its zone."""

    def to_python(self, value: Any) -> Any:
        typed = (super().to_python(value) or "").replace(" ", "+")  # a plus that was not written %2B
        if not typed:
            return None
        try:
            at = datetime.fromisoformat(typed)
        except ValueError:
            raise ValidationError(DATE) from None
        if at.tzinfo is None or at.year not in YEARS:
            raise ValidationError(DATE)
        return at

    def validate(self, value: Any) -> None: ...

    def run_validators(self, value: Any) -> None: ...


class CommaField(forms.CharField):
    """Values with commas between them."""

    def clean(self, value: Any) -> Any:
        return [part.strip() for part in super().clean(value).split(",") if part.strip()]


class QueryForm(Typed):
    service_request_id = CommaField(max_length=20_000, required=False)
    service_code = CommaField(max_length=400, required=False)
    start_date = W3cField(max_length=40, required=False)
    end_date = W3cField(max_length=40, required=False)
    status = CommaField(max_length=40, required=False)
    page = forms.IntegerField(min_value=1, max_value=1_000_000, required=False)
    page_size = forms.IntegerField(min_value=1, max_value=ROWS, required=False)
    per_page = forms.IntegerField(min_value=1, max_value=ROWS, required=False)

    def clean_service_code(self) -> list[str]:
        return _among(self.cleaned_data["service_code"], list(SERVICES))

    def clean_status(self) -> list[str]:
        return _among(self.cleaned_data["status"], ["open", "closed"])

    def clean(self) -> dict[str, Any]:
        """At most 90 days: the newest, where nothing else is said."""
        data = super().clean() or self.cleaned_data
        start, end = data.get("start_date"), data.get("end_date")
        if start and end and end < start:
            self.add_error("end_date", _("Harus sesudah start_date."))
        elif start and end and end - start > SPAN:
            self.add_error("end_date", _("Paling banyak 90 hari sesudah start_date."))
        data["end_date"] = end or (start + SPAN if start else timezone.now())
        data["start_date"] = start or data["end_date"] - SPAN
        return data


def _among(given: list[str], known: list[str]) -> list[str]:
    if set(given) - set(known):
        raise ValidationError(_("Pilih di antara: %s.") % ", ".join(known))
    return given


class SendForm(Typed):
    """A new report. The place is one of the mall's own (`address_id`), or in words or degrees beside the mall."""

    description = forms.CharField(max_length=LONGEST, required=False)
    address_id = forms.CharField(max_length=150, required=False)
    address_string = forms.CharField(max_length=200, required=False)
    lat = forms.FloatField(min_value=-90, max_value=90, required=False)
    long = forms.FloatField(min_value=-180, max_value=180, required=False)
    email = forms.CharField(max_length=120, required=False)
    phone = forms.CharField(max_length=40, required=False)
    first_name = forms.CharField(max_length=50, required=False)
    last_name = forms.CharField(max_length=49, required=False)
    device_id = forms.CharField(max_length=200, required=False)
    account_id = forms.CharField(max_length=200, required=False)
    media_url = forms.URLField(max_length=400, required=False, assume_scheme="https")
    judul = forms.CharField(max_length=TITLE, required=False)
    instansi = forms.ChoiceField(required=False)
    terjadi_pada = forms.CharField(max_length=40, required=False)
    anonim = forms.ChoiceField(choices=[(YES, YES), (NO, NO)], required=False)
    rahasia = forms.ChoiceField(choices=[(YES, YES), (NO, NO)], required=False)

    def __init__(self, sent: QueryDict, *, mpp: Mpp) -> None:
        attributes = {match[1]: sent[name] for name in sent if (match := ATTRIBUTE.fullmatch(name))}
        fields = {name: sent[name] for name in self.base_fields if name in sent and name not in ATTRIBUTES}
        super().__init__(fields | attributes)
        self.mpp, self.unknown = mpp, sorted(set(attributes) - set(ATTRIBUTES))
        choice: Any = self.fields["instansi"]
        choice.choices = offices(mpp)

    def clean_address_id(self) -> str:
        """`kota-contoh`, `kota-contoh/disdukcapil` or `kota-contoh/loket-3`."""
        typed: str = self.cleaned_data["address_id"]
        mall, _slash, place = typed.partition("/")
        self.gerai: Gerai | None = None
        self.loket: Loket | None = None
        if typed and mall != self.mpp.slug:
            raise ValidationError(_("Tempat ini bukan di %s.") % self.mpp.nama)
        if number := re.fullmatch(r"loket-(\d{1,4})", place):
            self.loket = Loket.objects.filter(mpp=self.mpp, nomor=int(number[1])).select_related("gerai").first()
            self.gerai = self.loket.gerai if self.loket else None
        elif place:
            self.gerai = Gerai.objects.filter(mpp=self.mpp, aktif=True, instansi__slug=place).first()
        if place and self.gerai is None:
            raise ValidationError(_("Tidak ada gerai atau loket seperti itu di %s.") % self.mpp.nama)
        return typed

    def clean_email(self) -> str:
        typed: str = self.cleaned_data["email"]
        return addresses.email(typed) if typed else ""

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        return addresses.phone(typed) if typed else ""

    def clean_terjadi_pada(self) -> date | None:
        typed: str = self.cleaned_data["terjadi_pada"]
        if not typed:
            return None
        try:
            at = datetime.fromisoformat(typed)
            day = self.mpp.today(at) if at.tzinfo else at.date()
        except (ValueError, OverflowError):
            raise ValidationError(_("Tulis tanggal seperti 2026-08-14.")) from None
        if day > self.mpp.today():
            raise ValidationError(_("Tanggal itu belum terjadi. Periksa lagi tahun dan bulannya."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        degrees = data.get("lat") is not None, data.get("long") is not None
        if any(degrees) and not all(degrees):
            self.add_error("lat", _("Kirim lat dan long bersama-sama."))
        if not (any(degrees) or data.get("address_string") or data.get("address_id")) and not self.errors:
            self.add_error("address_id", _("Kirim tempatnya: address_id, address_string, atau lat dan long."))
        if not (data.get("description") or data.get("judul")) and not self.errors:
            self.add_error("description", _("Ceritakan apa yang terjadi."))
        for name in self.unknown:
            self.add_error(None, _("attribute[%s] tidak dikenal. Lihat definisi layanannya.") % name)
        return data

    def given(self, jenis: str) -> Given:
        """What the form of the pages would give."""
        data, office = self.checked(), self.cleaned_data["instansi"]
        gerai = self.gerai
        if office and office != MANAGEMENT:
            gerai = Gerai.objects.get(mpp=self.mpp, aktif=True, instansi__slug=office)
            if self.gerai and self.gerai != gerai:
                raise Problem(400, _("address_id dan attribute[instansi] menunjuk instansi yang berbeda."))
        words = plain(data["description"] or data["judul"]).strip()
        name = " ".join(plain(f"{data['first_name']} {data['last_name']}").split())
        contact = data["email"] or data["phone"]
        return {
            "jenis": jenis,
            "judul": " ".join(plain(data["judul"]).split()) or Truncator(" ".join(words.split())).chars(TITLE),
            "isi": f"{words}\n\n{data['media_url']}" if data["media_url"] else words,
            "gerai": None if office == MANAGEMENT else gerai,
            "tentang_pengelola": office == MANAGEMENT,
            "lokasi": self._where(data),
            "terjadi_pada": data["terjadi_pada"],
            "anonim": data["anonim"] == YES or not name,
            "rahasia": data["rahasia"] == YES,
            "nama": name,
            "kanal": (Kanal.SUREL if data["email"] else Kanal.WHATSAPP).value if contact else "",
            "kontak": contact,
        }

    def _where(self, data: dict[str, Any]) -> str:
        degrees = f"{data['lat']}, {data['long']}" if data["lat"] is not None else ""
        found = [str(self.loket) if self.loket else "", plain(data["address_string"]), degrees]
        return "; ".join(part for part in found if part)[:200]
