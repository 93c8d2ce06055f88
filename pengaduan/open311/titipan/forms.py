"""Where an office's server is: asked before it is stored, so that a wrong address is not found out by a report."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget

from layanan.admin.base import AdminForm
from mpp_portal.notifikasi.models import Sistem

from . import speech
from .models import Bentuk
from .server import Garbled, Permanent, Refusal, Server, Temporary

FIXED = ("gerai", "url", "jurisdiction_id")  # of a server that has reports of ours


class SambunganForm(AdminForm):
    """The key is never shown again: blank keeps it."""

    kunci_api = forms.CharField(
        label=gettext_lazy("Kunci (api_key)"),
        help_text=gettext_lazy("Dari pemilik server itu. Kosongkan bila tidak ada."),
        max_length=300,
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "off"}),
    )
    derived = ("bentuk",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and "kunci_api" in self.fields:
            self.fields["kunci_api"].help_text = _("Kosongkan agar kuncinya tetap.")

    def clean_kunci_api(self) -> str:
        """The stored key was given for the stored address: it is not sent to another by leaving it blank."""
        typed, stored, before = self.cleaned_data["kunci_api"], self.instance.kunci_api, self.instance.url
        if stored and not typed and self.cleaned_data.get("url", before).rstrip("/") != before.rstrip("/"):
            raise forms.ValidationError(_("Alamatnya berubah: ketik lagi kuncinya. Yang lama tidak dikirim ke sana."))
        return typed or stored

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"].rstrip("/")
        if urlsplit(url).query or urlsplit(url).fragment:
            raise forms.ValidationError(_("Isi alamat dasarnya saja, tanpa tanda ? atau #."))
        return url

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.errors or not data.get("aktif"):
            return data
        if settings.KABAR_KANAL[Sistem.OPEN311] == "mati":
            raise forms.ValidationError(_("Pengiriman Open311 belum dinyalakan di server portal (KABAR_OPEN311)."))
        given = {name: data.get(name, getattr(self.instance, name)) for name in ("url", "jurisdiction_id")}
        server = self._found(given["url"], given["jurisdiction_id"], data["kunci_api"])
        if server:
            self.instance.bentuk = server.bentuk
            self._require_service(server, data["service_code"])
        return data

    def _found(self, url: str, jurisdiction_id: str, key: str) -> Server | None:
        """The server as it answers: in JSON if it can, else in XML."""
        sentence = ""
        for bentuk in Bentuk.values:
            server = Server(url, jurisdiction_id, key, bentuk)
            try:
                if server.services():
                    return server
            except (Refusal, Garbled) as error:
                sentence = sentence or str(error)
                continue
            except Temporary:
                self._say_of_address(_("Server itu tidak menjawab. Periksa alamatnya, atau coba lagi nanti."))
                return None
            except Permanent:
                self._say_of_address(_("Alamatnya memakai https:// dan berada di internet."))
                return None
        self._say_of_address(self._elsewhere(url, jurisdiction_id, key, sentence))
        return None

    def _say_of_address(self, sentence: str) -> None:
        """At its field; above the form where it is fixed."""
        self.add_error("url" if "url" in self.fields else None, sentence)

    def _elsewhere(self, url: str, jurisdiction_id: str, key: str, sentence: str) -> str:
        """Its discovery may name where the service really is; a person types that."""
        for bentuk in Bentuk.values:
            try:
                found = Server(url, jurisdiction_id, key, bentuk).discovery()
            except (Temporary, Permanent):
                continue
            for row in speech.rows(found.get("endpoints") or [], "endpoints"):
                named = speech.text(row, "url", 300).rstrip("/")
                if "georeport_v2" in speech.text(row, "specification", 200).lower() and named not in ("", url):
                    return _("GeoReport v2 di server itu ada di alamat lain: %s. Isi alamat itu.") % named
        return _("Tidak ada daftar layanan GeoReport v2 di alamat itu. %s") % sentence

    def _require_service(self, server: Server, code: str) -> None:
        try:
            rows = {speech.text(row, "service_code", 100): row for row in server.services()}
            if code not in rows:
                known = ", ".join(list(rows)[:20])
                self.add_error("service_code", _("Server itu tidak mengenal kode ini. Yang ada: %s.") % known)
                return
            demanded = server.demanded(code) if speech.is_true(rows[code].get("metadata")) else []
        except (Temporary, Permanent):
            self.add_error("service_code", _("Server itu tidak menjawab waktu ditanya tentang kode ini. Coba lagi."))
            return
        if demanded:
            said = _("Layanan itu mewajibkan isian yang tidak kami kirim: %s. Pilih layanan lain.")
            self.add_error("service_code", said % ", ".join(demanded))
