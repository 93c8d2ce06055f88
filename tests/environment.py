"""What every test process needs before Django reads its settings (`-p tests.environment` in pyproject.toml).

Each process has a data folder and a Valkey of its own, so that two workers never meet. bin/test hands on what it was
given: MPP_UJI_REDIS_URL is a server to share (one database number per worker), MPP_UJI_VALKEY a program to start.
"""

import atexit
import contextlib
import os
import tempfile

from tests import servers

WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))

_stack = contextlib.ExitStack()
_folder = _stack.enter_context(tempfile.TemporaryDirectory(prefix="mpp-uji-"))

os.environ |= {"SECRET_KEY": "kunci-uji", "MPP_DEMO": "1", "MPP_DATA_DIR": _folder}
os.environ |= {"MPP_KUNCI_DATA": "YS1rZXktb2YtdGhlLXRlc3RzLXRoaXJ0eS10d28tYnk=", "MPP_KUNCI_SIDIK": "sidik-uji"}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{_folder}/mpp.sqlite3")
if shared := os.environ.get("MPP_UJI_REDIS_URL"):
    server = shared.partition("?")[0] if shared.startswith("unix:") else shared.rpartition("/")[0]
    os.environ["REDIS_URL"] = f"{server}?db={WORKER + 10}" if shared.startswith("unix:") else f"{server}/{WORKER + 10}"
else:
    os.environ["REDIS_URL"] = _stack.enter_context(servers.valkey(os.environ.get("MPP_UJI_VALKEY", "")))
atexit.register(_stack.close)  # last: what is registered later is closed earlier
