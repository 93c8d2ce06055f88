"""The fast clock of `bin/bench hari`: one for all processes, and nothing else goes faster by it."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from tests import servers
from tests.bench.beban import jam

START = datetime(2026, 9, 15, 6, tzinfo=UTC)
LOOK = """
import json, select, socket, time
begun, day = time.monotonic(), time.time()
time.sleep(0.3)
select.select((), (), (), 0.3)
pair = socket.socketpair()
pair[0].settimeout(0.3)
try:
    pair[0].recv(1)
except TimeoutError:
    pass
print(json.dumps([day, time.time(), time.monotonic() - begun]), flush=True)
"""


def look(environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-c", LOOK]
    return subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.PIPE, text=True, cwd=servers.ROOT)


@pytest.mark.faketime
def test_all_processes_have_one_fast_clock_and_wait_in_real_seconds(tmp_path):
    with jam.running(tmp_path, start=START, speed=100) as environment:
        first = [json.loads(process.communicate()[0]) for process in [look(environment)]]
        others = [look(environment), look(environment)]
        both = [json.loads(process.communicate()[0]) for process in others]
    for before, after, waited in [*first, *both]:
        assert START.timestamp() <= before < START.timestamp() + 3600
        assert 0.9 <= waited < 10
        assert abs((after - before) / waited - 100) < 15
    assert min(before for before, _after, _waited in both) > first[0][1]
    assert abs(both[0][0] - both[1][0]) < 100 * 5  # they were begun in the same moment
