"""What everybody may read by Open311: the published words, by the specification's fields, in JSON and XML alike."""

from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pengaduan import actions
from tests import factories
from tests.pengaduan.conftest import MONDAY, days

from .conftest import ROOT, as_text, from_xml, get, published, said

pytestmark = pytest.mark.django_db
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip
WINDOW = {"start_date": "2026-10-01T00:00:00Z", "end_date": "2026-12-20T00:00:00+07:00"}


def codes(answer):
    return [row["service_request_id"] for row in said(answer)]


def test_a_published_report_in_the_fields_of_the_specification(meja):
    laporan = published(meja)
    (row,) = said(get(f"requests/{laporan.kode}.json"))
    gerai = meja.gerai[0]
    assert list(row) == FIELDS
    assert row == dict.fromkeys(FIELDS) | {
        "service_request_id": laporan.kode,
        "status": "open",
        "status_notes": "didisposisikan",
        "service_name": "Pengaduan",
        "service_code": "pengaduan",
        "description": "Pukul dua sudah kosong.",
        "agency_responsible": gerai.instansi.singkatan,
        "requested_datetime": "2026-11-23T09:00:00+08:00",
        "updated_datetime": "2026-11-23T09:00:00+08:00",
        "expected_datetime": "2026-12-12T00:00:00+08:00",
        "address": row["address"],
        "address_id": f"{meja.mpp.slug}/{gerai.instansi.slug}",
    }
    assert row["address"].startswith(f"{gerai.instansi.nama}, {meja.mpp.nama}, ")
    assert "Warga Contoh" not in str(row)
    more = said(get(f"requests/{laporan.kode}.json", extensions="true"))[0]
    assert {name: more[name] for name in FIELDS} == row
    assert more["extended_attributes"]["title"] == "Loket tutup lebih awal"


def test_a_closed_report_says_when_and_what_was_answered(meja):
    laporan = published(meja)
    meja.answer(laporan, at=MONDAY + days(1))
    actions.publish(laporan, judul="Judul", isi="Isi", jawaban="Sudah diperbaiki.", by=meja.koordinator)
    actions.close(laporan, by=meja.rekan, now=MONDAY + days(2))
    (row,) = said(get(f"requests/{laporan.kode.lower()}.json"))
    assert row["status"] == "closed"
    assert row["status_notes"] == "selesai: Sudah diperbaiki."
    assert row["updated_datetime"] == "2026-11-25T09:00:00+08:00"


def test_only_what_is_published_exists(meja):
    shown = published(meja)
    hidden = meja.routed()
    taken = published(meja)
    actions.withdraw(taken)
    elsewhere = factories.Laporan(kode="MPP-2610-0777", judul_publik="A", isi_publik="B", published_at=MONDAY,
                                  created_at=MONDAY, penerbit=meja.koordinator)  # fmt: skip
    mall = {"jurisdiction_id": meja.mpp.slug}
    assert codes(get("requests.json", **WINDOW, **mall)) == [shown.kode]
    for laporan in (hidden, taken, elsewhere):
        answer = get(f"requests/{laporan.kode}.json", **mall)
        assert answer.status_code == 404
        assert said(answer)[0]["code"] == 404


def test_requests_are_found_by_id_code_status_and_time_and_come_in_pages(meja):
    old = published(meja, at=MONDAY - days(80))
    plea = published(meja, jenis="aspirasi")
    ended = meja.answer(published(meja, at=MONDAY + days(1)), at=MONDAY + days(2))
    actions.close(ended, by=meja.rekan, now=MONDAY + days(3))

    def found(**asked):
        return codes(get("requests.json", **asked))

    window = {"start_date": "2026-09-01T00:00:00Z", "end_date": "2026-11-29T00:00:00Z"}
    assert found(**window) == [ended.kode, plea.kode, old.kode]
    assert found(**window, status="") == [ended.kode, plea.kode, old.kode]
    assert found(**window, status="closed") == [ended.kode]
    assert found(**window, status="open,closed", service_code="pengaduan") == [ended.kode, old.kode]
    assert found(start_date="2026-11-20T00:00:00 08:00") == [ended.kode, plea.kode]  # a plus that became a space
    assert found(end_date="2026-09-30T00:00:00Z") == [old.kode]
    assert found(service_request_id=f"{old.kode}, {plea.kode.lower()},entah", status="closed") == [plea.kode, old.kode]
    first = get("requests.json", **window, page_size="2")
    assert codes(first) == [ended.kode, plea.kode]
    assert "page=2" in first["Link"]
    assert 'rel="next"' in first["Link"]
    second = get("requests.json", **window, per_page="2", page="2")
    assert codes(second) == [old.kode]
    assert 'rel="prev"' in second["Link"]


def test_a_list_of_three_asks_as_often_as_a_list_of_one(meja, django_assert_num_queries):
    published(meja)
    get("requests.json", **WINDOW)
    with CaptureQueriesContext(connection) as one:
        assert len(codes(get("requests.json", **WINDOW))) == 1
    published(meja)
    published(meja)
    with django_assert_num_queries(len(one)):
        assert len(codes(get("requests.json", **WINDOW))) == 3


