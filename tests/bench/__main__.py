"""`python -m tests.bench NAME`: run the bench's `main()`, print its figures as one JSON line, exit 0 only when `ok`."""

import json
import sys
from importlib import import_module


def run(name: str) -> int:
    figures = import_module(f"tests.bench.{name}").main()
    print(json.dumps({"bench": name, **figures}), flush=True)  # noqa: T201
    return 0 if figures["ok"] else 1


sys.exit(run(sys.argv[1]))
