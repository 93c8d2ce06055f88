"""The one rule that no constraint can state: what is arranged together belongs to one line. Triggers keep it.

A layanan may leave its line later, what was promised stays; so a foreign key would say too much.
"""

from typing import Any

from django.db import connections

RULES = {  # name → the table of links, and the row that lets a link be
    "tiket_sekaligus_seantrean": (
        "antrean_tiket_sekaligus",
        "SELECT 1 FROM antrean_tiket AS induk JOIN antrean_sesi AS sesi ON sesi.id = induk.sesi_id"
        " JOIN antrean_antrean_layanan AS isi ON isi.antrean_id = sesi.antrean_id AND isi.layanan_id = NEW.layanan_id"
        " WHERE induk.id = NEW.tiket_id AND induk.layanan_id <> NEW.layanan_id",
    ),
    "pemesanan_sekaligus_seantrean": (
        "antrean_pemesanan_sekaligus",
        "SELECT 1 FROM antrean_pemesanan AS induk JOIN antrean_slot AS slot ON slot.id = induk.slot_id"
        " JOIN antrean_antrean_layanan AS isi ON isi.antrean_id = slot.antrean_id AND isi.layanan_id = NEW.layanan_id"
        " WHERE induk.id = NEW.pemesanan_id AND induk.layanan_id <> NEW.layanan_id",
    ),
}


def create(using: str, **_signal: Any) -> None:
    """After every migration, also one that made the tables again."""
    connection = connections[using]
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for name, (table, allowed) in RULES.items():
            if table in tables:
                for statement in _MAKE[connection.vendor](name, table, allowed):
                    cursor.execute(statement)


def drop(using: str, **_signal: Any) -> None:
    """SQLite renames no table while a trigger names one that is just being made again."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for name in RULES:
                for step in ("INSERT", "UPDATE"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}_{step}")


def _sqlite(name: str, table: str, allowed: str) -> list[str]:
    return [
        f"CREATE TRIGGER IF NOT EXISTS {name}_{step} BEFORE {step} ON {table} WHEN NOT EXISTS ({allowed})"
        f" BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for step in ("INSERT", "UPDATE")
    ]


def _postgresql(name: str, table: str, allowed: str) -> list[str]:
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF NOT EXISTS ({allowed}) THEN RAISE check_violation USING MESSAGE = '{name}', CONSTRAINT = '{name}';"
        " END IF; RETURN NEW; END $$",
        f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]


_MAKE = {"sqlite": _sqlite, "postgresql": _postgresql}
