"""A server that loses its power while the database is brought up to date: the next start goes on where it stopped."""

import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from django.db import connection

from tests.servers import ROOT

from .test_backup import elsewhere, manage, opened

__all__ = ["elsewhere"]
pytestmark = pytest.mark.django_db(transaction=True)


PARTS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
    "postgresql": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
    " UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    " UNION ALL SELECT table_name, column_name, data_type || is_nullable || coalesce(column_default, '')"
    " FROM information_schema.columns WHERE table_schema = 'public'",
}


def shape(using: Any) -> list[tuple[str, ...]]:
    """Tables, columns, constraints and indexes, as the database itself writes them."""
    with using.cursor() as cursor:
        cursor.execute(PARTS[using.vendor])
        return sorted(cursor.fetchall(), key=repr)


def applied(using: Any) -> set[tuple[str, str]]:
    with using.cursor() as cursor:
        if "django_migrations" not in using.introspection.table_names(cursor):
            return set()
        cursor.execute("SELECT app, name FROM django_migrations")
        return set(cursor.fetchall())


def test_a_migration_killed_in_the_middle_goes_on_where_it_stopped(elsewhere, tmp_path):
    env = os.environ | {"DATABASE_URL": elsewhere, "MPP_DATA_DIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "manage.py", "migrate", "--no-color"]
    using, reached = opened(elsewhere), [0]
    for name in ("layanan.0001", "antrean.0012"):
        process = subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE)
        assert process.stdout is not None
        assert any(f"Applying {name}" in line for line in process.stdout)  # it stands in the next one now
        process.kill()
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()
        reached.append(len(applied(using)))
        using.close()
    whole = applied(connection)
    assert reached == sorted({*reached, len(whole)})[:-1]
    done = manage("migrate", url=elsewhere, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Applying") == len(whole) - reached[-1]
    try:
        assert applied(using) == whole
        assert len(shape(using)) > 250
        assert shape(using) == shape(connection)
    finally:
        using.close()
