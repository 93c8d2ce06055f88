"""The outbox carries reports too: from the moment they are verified and passed on."""

from mpp_portal.notifikasi import registry
from mpp_portal.notifikasi.models import Sistem

from . import sending

registry.carry(
    registry.Carrier(
        kanal=Sistem.SP4N,
        jenis=frozenset({"laporan.didisposisikan"}),
        wants=sending.wants,
        hand_over=sending.hand_over,
        tell=sending.tell,
    )
)
