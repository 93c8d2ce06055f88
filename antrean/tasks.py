"""What the queue does by itself: a task takes an id, or nothing, and makes one call; safe to run twice."""

from celery import shared_task

from . import actions, slots
from .models import Antrean
from .states import BELUM


@shared_task
def close_days() -> None:
    """End the numbers that nobody will call any more, each mall by its own day and each line by its own hours."""
    open_numbers = Antrean.objects.filter(sesi__tiket__status__in=BELUM)
    for antrean in open_numbers.select_related("gerai__mpp__wilayah").distinct():
        actions.end_day(antrean)


@shared_task
def tell_near() -> None:
    """Tell those who asked for it that their turn comes near."""
    actions.tell_near()


@shared_task
def tell_unserved() -> None:
    """Tell who booked a time at which nobody serves after all."""
    actions.tell_unserved()


@shared_task
def make_slots() -> None:
    """Times that can be booked for the days that have come into reach."""
    for antrean in Antrean.objects.bookable():
        slots.regenerate(antrean)


@shared_task
def lapse_bookings() -> None:
    """Give back what was held and not confirmed, and count what was booked and not claimed."""
    actions.lapse_bookings()


@shared_task
def forget() -> None:
    """Forget who booked, long after the day was over."""
    actions.forget()


@shared_task
def offer_places() -> None:
    """Offer free places to who waits for them, and end the lists of days that nothing can be booked on any more."""
    actions.offer_places()


@shared_task
def lapse_unprinted() -> None:
    """Let numbers lapse whose paper never came out, and give up papers that nobody waits for."""
    actions.lapse_unprinted()
