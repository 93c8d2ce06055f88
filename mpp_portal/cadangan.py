"""Backups: one encrypted file with the database, the uploaded files and the keys, and back again.

The file is in the age format (https://age-encryption.org/v1). It is written for a public key, so that the server cannot
read its own old backups; one that was cut off or changed does not decrypt. Inside is a tar of `keterangan.json`,
`kunci.json`, `basis_data` and `berkas/<storage>/<name>`: without the portal, `age -d` reads it.
"""

import fcntl
import json
import os
import tarfile
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.db import connection

from . import gudang, salinan

ENDING = ".tar.age"
# What the data cannot be read without.
KEYS = {
    "SECRET_KEY": lambda: settings.SECRET_KEY,
    "MPP_KUNCI_DATA": lambda: ",".join(settings.KUNCI_DATA),
    "MPP_KUNCI_SIDIK": lambda: settings.KUNCI_SIDIK,
    "KABAR_VAPID_KEY": lambda: settings.KABAR_VAPID_KEY,
}


class Failed(Exception):  # noqa: N818
    """A sentence for who runs the command."""


@dataclass(frozen=True)
class Done:
    path: Path
    files: int
    size: int
    seconds: float


def make(folder: Path, recipients: list[str]) -> Done:
    """Write a backup into the folder; it has its name only when it is whole and on the disk."""
    begun = time.monotonic()
    try:
        to = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError as error:
        raise Failed(
            "CADANGAN_KUNCI bukan kunci umum age (age1…): buat dengan manage.py buat_kunci_cadangan."
        ) from error
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"mpp-{datetime.now(UTC):%Y%m%d-%H%M%S}{ENDING}"
    half = path.with_suffix(".sebagian")
    try:
        with _work() as work, half.open("xb") as file:
            os.fchmod(file.fileno(), 0o600)
            files = _encrypt(work, file, to)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    except (OSError, salinan.Failed, pyrage.EncryptError) as error:
        raise Failed(f"Cadangan tidak jadi dibuat, tidak ada yang tersisa darinya: {error}") from error
    finally:
        half.unlink(missing_ok=True)
    return Done(path, files, path.stat().st_size, time.monotonic() - begun)


def written(folder: Path) -> list[Path]:
    """The backups of this folder, the newest first."""
    return sorted(folder.glob(f"mpp-*{ENDING}"), reverse=True)


