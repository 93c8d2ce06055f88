"""`python -m tests.bench NAME [SIZE]`: print what its `main()` finds as one JSON line, exit 0 only when `ok`."""

import json
import sys
from importlib import import_module


def run(name: str, *size: str) -> int:
    figures = import_module(f"tests.bench.{name}").main(*size)
    print(json.dumps({"bench": name, **figures}), flush=True)  # noqa: T201
    return 0 if figures["ok"] else 1


sys.exit(run(*sys.argv[1:]))
