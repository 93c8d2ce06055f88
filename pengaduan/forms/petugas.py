"""What handlers fill in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from layanan.models import Gerai, Mpp

from .. import personal, rules
from ..models import Aturan, Disposisi, JawabanBaku, Laporan, Tanggapan
from ..states import Klasifikasi, Tema, Urgensi
from .dasar import AttachmentField, PlainForm
from .warga import LONG

INSPEKTORAT = "inspektorat"


class HandlingForm(PlainForm):
    """A form on a report's page, which has several: `prefix` keeps their fields apart."""

    def __init__(self, *args: Any, laporan: Laporan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.laporan = laporan

    def begin(self, part: Disposisi | None) -> None:
        """Before it is shown for the first time: what this form proposes."""


class WordsForm(HandlingForm):
    teks = forms.CharField(
        label=_("Tulis di sini"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Tulis dulu isinya.")},
    )


class AnswerForm(WordsForm):
    berkas = AttachmentField()

    def with_standard(self, part: Disposisi, pk: str) -> "AnswerForm":
        """A fresh form with what was typed and this office's standard answer after it."""
        typed = self.data.get(self.add_prefix("teks"), "").strip()
        texts = [row.teks for row in JawabanBaku.objects.filter(gerai=part.gerai_id) if str(row.pk) == pk]
        words = "\n\n".join(text for text in (typed, *texts) if text)
        return AnswerForm(laporan=self.laporan, prefix=self.prefix, initial={"teks": words})


class ReasonForm(HandlingForm):
    teks = forms.CharField(label=_("Alasan"), max_length=300, error_messages={"required": _("Tulis alasannya.")})


class BanForm(HandlingForm):
    alasan = forms.CharField(
        label=_("Alasan"),
        help_text=_("Pengirimnya membaca ini. Nada kasar saja bukan alasan; laporan palsu berulang kali, ya."),
        max_length=300,
        error_messages={"required": _("Tulis alasannya.")},
    )
    hari = forms.TypedChoiceField(
        label=_("Selama"),
        coerce=int,
        choices=[(7, _("7 hari")), (30, _("30 hari")), (90, _("90 hari"))],
        initial=7,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )


class LeakForm(HandlingForm):
    """What article 46 of UU 27/2022 has the notice say."""

    terungkap = forms.CharField(
        label=_("Data yang terungkap"),
        help_text=_("Data apa saja, milik berapa orang. Tanpa nama dan nomornya."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis data apa yang terungkap.")},
    )
    kejadian = forms.CharField(
        label=_("Kapan dan bagaimana terungkap"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis kapan dan bagaimana datanya terungkap.")},
    )
    upaya = forms.CharField(
        label=_("Apa yang kami lakukan, dan yang dapat Anda lakukan"),
        help_text=_("Contoh: halamannya kami tutup. Waspadai telepon yang mengaku dari kami."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Tulis upaya penanganan dan pemulihannya.")},
    )


class ForwardForm(HandlingForm):
    badan = forms.CharField(
        label=_("Diteruskan kepada"), max_length=150, error_messages={"required": _("Tulis nama lembaganya.")}
    )
    nomor = forms.CharField(
        label=_("Nomor laporan di sana"), max_length=80, error_messages={"required": _("Tulis nomornya di sana.")}
    )


class MergeForm(HandlingForm):
    """The report that is handled, by its code."""

    induk = forms.CharField(
        label=_("Kode laporan yang ditangani"),
        help_text=_("Contoh: MPP-2611-0007. Pelapor yang ini menerima jawabannya juga."),
        max_length=20,
        error_messages={"required": _("Tulis kodenya.")},
    )

    def clean_induk(self) -> str:
        return "-".join(self.cleaned_data["induk"].upper().replace("-", " ").split())


class ClassForm(HandlingForm):
    klasifikasi = forms.ChoiceField(
        label=_("Klasifikasi"),
        choices=Klasifikasi.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )


class DispatchForm(HandlingForm):
    kepada = forms.MultipleChoiceField(
        label=_("Salurkan kepada"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Pilih paling sedikit satu instansi, atau inspektorat.")},
    )
    pesan = forms.CharField(label=_("Pesan kepada instansi"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mpp: Mpp = self.laporan.mpp
        rows = Gerai.objects.filter(mpp=mpp, aktif=True).select_related("instansi")
        self.offices = {str(row.pk): row for row in rows}
        choice: Any = self.fields["kepada"]
        choice.choices = [
            *((pk, row.instansi.singkatan) for pk, row in self.offices.items()),
            (INSPEKTORAT, _("Inspektorat")),
        ]

    def begin(self, part: Disposisi | None) -> None:
        """Tick the office that the mall's rules name, or else the reporter; who dispatches decides."""
        laporan, choice = self.laporan, self.fields["kepada"]
        held = set(Disposisi.objects.current().filter(laporan=laporan).values_list("gerai", flat=True))
        fit = rules.first(Aturan.objects.read_for(laporan.mpp).filter(aktif=True), laporan, held)
        if fit:
            choice.initial = [str(fit.aturan.kepada_id or INSPEKTORAT)]
            why = _("Saran aturan „%(rule)s“ (%(why)s). Anda yang memutuskan.")
            choice.help_text = why % {"rule": fit.aturan, "why": fit.why}
        elif laporan.gerai_id and laporan.gerai_id not in {*held, laporan.kept_from_id}:
            choice.initial = [str(laporan.gerai_id)]
            choice.help_text = _("Pelapor menyebut instansi yang dicentang. Anda yang memutuskan.")

    def given(self) -> dict[str, Any]:
        """What the actions take."""
        data = dict(self.cleaned_data)
        chosen = data.pop("kepada")
        return data | {
            "gerai": [self.offices[pk] for pk in chosen if pk in self.offices],
            "inspektorat": INSPEKTORAT in chosen,
        }


class VerifyForm(DispatchForm):
    klasifikasi = forms.ChoiceField(
        label=_("Klasifikasi"),
        choices=Klasifikasi.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih salah satu.")},
    )
    urgensi = forms.ChoiceField(
        label=_("Urgensi"), choices=Urgensi.choices, initial=Urgensi.RUTIN, widget=forms.RadioSelect
    )
    alasan = forms.CharField(
        label=_("Alasan urgensi"),
        help_text=_("Wajib bila genting atau mendesak."),
        max_length=300,
        required=False,
    )
    tema = forms.ChoiceField(
        label=_("Tema"),
        help_text=_("Untuk statistik dan aturan penyaluran. Boleh kosong."),
        choices=[("", _("Belum ditentukan")), *Tema.choices],
        required=False,
    )
    field_order = ["klasifikasi", "urgensi", "alasan", "tema", "kepada", "pesan"]


class SplitForm(HandlingForm):
    """Begins with the whole text on both sides; what does not belong there is deleted on each."""

    pokok = forms.CharField(
        label=_("Yang tetap ditangani di laporan ini"),
        help_text=_("Hapus yang bukan bagiannya. Kata-kata pelapor tetap tersimpan utuh."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Tulis apa yang tetap di sini.")},
    )
    judul = forms.CharField(
        label=_("Judul laporan kedua"), max_length=120, error_messages={"required": _("Tulis judulnya.")}
    )
    isi = forms.CharField(
        label=_("Isi laporan kedua"),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Tulis isinya.")},
    )
    gerai = forms.ChoiceField(label=_("Laporan kedua tentang instansi mana?"), required=False)
    lampiran = forms.MultipleChoiceField(
        label=_("Berkas yang disalin ke laporan kedua"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"pokok": self.laporan.told, "isi": self.laporan.told}
        rows = Gerai.objects.filter(mpp=self.laporan.mpp, aktif=True).select_related("instansi")
        self.offices = {str(row.pk): row for row in rows}
        self.attached = {str(row.pk): row for row in self.laporan.lampiran.all()}
        choice: dict[str, Any] = self.fields
        offices = [(pk, row.instansi.singkatan) for pk, row in self.offices.items()]
        choice["gerai"].choices = [("", _("Belum diketahui")), *offices]
        choice["lampiran"].choices = [(pk, row.nama) for pk, row in self.attached.items()]
        if not self.attached:
            del self.fields["lampiran"]

    def given(self) -> dict[str, Any]:
        """What the action takes."""
        data = self.cleaned_data
        files = [self.attached[pk] for pk in data.get("lampiran", [])]
        return data | {"gerai": self.offices.get(data["gerai"]), "lampiran": files}


class PublishForm(HandlingForm):
    """Begins with the report's own words, personal data masked; what is sent is what everybody reads."""

    judul = forms.CharField(
        label=_("Judul untuk umum"), max_length=120, error_messages={"required": _("Tulis judulnya.")}
    )
    isi = forms.CharField(
        label=_("Isi untuk umum"),
        help_text=_("NIK, nomor telepon, dan surel yang ditemukan sudah disamarkan. Periksa juga nama dan alamat."),
        max_length=LONG,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Tulis isinya.")},
    )
    jawaban = forms.CharField(
        label=_("Jawaban untuk umum"),
        help_text=_("Boleh kosong."),
        max_length=LONG,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        laporan = self.laporan
        if laporan.published_at:
            self.initial = {"judul": laporan.judul_publik, "isi": laporan.isi_publik, "jawaban": laporan.jawaban_publik}
        else:
            said = laporan.tanggapan.filter(jenis=Tanggapan.Jenis.JAWABAN).values_list("teks", flat=True)
            given = {"judul": laporan.judul, "isi": laporan.told, "jawaban": "\n\n".join(said)}
            self.initial = {name: personal.mask(text) for name, text in given.items()}