def test_xml_says_the_same_as_json(meja):
    laporan = published(meja, isi="Baris <satu> & \x0bdua\nbaris \u202etiga 😀")
    names = ["discovery", "services", "services/pengaduan", f"requests/{laporan.kode}", "requests", "requests/entah"]
    for name in names:
        asked = WINDOW | {"extensions": "true"}
        as_json, as_xml = get(f"{name}.json", **asked), get(f"{name}.xml", **asked)
        assert as_json["Content-Type"] == "application/json; charset=utf-8"
        assert as_xml["Content-Type"] == "text/xml; charset=utf-8"
        assert as_xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>\n<')
        assert as_json.status_code == as_xml.status_code
        assert from_xml(as_xml) == as_text(said(as_json))
    assert said(get(f"requests/{laporan.kode}.json"))[0]["description"] == "Baris <satu> & dua\nbaris \u202etiga 😀"


def test_discovery_services_and_definition(meja):
    discovery = said(get("discovery.json"))
    assert discovery["endpoints"][0]["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert discovery["endpoints"][0]["url"] == "http://testserver/open311/v2"
    services = said(get("services.json"))
    assert {service["service_code"] for service in services} == {"pengaduan", "aspirasi", "permintaan_informasi"}
    assert all(service["metadata"] is True and service["type"] == "realtime" for service in services)
    definition = said(get("services/aspirasi.json"))
    office = next(row for row in definition["attributes"] if row["code"] == "instansi")
    assert {value["key"] for value in office["values"]} == {*(g.instansi.slug for g in meja.gerai), "pengelola"}
    assert [row["order"] for row in definition["attributes"]] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(("name", "asked", "status", "sentence"), [
    ("services.json", {"jurisdiction_id": "entah"}, 404, "Tidak ada jurisdiction_id"),
    ("services.json", {"jurisdiction_id": "a\x00"}, 404, "Tidak ada jurisdiction_id"),
    ("services.csv", {}, 404, "Format yang ada"),
    ("services/entah.json", {}, 404, "Tidak ada service_code"),
    ("requests/MPP-2611-9999.json", {}, 404, "Tidak ada laporan umum"),
    ("tokens/entah.json", {}, 404, "Token ini tidak dikenal"),
    ("requests.json", {"status": "busy"}, 400, "status: Pilih di antara: open, closed."),
    ("requests.json", {"service_code": "006"}, 400, "service_code: Pilih"),
    ("requests.json", {"service_code": "\x00"}, 400, "service_code:"),
    ("requests.json", {"start_date": "kemarin"}, 400, "start_date: Tulis waktu dengan zonanya"),
    ("requests.json", {"start_date": "2026-08-14T09:00:00"}, 400, "start_date: Tulis"),
    ("requests.json", {"end_date": "0001-01-01T00:00:00Z"}, 400, "end_date: Tulis"),
    ("requests.json", {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-06-01T00:00:00Z"}, 400, "90 hari"),
    ("requests.json", {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"}, 400, "sesudah"),
    ("requests.json", {"page": "0"}, 400, "page:"),
    ("requests.json", {"page_size": "1001"}, 400, "page_size:"),
    ("requests.json", {"api_key": "palsu"}, 403, "api_key ini tidak berlaku"),
])  # fmt: skip
def test_what_cannot_be_answered_is_said_in_a_sentence(meja, name, asked, status, sentence):
    answer = get(name, **asked)
    assert answer.status_code == status
    written = answer.content.decode()
    assert sentence in written
    assert f"<code>{status}</code>" in written or f'"code": {status}' in written


def test_where_several_malls_run_the_jurisdiction_is_asked_for(meja):
    factories.Mpp()
    assert "Kirim jurisdiction_id" in get("services.xml").content.decode()
    assert get("services.json").status_code == get("services.json", jurisdiction_id="").status_code == 400
    assert get("services.json", jurisdiction_id=meja.mpp.slug).status_code == 200


def test_the_language_follows_the_caller_and_any_site_may_read(meja):
    answer = Client().get(f"{ROOT}requests/entah.json", headers={"accept-language": "en-GB,en"})
    assert said(answer)[0]["description"] == "There is no public report with that code."
    assert answer["Content-Language"] == "en"
    assert "Accept-Language" in answer["Vary"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert said(Client().get(f"/en{ROOT}services.json"))[0]["service_name"] == "Complaints"
    preflight = Client().options(f"{ROOT}requests.json")
    assert preflight.status_code == 204
    assert preflight["Access-Control-Allow-Methods"] == "GET, HEAD"
    refused = Client().delete(f"{ROOT}requests.json")
    assert (refused.status_code, refused["Allow"]) == (405, "GET, POST, HEAD, OPTIONS")


def test_times_carry_the_malls_own_zone(db):
    mpp = factories.Mpp(zona="Asia/Jayapura")
    factories.Laporan(mpp=mpp, judul_publik="A", isi_publik="B", published_at=MONDAY, created_at=MONDAY,
                      penerbit=factories.Pengguna(), kode="MPP-2611-0777")  # fmt: skip
    at = said(get("requests/MPP-2611-0777.json"))[0]["requested_datetime"]
    assert at == "2026-11-23T10:00:00+09:00"
    assert datetime.fromisoformat(at) == MONDAY
