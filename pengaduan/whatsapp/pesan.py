"""The outbox carries replies; they are for one person, and leave at any hour."""

from mpp_portal.notifikasi import registry
from mpp_portal.notifikasi.models import Sistem

from . import answering

registry.carry(
    registry.Carrier(
        kanal=Sistem.BALASAN,
        jenis=frozenset({"whatsappmasuk.dibalas"}),
        wants=lambda about: True,
        hand_over=answering.hand_over,
        tell=answering.tell,
    )
)
