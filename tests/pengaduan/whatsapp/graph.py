"""Meta's Graph API as its documentation describes it, over real HTTP on this machine: files by id, and replies."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Graph:
    """`faults` are taken one by one by whatever is asked: a status, or `hang`."""

    def __init__(self) -> None:
        self.faults: list[Any] = []
        self.files: dict[str, bytes] = {}
        self.sent: list[dict[str, Any]] = []
        self.asked: list[str] = []
        self.tokens: set[str] = set()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.block_on_close = False
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}/v1/"
        self.thread = threading.Thread(target=lambda: self.server.serve_forever(0.05), daemon=True)
        self.thread.start()

    def told(self, kind: str, name: str) -> tuple[int, bytes]:
        if name not in self.files:
            return 404, b'{"error": {"message": "6281234567890"}}'
        if kind == "berkas":
            return 200, self.files[name]
        size = len(self.files[name])
        url = f"http://{self.host}/berkas/{name}"
        return 200, json.dumps({"url": url, "id": name, "mime_type": "image/jpeg", "file_size": size}).encode()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def _handler(graph: Graph) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            graph.asked.append(self.path)
            graph.tokens.add(self.headers["Authorization"])
            if self.fails():
                return
            self.say(*graph.told(*self.path.strip("/").split("/")))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            graph.asked.append(self.path)
            graph.tokens.add(self.headers["Authorization"])
            if self.fails():
                return
            graph.sent.append(body)
            self.say(200, json.dumps({"messages": [{"id": f"wamid.balasan{len(graph.sent)}"}]}).encode())

        def fails(self) -> bool:
            fault = graph.faults.pop(0) if graph.faults else None
            if fault == "hang":
                time.sleep(1.5)
            elif fault:
                self.say(fault, b'{"error": {"message": "6281234567890"}}')
            return fault is not None

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

    return Handler
