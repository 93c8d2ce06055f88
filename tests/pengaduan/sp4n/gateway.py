"""A gateway in front of SP4N-LAPOR! as docs/pertukaran.md describes it, over real HTTP, with any fault a test asks."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class Gateway:
    """`faults` are taken one by one by what comes to send: a status like 500, `hang` (stored, answered too late),
    `lost` (stored, the connection breaks), `garbage` (stored, and answered with no JSON), `drop` (not even read)."""

    def __init__(self) -> None:
        self.faults: list[Any] = []
        self.stored: dict[str, dict[str, Any]] = {}
        self.keys: list[str] = []
        self.asked: list[str] = []
        self.pages: dict[str, dict[str, Any]] = {}
        self.tokens: set[str] = set()
        self.wait = 1.5
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                gateway.tokens.add(self.headers["Authorization"])
                parts = urlsplit(self.path)
                if parts.path == "/sp4n/perubahan":
                    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                    gateway.asked.append(asked.get("sejak", ""))
                    fault = gateway.faults.pop(0) if gateway.faults else None
                    page = gateway.pages.get(asked.get("sejak", ""), {"baris": [], "penanda": asked.get("sejak", "")})
                    return self.say(fault or 200, b"<html>" if fault == 200 else json.dumps(page).encode())
                rujukan = unquote(parts.path.rpartition("/")[2])
                gateway.asked.append(rujukan)
                known = gateway.stored.get(rujukan)
                return self.say(*((200, gateway.told(rujukan)) if known else (404, b"{}")))

            def do_POST(self) -> None:
                fault = gateway.faults.pop(0) if gateway.faults else None
                if fault == "drop":
                    self.close_connection = True
                    return None
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                key = self.headers["Idempotency-Key"]
                gateway.keys.append(key)
                if isinstance(fault, int):
                    return self.say(fault, json.dumps({"pesan": body["nama"]}).encode())
                gateway.stored.setdefault(key, body)
                if fault == "hang":
                    time.sleep(gateway.wait)
                if fault == "lost":
                    self.close_connection = True
                    return None
                return self.say(200, b"<html>502" if fault == "garbage" else gateway.told(key))

            def say(self, status: int, body: bytes) -> None:
                try:
                    self.send_response(status)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    self.close_connection = True  # nobody waits for us any more

            def log_message(self, *args: Any) -> None:
                """Tests are quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.block_on_close = False
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/sp4n/"
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(0.05), daemon=True)
        self.thread.start()

    def told(self, key: str) -> bytes:
        return json.dumps({"tracking_id": f"88-{list(self.stored).index(key)}"}).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
