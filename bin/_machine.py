"""Programs of this machine that tests and benchmarks need; as root, missing ones come from Debian."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from typing import TypeVar

from _bootstrap import Stop, call, say

T = TypeVar("T")


def require(package: str, find: Callable[[], T | None]) -> T:
    """What `find` finds, after installing Debian's package if need and right be."""
    found = find()
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say(f"Memasang {package} … / installing {package}")
        env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        call("apt-get", ["apt-get", "update", "-qq"], env=env, downloads=True)
        call("apt-get", install, env=env, downloads=True)
        found = find()
    if found is None:
        raise Stop(
            f"{package} tidak ada di mesin ini. Pasang paket {package}, lalu ulangi.",
            f"{package} is missing: install the package {package} and try again.",
        )
    return found
