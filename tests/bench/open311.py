"""Open311: every answer against the field rules of GeoReport v2, XML against JSON, a foreign client, schemathesis."""

import json
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx

from .peralatan import site

KEY, MALL, EXAMPLES, SEED = "kunci-ukur-open311", "kota-contoh", 60, 20260814
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
W3C = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SENT = {"api_key": [KEY], "jurisdiction_id": [MALL], "address_id": [MALL], "email": ["warga@contoh.id", "entah"],
        "phone": ["0812 3456 7890"], "media_url": ["https://contoh.id/foto.jpg"], "lat": ["-3.3"], "long": ["114.6"],
        "attribute[instansi]": ["disdukcapil"], "attribute[terjadi_pada]": ["2026-08-14"],
        "attribute[anonim]": ["ya", "tidak"], "attribute[rahasia]": ["ya", "tidak"]}  # fmt: skip
# The tables of the specification: what each field holds, and whether it may be null. `+`: there in every answer.
RULES = {
    "service": {"+service_code": str, "+service_name": str, "+description": str, "+metadata": bool,
                "+type": ("realtime", "batch", "blackbox"), "+keywords": str, "+group": str},
    "attribute": {"+variable": bool, "+code": str, "+required": bool, "+datatype_description": (str, None),
                  "+datatype": ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
                  "+order": int, "+description": str, "values": list},
    "request": {"+service_request_id": str, "+status": ("open", "closed"), "+status_notes": (str, None),
                "+service_name": str, "+service_code": str, "+description": (str, None),
                "+agency_responsible": (str, None), "+service_notice": (str, None), "+requested_datetime": datetime,
                "+updated_datetime": datetime, "+expected_datetime": (datetime, None), "+address": (str, None),
                "+address_id": (str, None), "+zipcode": (str, None), "+lat": (float, None), "+long": (float, None),
                "+media_url": (str, None)},
}  # fmt: skip


def main() -> dict[str, Any]:
    with site(processes=2) as portal:
        furnish()
        root = f"{portal.url}/open311/v2"
        faults, rows, dates = against_rules(root)
        differences, compared = between_formats(root)
        read = by_client(root)
        tried = by_schemathesis(root)
    return {
        "ok": not faults and not differences and rows > 20 and dates > 40 and read > 20 and tried["ok"],
        "rows": rows,
        "dates": dates,
        "rule_faults": faults,
        "xml_compared": compared,
        "xml_differences": differences,
        "client": f"georeport {version('georeport')}",
        "client_read": read,
        "schemathesis": tried,
    }


def furnish() -> None:
    """A key, and reports in every state that the demo knows, some of them with words that XML finds hard."""
    from layanan.models import Mpp
    from pengaduan.models import Laporan
    from pengaduan.open311.models import KunciApi, fingerprint
    from tests import factories

    koordinator, mpp = factories.Pengguna(), Mpp.objects.get(slug=MALL)
    KunciApi.objects.create(mpp=mpp, nama="Ukur", sidik=fingerprint(KEY), batas=1000)
    now = datetime.now(UTC)
    for n, words in enumerate(["<b>&amp;", "baris\nsatu\r\n\tdua", "\u202ekanan 😀", "]]>", " tepi "] * 5):
        factories.Laporan(
            mpp=mpp, kode=f"MPP-2612-9{n:03d}", judul_publik=words.strip(), isi_publik=words, penerbit=koordinator,
            created_at=now - timedelta(days=n), published_at=now, jenis=Laporan.Jenis.values[n % 3],
        )  # fmt: skip


def _get(url: str, **asked: str) -> httpx.Response:
    answer = httpx.get(url, params={"jurisdiction_id": MALL} | asked, trust_env=False, timeout=30)
    answer.raise_for_status()
    return answer


def against_rules(root: str) -> tuple[list[str], int, int]:
    """Faults, rows looked at, and dates among them."""
    services = _get(f"{root}/services.json").json()
    rows = [("service", row) for row in services]
    for service in services:
        definition = _get(f"{root}/services/{service['service_code']}.json").json()
        rows += [("attribute", row) for row in definition["attributes"]]
    for status in ("open", "closed"):
        listed = _get(f"{root}/requests.json", status=status).json()
        rows += [("request", row) for row in listed]
        rows += [("request", _get(f"{root}/requests/{row['service_request_id']}.json").json()[0]) for row in listed[:5]]
    faults = [fault for kind, row in rows for fault in _faults(RULES[kind], row)]
    dates = sum(bool(value) for _kind, row in rows for name, value in row.items() if name.endswith("_datetime"))
    return faults[:20], len(rows), dates


