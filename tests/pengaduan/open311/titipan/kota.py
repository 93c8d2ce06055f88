"""A city's GeoReport v2 server on this machine, which behaves as well or as badly as a test asks."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

SERVICES = [
    {"service_code": "001", "service_name": "Pelayanan", "metadata": False},
    {"service_code": "002", "service_name": "Jalan", "metadata": True},
]
DEFINITION = {
    "service_code": "002",
    "attributes": [
        {"variable": True, "code": "LEBAR", "required": True, "description": "Lebar jalan"},
        {"variable": False, "code": "CATATAN", "required": True, "description": "Baca dahulu"},
        {"variable": True, "code": "WARNA", "required": False, "description": "Warna"},
    ],
}


class Kota:
    """`posts` is what becomes of the next reports, `gets` of the next questions, in order; then all goes well.

    ok · token (instead of a number) · lost (kept, but no answer) · dead (no answer, not kept) · html · garbage · huge ·
    drip · elsewhere (a redirect) · an HTTP status such as 500.
    """

    def __init__(self) -> None:
        self.posts: list[str] = []
        self.gets: list[str] = []
        self.forms, self.searchable, self.discovers = ["json", "xml"], True, True
        self.reports: list[dict[str, str]] = []
        self.asked: list[tuple[str, str, dict[str, str], str]] = []
        self.tokens: dict[str, str] = {}
        self.named_elsewhere = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.kota = self
        self.server.block_on_close, self.server.daemon_threads = False, True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}/v2"
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(0.05), daemon=True)
        self.thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def keep(self, sent: dict[str, str]) -> dict[str, Any]:
        row = {
            "service_request_id": f"K-{len(self.reports) + 1}",
            "status": "open",
            "status_notes": "",
            "service_code": sent.get("service_code", ""),
            "description": sent.get("description", ""),
        }
        self.reports.append(row)
        return row

    def tell(self, nomor: str, status: str, notes: str) -> None:
        row = next(row for row in self.reports if row["service_request_id"] == nomor)
        row.update(status=status, status_notes=notes)

    # --- Resources: root element, content, status ---------------------------------------------------------------------
    def get(self, path: str, asked: dict[str, str]) -> tuple[str, Any, int]:
        if path == "discovery" and self.discovers:
            specification = "http://wiki.open311.org/GeoReport_v2"
            return "discovery", {"endpoints": [{"specification": specification, "url": self.named_elsewhere}]}, 200
        if self.named_elsewhere:
            return refused(404, "tidak ada")
        if path == "services":
            return "services", SERVICES, 200
        if path == "services/002":
            return "service_definition", DEFINITION, 200
        if path == "requests" and self.searchable:
            return (
                "service_requests",
                [row for row in self.reports if row["service_code"] == asked["service_code"]],
                200,
            )
        if path.startswith("tokens/") and path[7:] in self.tokens:
            row = {"token": path[7:], "service_request_id": self.tokens[path[7:]]}
            return "service_requests", [row], 200
        found = [row for row in self.reports if path == f"requests/{row['service_request_id']}"]
        return ("service_requests", found, 200) if found else refused(404, "tidak ada")

    def post(self, sent: dict[str, str], conduct: str) -> tuple[str, Any, int]:
        if conduct == "token":
            token = f"T-{len(self.tokens) + 1}"
            self.tokens[token] = ""
            self.keep(sent)
            return "service_requests", [{"token": token}], 200
        row = self.keep(sent)
        return "service_requests", [{"service_request_id": row["service_request_id"], "service_notice": None}], 201


def refused(status: int, sentence: str) -> tuple[str, Any, int]:
    return "errors", [{"code": status, "description": sentence}], status


ITEM = {"services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute",
        "endpoints": "endpoint"}  # fmt: skip


def xml(name: str, content: Any) -> str:
    if isinstance(content, list):
        inner = "".join(xml(ITEM[name], row) for row in content)
    elif isinstance(content, dict):
        inner = "".join(xml(key, value) for key, value in content.items())
    else:
        inner = "" if content is None else escape(str(content).lower() if isinstance(content, bool) else str(content))
    return f"<{name}>{inner}</{name}>"


class Handler(BaseHTTPRequestHandler):
    @property
    def kota(self) -> Kota:
        return self.server.kota

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        path, _dot, form = parts.path.removeprefix("/v2/").rpartition(".")
        self.kota.asked.append(("GET", path, asked, ""))
        conduct = self.kota.gets.pop(0) if self.kota.gets else "ok"
        if not self._misbehaves(conduct):
            known = form in self.kota.forms
            self._say(form, *(self.kota.get(path, asked) if known else refused(404, "format")))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        sent = {name: values[0] for name, values in parse_qs(body).items()}
        path, _dot, form = self.path.removeprefix("/v2/").rpartition(".")
        self.kota.asked.append(("POST", path, sent, self.headers.get("Idempotency-Key", "")))
        conduct = self.kota.posts.pop(0) if self.kota.posts else "ok"
        if conduct == "lost":
            self.kota.keep(sent)
            conduct = "dead"
        if not self._misbehaves(conduct, sent.get("api_key", "")):
            self._say(form, *self.kota.post(sent, conduct))

    def _misbehaves(self, conduct: str, key: str = "") -> bool:
        if conduct == "dead":
            time.sleep(1.5)
            self.close_connection = True
            return True
        if conduct.isdigit():
            self._say("json", *refused(int(conduct), f"Kolom lat wajib diisi <b>{key}</b>"))
            return True
        bodies = {
            "html": b"<html><h1>Sedang dirawat</h1></html>",
            "garbage": b"\xff\x00[{",
            "huge": b" " * 3_000_000,
        }
        if conduct in bodies:
            self._send(200, bodies[conduct], "text/html")
        elif conduct == "elsewhere":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif conduct == "drip":
            self._drip()
        else:
            return False
        return True

    def _drip(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        try:
            for _n in range(30):
                self.wfile.write(b" ")
                time.sleep(0.1)
        except OSError:
            self.close_connection = True

    def _say(self, form: str, root: str, content: Any, status: int) -> None:
        if form == "xml":
            self._send(status, xml(root, content).encode(), "text/xml")
        else:
            self._send(status, json.dumps(content).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            self.close_connection = True

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""
