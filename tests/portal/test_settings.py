"""docs/pengaturan.md names every variable that the portal and its commands read, and no other."""

import re

from tests.servers import ROOT

READ = re.compile(
    r"""(?:(?:\benv|\.Env\(\))\.\w+|\b_number)\(\s*"([A-Z][A-Z0-9_]+)"|environ(?:\.get\(|\[)"([A-Z_]+)["']"""
)
OF_OTHERS = {
    "PYTEST_XDIST_WORKER",
    "DJANGO_SETTINGS_MODULE",
    "NODE_EXTRA_CA_CERTS",
    "UV_CACHE_DIR",
    "UV_INDEX_STRATEGY",
}


def test_every_variable_is_documented_and_every_documented_one_is_read():
    sources = [ROOT / "mpp_portal/settings.py", ROOT / "mpp_portal/asgi.py", ROOT / "tests/environment.py",
               ROOT / "tests/servers.py", *(path for path in (ROOT / "bin").iterdir() if path.is_file())]  # fmt: skip
    read = {first or second for path in sources for first, second in READ.findall(path.read_text())} - OF_OTHERS
    documented = set(re.findall(r"`([A-Z]{2,}[A-Z0-9_]*)`", (ROOT / "docs/pengaturan.md").read_text()))
    assert len(read) > 15
    assert documented == read
