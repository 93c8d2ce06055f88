"""What the lock files are made from, and whether they still say so."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib

from _bootstrap import ROOT

# Lock file → arguments of `uv pip compile`
SOURCES = {
    "alat": ["--group", "pyproject.toml:alat"],
    "node": ["--group", "pyproject.toml:node"],
    "run": ["pyproject.toml"],
    "dev": ["pyproject.toml", "--group", "pyproject.toml:dev"],
}


def header(name: str) -> str:
    """The first line of a lock file: a hash of the requirements it was made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [project["dependency-groups"].get(name, [])]
    if name in {"run", "dev"}:
        wanted.append(project["project"]["dependencies"])
    return f"# bin/lock {hashlib.sha256(json.dumps(wanted).encode()).hexdigest()[:16]}\n"


def problems() -> list[str]:
    """Lock files that are out of date or name a registry, as sentences."""
    found = []
    for name in SOURCES:
        text = (ROOT / f"requirements/{name}.txt").read_text()
        if not text.startswith(header(name)):
            found.append(f"requirements/{name}.txt does not match pyproject.toml: run bin/lock")
        if re.search(r"https?://|index-url|find-links", text):
            found.append(f"requirements/{name}.txt names a registry")
    npm = json.loads((ROOT / "package-lock.json").read_text())
    wanted = json.loads((ROOT / "package.json").read_text()).get("dependencies", {})
    if npm["packages"][""].get("dependencies", {}) != wanted:
        found.append("package-lock.json does not match package.json: run bin/lock")
    if any("resolved" in package for package in npm["packages"].values()):
        found.append("package-lock.json names a registry")
    return found