def forget(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest; returns what was deleted."""
    old = written(folder)[keep:]
    for path in old:
        path.unlink()
    return old


def restore(path: Path, identity: str, *, over: bool) -> tuple[Done, list[str]]:
    """Put database and files back; returns also which keys are not the ones set now, written to `kunci-pulih.env`.

    The whole file is decrypted before anything changes; the database changes in one transaction.
    """
    begun = time.monotonic()
    if not over:
        _require_empty()
    with _work() as work:
        archive = work / "isi.tar"
        path = _here(path, work)
        try:
            with path.open("rb") as source, archive.open("wb") as target:
                pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(identity.strip())])
        except pyrage.IdentityError as error:
            raise Failed("Berkas kunci itu bukan kunci rahasia age (AGE-SECRET-KEY-…).") from error
        except (OSError, pyrage.DecryptError) as error:
            raise Failed(f"Cadangan tidak dapat dibuka: kuncinya lain, atau berkasnya tidak utuh. {error}") from error
        with tarfile.open(archive, "r:") as tar:
            about = json.load(_part(tar, "keterangan.json"))
            if about["basis_data"] != connection.vendor:
                raise Failed(f"Cadangan ini dari {about['basis_data']}, basis data ini {connection.vendor}.")
            _copy(_part(tar, "basis_data"), work / "basis_data")
            keys = json.load(_part(tar, "kunci.json"))
            try:
                salinan.load(work / "basis_data")
            except salinan.Failed as error:
                raise Failed(f"Basis data tidak jadi dipulihkan dan tidak berubah: {error}") from error
            files = sum(_put_back(tar, member) for member in tar if member.name.startswith("berkas/"))
        size = path.stat().st_size
    return Done(path, files, size, time.monotonic() - begun), _other_keys(keys)


def _here(path: Path, work: Path) -> Path:
    """The file itself; one that is not on this machine is fetched from the bucket, by its name."""
    if path.exists() or not settings.CADANGAN_S3:
        return path
    try:
        if path.name not in (known := gudang.names()):
            raise Failed(f"{path.name} tidak ada di sini dan di S3. Yang ada di S3: {', '.join(known[:10]) or '-'}.")
        gudang.fetch(path.name, work / path.name)
    except gudang.Failed as failed:
        raise Failed(str(failed)) from failed
    return work / path.name


def _require_empty() -> None:
    if _is_running() or salinan.other_sessions():
        raise Failed("Situsnya masih berjalan: hentikan dahulu, atau pakai --timpa.")
    if connection.introspection.table_names():
        raise Failed("Basis data ini sudah berisi: pakai yang kosong, atau --timpa untuk menggantinya.")


def _is_running() -> bool:
    """Whether a bin/run or bin/serve holds the data folder."""
    try:
        with (settings.DATA_DIR / "jalan.lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def _work() -> Iterator[Path]:
    """A folder of the owner's alone, for what is not encrypted yet."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="cadangan-") as name:
        yield Path(name)


def _encrypt(work: Path, target: IO[bytes], to: list[Any]) -> int:
    """The tar is written at one end of a pipe and encrypted from the other; returns how many files are in it."""
    salinan.save(work / "basis_data")
    read, write = os.pipe()
    with ThreadPoolExecutor(1) as pool, open(read, "rb") as source:  # noqa: PTH123  a descriptor, not a path
        packed = pool.submit(_pack, work / "basis_data", write)
        pyrage.encrypt_io(source, target, to)
        return packed.result()


def _pack(database: Path, write: int) -> int:
    with open(write, "wb") as pipe, tarfile.open(fileobj=pipe, mode="w|") as tar:
        about = {"dibuat": datetime.now(UTC).isoformat(timespec="seconds"), "basis_data": connection.vendor}
        _add(tar, "keterangan.json", json.dumps(about).encode())
        _add(tar, "kunci.json", json.dumps({name: value() for name, value in KEYS.items()}).encode())
        tar.add(database, "basis_data")
        return sum(_add_file(tar, alias, name) for alias in _aliases() for name in _names(storages[alias]))


def _aliases() -> list[str]:
    return [alias for alias in settings.STORAGES if alias != "staticfiles"]


def _names(storage: Storage, folder: str = "") -> Iterator[str]:
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:  # nothing was ever stored
        return
    yield from (os.path.join(folder, name) for name in files)  # noqa: PTH118  names of a storage
    for name in folders:
        yield from _names(storage, os.path.join(folder, name))  # noqa: PTH118


def _add_file(tar: tarfile.TarFile, alias: str, name: str) -> bool:
    try:
        with storages[alias].open(name) as file:
            _add(tar, f"berkas/{alias}/{name}", file.read())
    except FileNotFoundError:  # deleted meanwhile
        return False
    return True


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mtime = len(content), int(time.time())
    tar.addfile(member, BytesIO(content))


def _part(tar: tarfile.TarFile, name: str | tarfile.TarInfo) -> IO[bytes]:
    part = tar.extractfile(name)
    assert part is not None  # noqa: S101  mypy
    return part


def _copy(source: IO[bytes], path: Path) -> None:
    with path.open("wb") as target:
        while block := source.read(1 << 20):
            target.write(block)


def _put_back(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bool:
    _, alias, name = member.name.split("/", 2)
    storage = storages[alias]
    storage.delete(name)
    storage.save(name, File(_part(tar, member)))
    return True


def _other_keys(keys: dict[str, str]) -> list[str]:
    other = [name for name, value in keys.items() if value and value != KEYS[name]()]
    if other:
        path = settings.DATA_DIR / "kunci-pulih.env"
        path.unlink(missing_ok=True)  # one that is there keeps the rights it has
        path.touch(0o600)
        path.write_text("".join(f"{name}={keys[name]}\n" for name in other))
    return other
