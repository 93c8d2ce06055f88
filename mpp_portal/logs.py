"""Logs without secret links: Django names the path of a refused or failed request, and some paths are keys."""

import logging
import re

SECRET = re.compile(r"(/k/|/hadir/|/kabar/[a-z-]+/|/aliran/\?t=)[^/\s?&]{16,}")


class WithoutSecrets(logging.Filter):
    """Writes `…` where a secret stands in a message."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = SECRET.sub(r"\1…", record.getMessage()), ()
        return True
