"""What was said there comes back: through the same judgement as a table that a koordinator brings."""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.translation import gettext as _

from layanan.models import Mpp
from mpp_portal.actions import Refused, action
from mpp_portal.models import record
from mpp_portal.notifikasi.channels import Permanent, Temporary

from . import actions, sheets, upstream
from .actions import Judged, Nasib
from .models import Tarikan, is_connected

logger = logging.getLogger(__name__)
PAGES = 20  # of one mall at a time; the rest comes with the next pull
LISTED = 200  # what people have to look at, the newest


def pull_all(*, now: datetime | None = None) -> int:
    """Of every mall; returns how many rows came."""
    malls = Mpp.objects.running().select_related("wilayah") if is_connected() else []
    return sum(pull(mpp, now=now) for mpp in malls)


def pull(mpp: Mpp, *, now: datetime | None = None) -> int:
    """Of one mall. Where the other side does not answer, what came before stays; the next pull goes on from there."""
    now, came = now or timezone.now(), 0
    try:
        there = upstream.chosen()
        for _page in range(PAGES):
            since = Tarikan.objects.filter(mpp=mpp).values_list("penanda", flat=True).first() or ""
            found = there.changes(mpp.slug, since)
            _take(mpp, since, found, now)
            came += len(found.rows)
            if not found.more:
                break
    except (Temporary, Permanent, Refused) as error:
        logger.warning("Answers of SP4N for %s could not be taken: %s", mpp.slug, type(error).__name__)
        _note_error(mpp, str(error))
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # What nobody thought of must not keep the other malls; its words may name a reporter, so only its kind is told.
        logger.error("Answers of SP4N for %s could not be taken: %s", mpp.slug, type(error).__name__)
        _note_error(mpp, _("Jawabannya tidak dapat diolah. Minta pengelola portal memeriksa catatan servernya."))
    return came


def _note_error(mpp: Mpp, sentence: str) -> None:
    Tarikan.objects.update_or_create(mpp=mpp, defaults={"last_error": sentence[:300]})


@action
def _take(mpp: Mpp, since: str, found: upstream.Changes, now: datetime) -> None:
    """The rows and how far they reach, together. The mall's lock comes first: two pulls take the same page once."""
    Mpp.objects.select_for_update(no_key=True, of=("self",)).get(pk=mpp.pk)
    tarikan, _new = Tarikan.objects.get_or_create(mpp=mpp)
    if tarikan.penanda != since:
        return
    blank = dict.fromkeys(sheets.FIELDS)
    told = [{name: row[name] for name in sheets.FIELDS if name in row} for row in found.rows]
    rows, faults = sheets.checked((n, blank | row) for n, row in enumerate(told, start=1))
    judged = actions.take(mpp, rows, mpp.today(now), by=None, now=now)
    tarikan.bentrok = _clashes(tarikan.bentrok, judged, _named(told, faults))
    tarikan.penanda, tarikan.at, tarikan.last_error = found.until, now, ""
    tarikan.save()


def _named(told: list[dict[str, object]], faults: Iterable[sheets.Fault]) -> dict[str, dict[str, str]]:
    """Broken rows by their tracking id, or by where they stood."""
    return {
        str(told[fault.baris - 1].get("tracking_id") or f"#{fault.baris}")[:40]: {
            "kode": "",
            "sebab": f"{fault.kolom}: {fault.sebab}",
        }
        for fault in faults
    }


def _clashes(
    before: dict[str, dict[str, str]], judged: list[Judged], broken: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """A row that came again and can be taken is nobody's to look at any more."""
    found = {
        one.row.tracking_id: {"kode": one.laporan.kode if one.laporan else "", "sebab": one.sebab}
        for one in judged
        if one.nasib == Nasib.BENTROK
    }
    kept = {key: told for key, told in before.items() if key not in {one.row.tracking_id for one in judged}}
    return dict([*kept.items(), *found.items(), *broken.items()][-LISTED:])


@action
def settle(mpp: Mpp, tracking_id: str, *, by: Any) -> None:
    """A person has looked at it."""
    tarikan = Tarikan.objects.select_for_update(no_key=True).filter(mpp=mpp).first()
    if tarikan and tarikan.bentrok.pop(tracking_id, None):
        tarikan.save(update_fields=["bentrok"])
        record("tarikan.diperiksa", tarikan, mpp_id=mpp.pk, by=by)
