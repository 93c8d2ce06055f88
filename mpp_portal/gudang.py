"""A second place for backups, away from the building: a bucket that speaks S3, named by CADANGAN_S3.

Nothing is ever deleted there: how long it keeps what it has is the bucket's own rule, so that who breaks into this
server, with a key that may only write, takes no old backup along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.files import File

CONNECT, READ = 5, 60  # seconds


class Failed(Exception):  # noqa: N818
    """A sentence for who runs the command."""


def place(url: str) -> dict[str, Any]:
    """The parts of `https://key:secret@host/bucket/folder?region=…`, as the storage calls them. Raises Failed."""
    parts = urlsplit(url)
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    if parts.scheme not in ("https", "http") or not (parts.hostname and parts.username and parts.password and bucket):
        raise Failed("CADANGAN_S3 berbentuk https://kunci:rahasia@server/ember/folder; / di dalam kunci ditulis %2F.")
    return {
        "endpoint_url": f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "location": folder,
        "region_name": parse_qs(parts.query).get("region", ["us-east-1"])[0],
    }


def send_missing(paths: list[Path]) -> list[str]:
    """Bring there what is not there yet, whole; returns the names. What an earlier night could not send goes along."""
    with _opened() as bucket:
        known = _sizes(bucket)
        missing = [path for path in paths if known.get(path.name) != path.stat().st_size]
        for path in missing:
            with path.open("rb") as file:
                bucket.save(path.name, File(file))
            if bucket.size(path.name) != path.stat().st_size:
                raise Failed(f"{path.name} tidak sampai utuh di {bucket.bucket_name}.")
    return [path.name for path in missing]


def names() -> list[str]:
    """The backups that are there, the newest first."""
    with _opened() as bucket:
        return sorted(_sizes(bucket), reverse=True)


def fetch(name: str, target: Path) -> None:
    with _opened() as bucket, bucket.open(name, "rb") as source, target.open("wb") as file:
        for block in source.chunks():
            file.write(block)


def _sizes(bucket: Any) -> dict[str, int]:
    _folders, files = bucket.listdir("")
    return {name: bucket.size(name) for name in files if name.startswith("mpp-")}


@contextmanager
def _opened() -> Iterator[Any]:
    """Imported here: only who backs up needs it, and it takes a second."""
    from boto3.exceptions import Boto3Error
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError, ClientError
    from storages.backends.s3 import S3Storage

    conduct = Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=CONNECT,
        read_timeout=READ,
        request_checksum_calculation="when_required",  # servers other than Amazon's do not know the newer sums
        response_checksum_validation="when_required",
    )
    try:
        yield S3Storage(**place(settings.CADANGAN_S3), client_config=conduct, default_acl=None, file_overwrite=True)
    except (Boto3Error, BotoCoreError, ClientError, OSError) as error:
        raise Failed(f"Ember S3 tidak dapat dipakai: {error}") from error
