"""What the beat sends, and how often: a line per task, as `CELERY_BEAT_SCHEDULE` has it."""

from typing import Any

MINUTE, HOUR, DAY = 60, 3600, 86_400


def every(seconds: int, task: str, queue: str = "celery", *, expires: int | None = None) -> dict[str, Any]:
    """`expires`: seconds in the queue after which it is not worth doing, as the next one follows."""
    return {"task": task, "schedule": seconds, "options": {"queue": queue} | ({"expires": expires} if expires else {})}


SCHEDULE = {
    "portal.pulse": every(30, "mpp_portal.tasks.pulse", "segera", expires=30),
    # Sweeps what no commit's own request reached.
    "notifikasi.drain": every(10, "mpp_portal.notifikasi.tasks.drain", "segera", expires=10),
    "notifikasi.tidy": every(DAY, "mpp_portal.notifikasi.tasks.tidy", "lambat"),
    "antrean.close_days": every(10 * MINUTE, "antrean.tasks.close_days"),
    "antrean.lapse_bookings": every(MINUTE, "antrean.tasks.lapse_bookings", expires=MINUTE),
    "antrean.lapse_unprinted": every(30, "antrean.tasks.lapse_unprinted", expires=30),
    "antrean.tell_near": every(30, "antrean.tasks.tell_near", expires=30),
    "antrean.tell_unserved": every(5 * MINUTE, "antrean.tasks.tell_unserved", expires=5 * MINUTE),
    "antrean.offer_places": every(MINUTE, "antrean.tasks.offer_places", expires=MINUTE),
    "antrean.make_slots": every(30 * MINUTE, "antrean.tasks.make_slots", "lambat"),
    "antrean.forget": every(DAY, "antrean.tasks.forget", "lambat"),
    "pengaduan.lapse": every(10 * MINUTE, "pengaduan.tasks.lapse", expires=10 * MINUTE),
    "pengaduan.escalate": every(30 * MINUTE, "pengaduan.tasks.escalate", expires=30 * MINUTE),
    "pengaduan.tidy_drafts": every(HOUR, "pengaduan.tasks.tidy_drafts", "lambat"),
    "pengaduan.forget": every(DAY, "pengaduan.tasks.forget", "lambat"),
    "surel.read": every(MINUTE, "pengaduan.surel.tasks.read", "lambat", expires=MINUTE),
    "whatsapp.read": every(30, "pengaduan.whatsapp.tasks.read", "lambat", expires=30),
    "whatsapp.tidy": every(DAY, "pengaduan.whatsapp.tasks.tidy", "lambat"),
    "sp4n.pull": every(10 * MINUTE, "pengaduan.sp4n.tasks.pull", "lambat", expires=5 * MINUTE),
    "titipan.listen": every(5 * MINUTE, "pengaduan.open311.titipan.tasks.listen", "lambat", expires=5 * MINUTE),
}
