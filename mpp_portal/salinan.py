"""The database as one file, as it was at one instant while others go on writing, and back; by its own means."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

from django.db import connection

# What triggers call: a table takes its triggers with it, not these. Those of an extension stay.
_DROP_FUNCTIONS = """
DO $$ DECLARE own regprocedure; BEGIN
    FOR own IN SELECT oid FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
    ) LOOP EXECUTE 'DROP FUNCTION ' || own; END LOOP;
END $$;
"""


class Failed(Exception):  # noqa: N818
    """What the database's own programs said."""


def save(path: Path) -> None:
    if connection.vendor == "sqlite":
        with _sqlite() as live, closing(sqlite3.connect(path)) as copy:
            live.backup(copy)
    else:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def load(path: Path) -> None:
    """Replace all tables and functions by those of the file, in one transaction."""
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(path)) as copy, _sqlite() as live:
            copy.backup(live)
        return
    tables = connection.introspection.table_names()
    connection.close()
    script = path.with_suffix(".sql")
    drop = f"DROP TABLE {', '.join(map(connection.ops.quote_name, tables))} CASCADE;\n" if tables else ""
    with script.open("w") as file:
        file.write(drop + _DROP_FUNCTIONS)
        file.flush()
        _run("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(path), connect=False, stdout=file)
    _run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", f"--file={script}",
         stdout=subprocess.DEVNULL)  # fmt: skip


def other_sessions() -> int:
    """How many other programs are connected to this database; SQLite knows none."""
    if connection.vendor == "sqlite":
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


@contextmanager
def _sqlite() -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=60)) as live:
            yield live
    except sqlite3.Error as error:
        raise Failed(str(error)) from error


def _run(program: str, *arguments: str, connect: bool = True, stdout: IO[str] | int | None = None) -> None:
    found = shutil.which(program)
    if not found:
        raise Failed(f"{program} tidak ada: pasang postgresql-client.")
    words, env = list(arguments), None
    if connect:
        connection.ensure_connection()
        info = connection.connection.info  # host and port may be given in several ways
        given = connection.settings_dict | {"HOST": info.host, "PORT": info.port, "NAME": info.dbname}
        (_, *words), env = connection.client.settings_to_cmd_args_env(given, words)
    done = subprocess.run(  # noqa: S603  words of this module and settings
        [found, *words], stdout=stdout, stderr=subprocess.PIPE, text=True, env=os.environ | (env or {})
    )
    if done.returncode:
        raise Failed((done.stderr.strip().splitlines() or [f"{program}: {done.returncode}"])[-1])
