"""pip on this machine, and its settings handed on to uv and npm, which do not read them."""

from __future__ import annotations

import ast
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

# pip's option → the variable that tells uv the same
UV_NAMES = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
    "client-cert": "SSL_CLIENT_CERT",
    "proxy": "ALL_PROXY",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def command(tools: Path) -> list[str]:
    """How to call pip here: the machine's own, or one from the standard library's copy."""
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    own = tools / "pip/bin/python"
    if not own.exists():
        _require_ensurepip()
        subprocess.run([sys.executable, "-m", "venv", str(tools / "pip")], check=True, stdout=subprocess.DEVNULL)
    return [str(own), "-m", "pip"]


def _require_ensurepip() -> None:
    if importlib.util.find_spec("ensurepip"):
        return
    from _bootstrap import Stop, call

    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Stop(
            "Python di mesin ini tidak membawa pip. Minta pengelola mesin memasang paket python3-pip, lalu ulangi.",
            "This machine's Python has no pip: have the package python3-pip installed, then try again.",
        )
    call("apt-get", ["apt-get", "update", "-qq"], downloads=True)
    call("apt-get", ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "python3-venv"], downloads=True)


def settings(tools: Path) -> dict[str, list[str]]:
    """pip's own configuration, from its files and environment: option → values."""
    listed = subprocess.run(
        [*command(tools), "config", "list"], capture_output=True, text=True, stdin=subprocess.DEVNULL
    ).stdout
    found: dict[str, tuple[int, list[str]]] = {}
    for line in listed.splitlines():
        key, _, value = line.partition("=")
        section, _, option = key.rpartition(".")
        rank = {"global": 0, "install": 1, ":env:": 2}.get(section, -1)
        if rank >= found.get(option, (0, []))[0]:
            found[option] = rank, str(ast.literal_eval(value)).split()
    return {option: values for option, (_, values) in found.items()}


def uv_environment(tools: Path, *, leave_out: frozenset[str] = frozenset()) -> dict[str, str]:
    """This process's environment with pip's settings in uv's words, but for those to leave out."""
    env = {**os.environ, "UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    if not _has_home():
        env.setdefault("UV_CACHE_DIR", str(tools / "cache-uv"))
    for option, values in settings(tools).items():
        if option in UV_NAMES and option not in leave_out:
            env.setdefault(UV_NAMES[option], ("," if option == "find-links" else " ").join(values))
    # Like pip: the best version of all indexes. Safe, because every file is checked against its hash.
    env.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return env


def npm_environment(tools: Path) -> dict[str, str]:
    env = {**os.environ, "npm_config_update_notifier": "false"}
    if not _has_home():
        env.setdefault("npm_config_cache", str(tools / "cache-npm"))
    certificates = settings(tools).get("cert")
    if certificates:
        env.setdefault("NODE_EXTRA_CA_CERTS", certificates[0])
    return env


def _has_home() -> bool:
    """False for service users, whose home does not exist or is not theirs."""
    home = os.path.expanduser("~")  # noqa: PTH111
    return os.path.isdir(home) and os.access(home, os.W_OK)  # noqa: PTH112
