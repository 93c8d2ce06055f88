"""Backups also lie in a bucket, at a server that speaks S3: from there a new machine gets them."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from mpp_portal import gudang
from tests import factories
from tests.servers import free_port, s3

from .test_backup import elsewhere, identity, manage, opened, rows

__all__ = ["elsewhere", "identity"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3() as port:
        yield f"127.0.0.1:{port}"


@pytest.fixture
def bucket(server, settings, request):
    """An empty bucket, and the address that leads to it; its key has signs of an address in it."""
    name = f"ember-{abs(hash(request.node.nodeid))}"
    made = boto3.resource(
        "s3", endpoint_url=f"http://{server}", aws_access_key_id="kunci", aws_secret_access_key="ra/ha+sia",
        region_name="id-jakarta-1",
    ).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "id-jakarta-1"})  # fmt: skip
    settings.CADANGAN_S3 = f"http://kunci:ra%2Fha%2Bsia@{server}/{name}/mpp/kota?region=id-jakarta-1"
    return made


def back_up() -> str:
    call_command("cadangkan", stdout=(said := StringIO()))
    return said.getvalue()


def test_a_machine_without_the_file_restores_from_the_bucket(
    identity, elsewhere, bucket, settings, tmp_path, monkeypatch
):
    factories.Laporan()
    storages["pribadi"].save("laporan/bukti.txt", ContentFile(b"isi yang pribadi"))
    before = rows(connection)
    said = back_up()
    name = Path(said.partition(": ")[0]).name
    assert [one.key for one in bucket.objects.all()] == [f"mpp/kota/{name}"]
    assert said.endswith(f"Dikirim ke S3: {name}.\n")
    monkeypatch.setenv("CADANGAN_S3", settings.CADANGAN_S3)
    done = manage("pulihkan", name, "--kunci", identity, url=elsewhere, folder=tmp_path / "pulih")
    assert done.returncode == 0, done.stderr
    using = opened(elsewhere)
    try:
        assert rows(using) == before
    finally:
        using.close()
    assert (tmp_path / "pulih/pribadi/laporan/bukti.txt").read_bytes() == b"isi yang pribadi"
    other = manage("pulihkan", "mpp-lain.tar.age", "--kunci", identity, "--timpa", url=elsewhere, folder=tmp_path / "p")
    assert other.returncode == 1
    assert f"mpp-lain.tar.age tidak ada di sini dan di S3. Yang ada di S3: {name}." in other.stderr


def test_what_a_night_without_the_network_could_not_send_goes_along_the_next(identity, bucket, settings):
    url = settings.CADANGAN_S3
    settings.CADANGAN_S3 = f"http://kunci:rahasia@127.0.0.1:{free_port()}/ember"
    with pytest.raises(CommandError, match="tetapi tidak sampai di S3: Ember S3 tidak dapat dipakai"):
        back_up()
    first = [path.name for path in settings.CADANGAN_FOLDER.iterdir()]
    assert len(first) == 1
    (settings.CADANGAN_FOLDER / first[0]).rename(settings.CADANGAN_FOLDER / "mpp-20260101-000000.tar.age")
    settings.CADANGAN_S3 = url
    back_up()
    assert gudang.names()[1:] == ["mpp-20260101-000000.tar.age"]
    assert gudang.send_missing([]) == []


def test_old_ones_go_here_and_stay_there(identity, bucket, settings):
    settings.CADANGAN_SIMPAN = 1
    settings.CADANGAN_FOLDER.mkdir()
    old = settings.CADANGAN_FOLDER / "mpp-20260101-000000.tar.age"
    old.write_bytes(b"lama")
    gudang.send_missing([old])
    back_up()
    assert [path.name for path in settings.CADANGAN_FOLDER.iterdir()] == gudang.names()[:1]
    assert gudang.names()[1:] == [old.name]


def test_one_that_broke_off_on_its_way_is_sent_again(bucket, tmp_path):
    path = tmp_path / "mpp-20260101-000000.tar.age"
    path.write_bytes(b"utuh")
    bucket.put_object(Key=f"mpp/kota/{path.name}", Body=b"ut")
    assert gudang.send_missing([path]) == [path.name]
    assert gudang.send_missing([path]) == []


@pytest.mark.parametrize("url", ["s3://ember", "https://server/ember", "https://k:r@server/", "https://k:r@/ember"])
def test_an_address_that_is_none_is_said(settings, url):
    settings.CADANGAN_S3 = url
    with pytest.raises(gudang.Failed, match="CADANGAN_S3 berbentuk"):
        gudang.names()
