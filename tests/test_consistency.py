"""House rules that a machine can read off the repository. Each says how much it looked at."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from tests.files import own_files as every_file

ROOT = Path(settings.BASE_DIR)
OWN_APPS = ("mpp_portal", "layanan", "antrean", "pengaduan")


def own_files(*suffixes):
    return [path for path in every_file() if path.name.endswith(suffixes)]


def own_models():
    return [model for model in apps.get_models() if model.__module__.split(".")[0] in OWN_APPS]


def python_files():
    return [path for path in own_files(".py") if "migrations" not in path.parts]


def names(paths):
    return sorted(str(path.relative_to(ROOT)) for path in paths)


def test_no_source_file_passes_400_lines():
    files = [*python_files(), *own_files(".html", ".js")]
    assert names(path for path in files if len(path.read_text().splitlines()) > 400) == []
    assert len(files) > 150


def test_no_function_passes_40_lines():
    long, seen = [], 0
    for path in (path for path in python_files() if path.relative_to(ROOT).parts[0] in OWN_APPS):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                seen += 1
                if node.end_lineno - node.lineno >= 40:
                    long.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert long == []
    assert seen > 400


def test_templates_translate_and_carry_no_inline_code():
    """`translate`, not its old name; style and behaviour live in static/."""
    forbidden = re.compile(
        r"{%-?\s*(trans|blocktrans)\s|\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)[^>]*>(?!\s*</)"
    )
    files = own_files(".html")
    allowed = re.compile(r'<script[^>]*type="application/json"')
    found = [path for path in files if any(not allowed.search(hit[0]) for hit in forbidden.finditer(path.read_text()))]
    assert names(found) == []
    assert len(files) > 30


def test_constraints_and_indexes_are_named_after_their_table():
    """People read these names in errors and logs: `tiket_satu_per_loket`."""
    seen, wrong = 0, []
    for model in own_models():
        for promise in [*model._meta.constraints, *model._meta.indexes]:
            seen += 1
            if not re.fullmatch(r"[a-z]+(_[a-z]+)+", promise.name) or promise.name.startswith(("unique", "check")):
                wrong.append(promise.name)
    assert wrong == []
    assert seen >= 60


def test_every_model_says_its_name():
    unnamed, seen = [], 0
    for model in own_models():
        seen += 1
        if model._meta.verbose_name == model._meta.model_name and "verbose_name" not in model._meta.original_attrs:
            unnamed.append(model._meta.label)
    assert unnamed == []
    assert seen > 20


def test_foreign_keys_do_not_delete_history():
    """What happened outlives who did it: no cascade into the queue or the log."""
    kept = {
        "antrean": {"Tiket", "Kunjungan", "Panggilan", "Jaga", "Sesi"},
        "mpp_portal": {"Peristiwa"},
        "pengaduan": {"Laporan", "Disposisi", "Tanggapan", "Catatan", "Penilaian", "Tenggat"},
    }
    links = [
        (model, field)
        for label, found in kept.items()
        for model in (apps.get_model(label, name) for name in sorted(found))
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
    ]
    assert [str(field) for _model, field in links if field.remote_field.on_delete is not models.PROTECT] == []
    assert len(links) >= 25


@pytest.mark.parametrize("app", ["antrean", "pengaduan"])
def test_only_actions_move_a_ticket_or_a_report(app):
    """`status=` is written by an app's actions alone: neither views nor admin nor tasks save one."""
    writes = re.compile(r"\.(update|create|bulk_create|update_or_create)\([^)]*\bstatus=|\.status = ")
    files = [path for path in python_files() if path.relative_to(ROOT).parts[0] == app and "tests" not in path.parts]
    elsewhere = [path for path in files if "actions" not in path.parts and writes.search(path.read_text())]
    assert names(elsewhere) == []
    assert any(writes.search(path.read_text()) for path in files if "actions" in path.parts)
    assert len(files) > 20


def test_templates_write_ids_plainly():
    """Django would write number 1234 as 1.234, which names no row and no channel."""
    written = re.compile(r"\{\{ [\w.]+(?:\.pk|\.(?:gerai|loket|mpp|sesi)_id|\.urut) \}\}")
    plain = re.compile(r"(?:\.pk|_id)\|stringformat:")
    files = list((ROOT / "templates").rglob("*.html"))
    assert names(path for path in files if written.search(path.read_text())) == []
    assert sum(bool(plain.search(path.read_text())) for path in files) >= 5


@pytest.mark.parametrize("word", ["mock", "xfail", "skip"])
def test_tests_neither_mock_nor_skip(word):
    """Written so that this file does not find itself."""
    forbidden = {
        "mock": r"unittest\.mock|\bMagicMock\b|\bmocker\b",
        "xfail": r"mark\.xfail",
        "skip": r"mark\.skip|pytest\.skip\(",
    }
    files = [path for path in python_files() if path.relative_to(ROOT).parts[0] == "tests" and path != Path(__file__)]
    assert names(path for path in files if re.search(forbidden[word], path.read_text())) == []
    assert len(files) > 20
