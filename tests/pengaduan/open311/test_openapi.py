"""What the OpenAPI description says of the answers holds for them."""

import jsonschema_rs
import pytest

from .conftest import get, published, said, send

pytestmark = pytest.mark.django_db
KEY = "0123456789abcdefghijkl"


def test_every_answer_is_as_described(meja, kunci):
    laporan = published(meja)
    created = send(headers={"idempotency-key": KEY})
    described = said(get("openapi.json"))
    answers = [
        ("discovery", get("discovery.json"), "/discovery.{format}", "200"),
        ("services", get("services.json"), "/services.{format}", "200"),
        ("definition", get("services/pengaduan.json"), "/services/{service_code}.{format}", "200"),
        ("list", get("requests.json", service_request_id=laporan.kode), "/requests.{format}", "200"),
        ("extended", get("requests.json", extensions="true", api_key="kunci-aplikasi"), "/requests.{format}", "200"),
        ("one", get(f"requests/{laporan.kode}.json"), "/requests/{service_request_id}.{format}", "200"),
        ("token", get(f"tokens/{KEY}.json"), "/tokens/{token}.{format}", "200"),
        ("wrong", get("requests.json", page="0"), "/requests.{format}", "400"),
        ("forbidden", get("requests.json", api_key="x"), "/requests.{format}", "403"),
        ("missing", get("requests/entah.json"), "/requests/{service_request_id}.{format}", "404"),
    ]
    for name, answer, path, status in answers:
        assert said(answer), name
        assert str(answer.status_code) == status, name
        _validate(described, path, "get", status, said(answer))
    _validate(described, "/requests.{format}", "post", "201", said(created))
    with pytest.raises(jsonschema_rs.ValidationError):
        _validate(described, "/services.{format}", "get", "200", [{"service_code": "pengaduan"}])
    assert get("openapi.xml").status_code == 404


def _validate(described, path, method, status, content):
    stated = described["paths"][path][method]["responses"][status]["content"]["application/json"]["schema"]
    schema = described["components"]["schemas"][stated["$ref"].rpartition("/")[2]]
    jsonschema_rs.Draft202012Validator(schema, validate_formats=True).validate(content)
