"""The stream beside a small site: a page with one live fragment; tests set its words and conduct through files."""

import asyncio
from pathlib import Path
from typing import Any

from mpp_portal.siaran import tokens
from mpp_portal.siaran.stream import Application

SCRIPT = Path(__file__).resolve().parents[3] / "static/js/stream.js"
PAGE = """<!doctype html><html lang="id"><title>Uji</title><body data-mpp-stream="{stream}">{fragment}
<script type="module" src="/stream.js"></script></body></html>"""
CSP = b"default-src 'none'; script-src 'self'; connect-src 'self'"


class Site:
    """`folder` holds `fragment` (HTML), and may hold `status`, `delay` (seconds) and `token`; `log` is written."""

    def __init__(self, folder: str = "", **options: Any) -> None:
        self.folder = Path(folder)
        self.stream = Application(**options)

    def read(self, name: str, default: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else default

    def log(self, line: str) -> None:
        with (self.folder / "log").open("a") as log:
            log.write(line + "\n")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        pages = {"/": self.page, "/potongan/": self.fragment, "/stream.js": self.script}
        page = pages.get(scope.get("path"))
        if not page:
            await self.stream(scope, receive, send)
            return
        status, kind, text = await page()
        headers = [(b"content-type", kind), (b"content-security-policy", CSP), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": text.encode()})

    async def page(self) -> tuple[int, bytes, str]:
        address = self.read("token", "") or tokens.url("sesi-1")
        return 200, b"text/html", PAGE.format(stream=address, fragment=self.read("fragment", ""))

    async def fragment(self) -> tuple[int, bytes, str]:
        self.log("begin")
        text = self.read("fragment", "")
        await asyncio.sleep(float(self.read("delay", "0")))
        self.log("end")
        return int(self.read("status", "200")), b"text/html", text

    async def script(self) -> tuple[int, bytes, str]:
        return 200, b"text/javascript", SCRIPT.read_text()
