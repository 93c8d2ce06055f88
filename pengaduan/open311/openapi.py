"""The API in OpenAPI 3.1, for programs: what each address takes and gives. The tests hold the answers to it."""

from typing import Any

from ..models import Laporan
from .forms import ROWS
from .services import ATTRIBUTES

TEXT: dict[str, Any] = {"type": "string"}
BLANK = {"type": ["string", "null"]}
NUMBER = {"type": ["number", "null"]}
TIME = {"type": "string", "format": "date-time"}
FLAG = {"type": "boolean"}
REPORT_ID = {"type": "string", "pattern": r"^MPP-\d{4}-\d{4,6}$"}


def _object(always: list[str] | None = None, **properties: Any) -> dict[str, Any]:
    """All properties are always there, unless `always` names those that are."""
    names = list(properties) if always is None else always
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(values)}


CODE = _one_of(*Laporan.Jenis.values)
REQUEST = _object(
    always=["service_request_id", "status", "service_code", "service_name", "requested_datetime", "updated_datetime"],
    service_request_id=REPORT_ID, status=_one_of("open", "closed"), status_notes=BLANK, service_name=TEXT,
    service_code=CODE, description=BLANK | {"maxLength": 4000}, agency_responsible=BLANK, service_notice=BLANK,
    requested_datetime=TIME, updated_datetime=TIME, expected_datetime=TIME | {"type": ["string", "null"]}, address=TEXT,
    address_id=TEXT, zipcode=BLANK, lat=NUMBER, long=NUMBER, media_url=BLANK,
    extended_attributes=_object(title=BLANK, state=TEXT, lapor_state=TEXT, jurisdiction_id=TEXT, public_url=BLANK),
)  # fmt: skip
SCHEMAS = {
    "errors": _list(_object(code={"type": "integer"}, description=TEXT)),
    "discovery": _object(
        changeset=TEXT, contact=TEXT, key_service=TEXT,
        endpoints=_list(_object(
            specification=TEXT, url=TEXT, changeset=TEXT, type=_one_of("production", "test"), formats=_list(TEXT)
        )),
    ),
    "services": _list(_object(
        service_code=CODE, service_name=TEXT, description=TEXT, metadata=FLAG,
        type=_one_of("realtime", "batch", "blackbox"), keywords=TEXT, group=TEXT,
    )),
    "service_definition": _object(service_code=CODE, attributes=_list(_object(
        variable=FLAG, code=_one_of(*ATTRIBUTES),
        datatype=_one_of("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"),
        required=FLAG, datatype_description=BLANK, order={"type": "integer", "minimum": 1}, description=TEXT,
        values=_list(_object(key=TEXT, name=TEXT)),
    ))),
    "service_requests": _list(REQUEST),
    "created": _list(_object(service_request_id=REPORT_ID, service_notice=BLANK, account_id=BLANK)),
    "tokens": _list(_object(service_request_id=REPORT_ID, token=TEXT)),
}  # fmt: skip
SAID = {
    400: "A parameter is missing or wrong; the sentence names it",
    403: "The api_key is missing or does not serve here",
    404: "There is no such mall, service, report, token or format",
    429: "The key has sent too much within the hour",
}


def _parameter(name: str, schema: dict[str, Any], where: str = "query") -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


FORMAT = _parameter("format", _one_of("json", "xml"), "path")
MALL = _parameter("jurisdiction_id", {"type": "string", "description": "Slug of the mall; needed where several run"})
KEY = _parameter("api_key", {"type": "string", "description": "Shows how the reports stand that came with this key"})
EXTENSIONS = _parameter("extensions", _one_of("true", "false"))
SEARCH = [
    MALL,
    KEY,
    _parameter("service_request_id", {"type": "string", "description": "Several with commas; overrides the others"}),
    _parameter("service_code", {"type": "string", "description": "Several with commas"}),
    _parameter("start_date", TIME),
    _parameter("end_date", TIME | {"description": "At most 90 days after start_date"}),
    _parameter("status", {"type": "string", "description": "open, closed, or both with a comma"}),
    _parameter("page", {"type": "integer", "minimum": 1, "maximum": 1_000_000}),
    *(_parameter(name, {"type": "integer", "minimum": 1, "maximum": ROWS}) for name in ("page_size", "per_page")),
    EXTENSIONS,
]
SENT = _object(
    always=["api_key", "service_code"],
    api_key=TEXT, jurisdiction_id=TEXT, service_code=CODE, description={"type": "string", "maxLength": 4000},
    address_id={"type": "string", "description": "kota-contoh, kota-contoh/disdukcapil or kota-contoh/loket-3"},
    address_string={"type": "string", "maxLength": 200}, lat={"type": "number", "minimum": -90, "maximum": 90},
    long={"type": "number", "minimum": -180, "maximum": 180}, email=TEXT, phone=TEXT, first_name=TEXT, last_name=TEXT,
    device_id=TEXT, account_id=TEXT, media_url={"type": "string", "format": "uri"},
    **{f"attribute[{name}]": TEXT for name in ATTRIBUTES},
)  # fmt: skip


def _answers(schema: str, *errors: int, status: int = 200) -> dict[str, Any]:
    def answer(name: str, said: str) -> dict[str, Any]:
        content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{name}"}}, "text/xml": {"schema": {}}}
        return {"description": said, "content": content}

    return {str(status): answer(schema, "OK")} | {str(code): answer("errors", SAID[code]) for code in errors}


def _get(schema: str, *parameters: dict[str, Any], errors: tuple[int, ...] = (400, 404)) -> dict[str, Any]:
    return {"get": {"parameters": [FORMAT, *parameters], "responses": _answers(schema, *errors)}}


def document(root: str) -> dict[str, Any]:
    """`root` is the address of the API without a slash at its end."""
    create = {
        "parameters": [FORMAT, _parameter("Idempotency-Key", {"type": "string", "pattern": "^[A-Za-z0-9_-]{22,64}$"},
                                          "header")],
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": SENT}}},
        "responses": _answers("created", 400, 403, 404, 429, status=201),
    }  # fmt: skip
    paths: dict[str, Any] = {
        "/discovery.{format}": _get("discovery", errors=(404,)),
        "/services.{format}": _get("services", MALL),
        "/services/{service_code}.{format}": _get(
            "service_definition", _parameter("service_code", CODE, "path"), MALL
        ),
        "/requests.{format}": _get("service_requests", *SEARCH, errors=(400, 403, 404)) | {"post": create},
        "/requests/{service_request_id}.{format}": _get(
            "service_requests", _parameter("service_request_id", REPORT_ID, "path"), MALL, KEY, EXTENSIONS,
            errors=(400, 403, 404),
        ),
        "/tokens/{token}.{format}": _get("tokens", _parameter("token", TEXT, "path"), MALL),
    }  # fmt: skip
    info = {"title": "Open311 GeoReport v2", "version": "2.0"}
    return {"openapi": "3.1.0", "info": info, "servers": [{"url": root}], "paths": paths,
            "components": {"schemas": SCHEMAS}}  # fmt: skip