def _faults(rules: dict[str, Any], row: dict[str, Any]) -> list[str]:
    known = {name.removeprefix("+"): rule for name, rule in rules.items()}
    missing = {name[1:] for name in rules if name.startswith("+")} - set(row)
    wrong = [f"{name}: {value!r}" for name, value in row.items() if name in known and not _fits(known[name], value)]
    return [
        *(f"{name} is missing" for name in missing),
        *(f"{name} is no field" for name in set(row) - set(known)),
        *wrong,
    ]


def _fits(rule: Any, value: Any) -> bool:
    if isinstance(rule, tuple):
        return any(_fits(part, value) for part in rule)
    if rule is datetime:
        whole = isinstance(value, str) and W3C.fullmatch(value)
        return bool(whole and datetime(2000, 1, 1, tzinfo=UTC) < datetime.fromisoformat(value))
    return type(value) is rule if isinstance(rule, type) else value == rule


def between_formats(root: str) -> tuple[list[str], int]:
    """Pages whose XML says something else than their JSON, and the number of pages."""
    from tests.pengaduan.open311.conftest import as_text, from_xml

    codes = [row["service_request_id"] for row in _get(f"{root}/requests.json").json()]
    names = ["discovery", "services", "requests", *(f"requests/{code}" for code in codes)]
    names += [f"services/{row['service_code']}" for row in _get(f"{root}/services.json").json()]
    found = []
    for name in names:
        as_json, as_xml = (_get(f"{root}/{name}.{form}", extensions="true") for form in ("json", "xml"))
        if from_xml(as_xml) != as_text(as_json.json()):
            found.append(name)
    return found, len(names)


def by_client(root: str) -> int:
    """Reports that the foreign client read alike as JSON and as XML, each for itself too."""
    from georeport import GeoReport

    read = 0
    first, second = (GeoReport(root, jurisdiction=MALL, output_format=form) for form in ("json", "xml"))
    codes = [row["service_code"] for row in first.get_service_list()]
    assert codes == [row["service_code"] for row in second.get_service_list()]
    for code in codes:
        assert first.get_service_definition(code)["service_code"] == code
    for row, same in zip(first.get_service_requests(), second.get_service_requests(), strict=True):
        code = row["service_request_id"]
        assert code == same["service_request_id"] == first.get_service_request(code)["service_request_id"]
        assert row == first.get_service_request(code)
        assert second.get_service_request(code) == same
        read += 1
    return read


def by_schemathesis(root: str) -> dict[str, Any]:
    """What our own description allows and forbids, with a key that opens: reports are really made."""
    from pengaduan.models import Laporan

    described = httpx.get(f"{root}/openapi.json", trust_env=False).json()
    sent = described["paths"]["/requests.{format}"]["post"]["requestBody"]["content"]
    schema = sent["application/x-www-form-urlencoded"]["schema"]
    schema["properties"] |= {name: {"type": "string", "enum": values} for name, values in SENT.items()}
    schema["required"] += ["address_id", "description"]
    one = described["paths"]["/requests/{service_request_id}.{format}"]["get"]["parameters"]
    codes = [row["service_request_id"] for row in _get(f"{root}/requests.json", page_size="3").json()]
    next(row for row in one if row["name"] == "service_request_id")["schema"]["enum"] = codes
    before = Laporan.objects.count()
    with tempfile.TemporaryDirectory(prefix="mpp-ukur-") as folder:
        Path(folder, "openapi.json").write_text(json.dumps(described))
        command = [str(Path(sys.executable).with_name("schemathesis")), "run", "openapi.json", f"--url={root}",
                   f"--checks={CHECKS}", f"--max-examples={EXAMPLES}", f"--seed={SEED}", "--no-color",
                   "--phases=coverage,fuzzing", "--continue-on-failure", "--report-json-path=report.json"]  # fmt: skip
        run = subprocess.run(command, cwd=folder, stdout=sys.stderr, stderr=sys.stderr)
        report = json.loads(Path(folder, "report.json").read_text())
    tried, made = report["test_cases"]["generated"], Laporan.objects.count() - before
    return {"ok": run.returncode == 0 and tried >= 500 and made >= 1, "tried": tried,
            "failures": len(report["failures"]), "reports_made": made}  # fmt: skip
