"""A gateway that an office puts in front of SP4N-LAPOR!. Its wire format is ours (docs/pertukaran.md), not theirs."""

import json
from dataclasses import asdict
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils.translation import gettext as _

from mpp_portal.notifikasi.channels import Permanent, Temporary, guard

from .sheets import LENGTHS, ROWS
from .upstream import Changes, Report

MOST = 1_000_000  # bytes of one answer
UNTIL = 200  # letters of how far the answers reach


class Gerbang:
    def find(self, rujukan: str) -> str | None:
        answer = self._ask("GET", f"/laporan/{quote(rujukan, safe='')}", unknown_is_fine=True)
        return None if answer.status == 404 else _tracking_id(answer.body)

    def submit(self, report: Report) -> str:
        headers = {"Content-Type": "application/json", "Idempotency-Key": report.rujukan}
        return _tracking_id(self._ask("POST", "/laporan", headers, json.dumps(asdict(report)).encode()).body)

    def changes(self, mpp: str, since: str) -> Changes:
        told = _read(self._ask("GET", f"/perubahan?{urlencode({'mpp': mpp, 'sejak': since})}").body)
        rows, until, more = told.get("baris"), told.get("penanda"), told.get("lagi", False)
        if not isinstance(rows, list) or len(rows) > ROWS or not all(isinstance(row, dict) for row in rows):
            raise Temporary(_("Gerbang SP4N menjawab dengan sesuatu yang tidak dapat dibaca."))
        if not isinstance(until, str) or len(until) > UNTIL:
            raise Temporary(_("Gerbang SP4N menjawab dengan sesuatu yang tidak dapat dibaca."))
        return Changes(rows, until, more is True)

    def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        *,
        unknown_is_fine: bool = False,
    ) -> guard.Answer:
        headers = {"Accept": "application/json", "Authorization": f"Bearer {settings.SP4N_TOKEN}"} | (headers or {})
        try:
            url = settings.SP4N_URL.rstrip("/") + path
            answer = guard.ask(method, url, seconds=guard.READ, most=MOST, headers=headers, data=body)
        except (Temporary, guard.Overlong) as error:
            raise Temporary(_("Gerbang SP4N tidak menjawab."), everyone=True) from error
        except Permanent as error:
            raise Permanent(_("Alamat gerbang SP4N tidak boleh dipanggil: periksa SP4N_URL.")) from error
        if not (unknown_is_fine and answer.status == 404):
            _settle(answer.status)
        return answer


def _settle(status: int) -> None:
    try:
        guard.settle(status)
    except Temporary as error:
        sentence = _("Gerbang SP4N sedang tidak dapat menerima.")
        raise Temporary(f"{sentence} (HTTP {status})", everyone=error.everyone) from None
    except Permanent:
        raise Permanent(_sentence(status)) from None


def _sentence(status: int) -> str:
    """What they wrote themselves may name the reporter: it goes nowhere."""
    known = {
        401: _("Gerbang SP4N tidak mengenal kunci kita: periksa SP4N_TOKEN."),
        403: _("Gerbang SP4N tidak mengenal kunci kita: periksa SP4N_TOKEN."),
        404: _("Alamat gerbang SP4N tidak dikenal: periksa SP4N_URL."),
        409: _("Gerbang SP4N sudah menyimpan laporan lain dengan rujukan ini."),
    }
    sentence = known.get(status) or _("Gerbang SP4N menolak laporan ini.")
    return f"{sentence} (HTTP {status})"


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        raise Temporary(_("Gerbang SP4N menjawab dengan sesuatu yang tidak dapat dibaca."))
    return told


def _tracking_id(body: bytes) -> str:
    found = _read(body).get("tracking_id")
    if not isinstance(found, str) or not 0 < len(found.strip()) <= LENGTHS["tracking_id"]:
        raise Temporary(_("Gerbang SP4N menjawab tanpa tracking ID."))
    return found.strip()
