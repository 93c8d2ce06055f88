"""A conversation with one GeoReport v2 server. It raises Temporary, Unsure or Permanent with a sentence."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import gettext as _

from mpp_portal.notifikasi.channels import Permanent, Temporary, Unsure, guard

from . import speech
from .models import LONGEST, Sambungan

SECONDS = 6.0  # for one answer; three of them and a run of the outbox stay under a task's time limit
MOST = 2_000_000  # bytes of one answer
NUMBER = 100  # characters
NOTHING_TAKEN = (425, 429, 503)  # "not now", before it did anything; of 408, 500, 502 and 504 nobody knows


class Refusal(Permanent):
    """The server answered, and does not do this."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


class Garbled(Permanent):
    """It answered with success and with something else than was asked for."""


@dataclass(frozen=True)
class Told:
    """How a report stands there."""

    keadaan: str
    kata: str


@dataclass(frozen=True)
class Server:
    url: str
    jurisdiction_id: str
    api_key: str
    bentuk: str

    @classmethod
    def of(cls, row: Sambungan) -> "Server":
        return cls(row.url.rstrip("/"), row.jurisdiction_id, row.kunci_api, row.bentuk)

    # --- What it is ---------------------------------------------------------------------------------------------------
    def discovery(self) -> dict[str, Any]:
        """What it says of itself; empty where it has no such page, as many do not."""
        try:
            content = self._ask("GET", "discovery")
        except (Refusal, Garbled):
            return {}
        return next(iter(speech.rows(content, "discovery")), {})

    def services(self) -> list[dict[str, Any]]:
        return [row for row in speech.rows(self._ask("GET", "services"), "services") if "service_code" in row]

    def demanded(self, code: str) -> list[str]:
        """What its definition of a service demands beside the standard fields."""
        content = self._ask("GET", f"services/{quote(code, safe='')}")
        found = next(iter(speech.rows(content, "service_definition")), {})
        asked = speech.rows(found.get("attributes") or [], "attributes")
        return [
            speech.text(row, "description", 80) or speech.text(row, "code", 80)
            for row in asked
            if speech.is_true(row.get("required")) and speech.is_true(row.get("variable", True))
        ]

    # --- Reports ------------------------------------------------------------------------------------------------------
    def file(self, fields: dict[str, str], *, key: str) -> tuple[str, str]:
        """File a report; returns its number and its token, one of them perhaps blank."""
        content = self._ask("POST", "requests", fields, {"Idempotency-Key": key})
        row = next(iter(speech.rows(content, "service_requests")), {})
        nomor, token = speech.text(row, "service_request_id", NUMBER), speech.text(row, "token", NUMBER)
        if not nomor and not token:
            raise Garbled(_("Server itu menjawab berhasil, tetapi tanpa nomor. Periksa di sana sebelum mengirim lagi."))
        return nomor, token

    def number_of(self, token: str) -> str:
        """The number that a token became; blank as long as there is none."""
        content = self._ask("GET", f"tokens/{quote(token, safe='')}")
        return speech.text(next(iter(speech.rows(content, "service_requests")), {}), "service_request_id", NUMBER)

    def find(self, rujukan: str, *, code: str, since: datetime) -> str:
        """The number of the report that begins with our reference, among those filed since then."""
        asked = {"service_code": code, "start_date": since.astimezone(UTC).isoformat(timespec="seconds")}
        own = re.compile(re.escape(rujukan) + r"(?!\d)")
        for row in speech.rows(self._ask("GET", "requests", asked), "service_requests"):
            if own.search(speech.text(row, "description", 4000)):
                return speech.text(row, "service_request_id", NUMBER)
        return ""

    def stands(self, nomor: str) -> Told:
        content = self._ask("GET", f"requests/{quote(nomor, safe='')}")
        row = next(iter(speech.rows(content, "service_requests")), {})
        state = speech.text(row, "status", 20).lower()
        if state not in ("open", "closed"):
            raise Garbled(_("Server itu tidak menyebut apakah laporannya terbuka atau selesai."))
        return Told(state, speech.text(row, "status_notes", LONGEST))

    # --- One question -------------------------------------------------------------------------------------------------
    def _ask(
        self, method: str, path: str, fields: dict[str, str] | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        known = {"jurisdiction_id": self.jurisdiction_id, "api_key": self.api_key}
        sent = {name: value for name, value in (known | (fields or {})).items() if value}
        given: dict[str, Any] = {"data": sent} if method == "POST" else {"params": sent}
        accept = {"Accept": "application/json" if self.bentuk == "json" else "text/xml, application/xml"}
        url = f"{self.url}/{path}.{self.bentuk}"
        answer = guard.ask(method, url, seconds=SECONDS, most=MOST, headers=accept | (headers or {}), **given)
        if answer.status >= 300:
            raise self._refusal(method, answer)
        try:
            return speech.read(self.bentuk, answer.body)
        except speech.Unreadable:
            raise Garbled(_("Jawaban server itu bukan %s.") % self.bentuk.upper()) from None

    def _refusal(self, method: str, answer: guard.Answer) -> Exception:
        if answer.status < 400:
            return Refusal(answer.status, _("Server itu mengalihkan ke alamat lain. Isi alamat tujuannya."))
        if answer.status in (408, 425, 429) or (answer.status >= 500 and answer.status != 501):
            kind = Unsure if method == "POST" and answer.status not in NOTHING_TAKEN else Temporary
            return kind(_("Server itu sedang tidak dapat menjawab (%s).") % answer.status, everyone=True)
        known = {"status": answer.status, "kata": self._errors(answer.body) or "-"}
        return Refusal(answer.status, _("Server itu menolak (%(status)s): %(kata)s") % known)

    def _errors(self, body: bytes) -> str:
        """What it says is wrong, without our key."""
        try:
            found = speech.rows(speech.read(self.bentuk, body), "errors")
        except speech.Unreadable:
            return ""
        said = " ".join(part for row in found if (part := speech.text(row, "description", 200)))
        return (said.replace(self.api_key, "…") if self.api_key else said)[:200]


__all__ = ["Garbled", "Permanent", "Refusal", "Server", "Temporary", "Told", "Unsure"]
