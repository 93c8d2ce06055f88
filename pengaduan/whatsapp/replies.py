"""What who wrote gets back: in Indonesian, then in English."""

from collections.abc import Callable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .. import actions, inbound
from ..models import Laporan

EMPTY = gettext_lazy("Pesan Anda kosong. Tulis apa yang terjadi, di mana, dan kapan.")
TOO_LONG = gettext_lazy("Pesan Anda lebih panjang dari 5.000 huruf dan tidak kami terima. Kirim lagi yang pokok saja.")
UNREADABLE = gettext_lazy(
    "Kami hanya dapat menerima tulisan, foto, dan PDF: video, suara, dan lokasi belum. "
    "Ceritakan isinya, atau kirim fotonya."
)
NOT_YOURS = gettext_lazy(
    "Pesan Anda tidak kami tambahkan: laporan itu tidak dikirim dari nomor ini. Pelapornya dapat membuka halaman "
    "laporannya dengan kode dan PIN. Laporan baru? Kirim tanpa kode itu."
)
ADD = gettext_lazy("Ada yang ingin ditambahkan? Balas pesan ini. Ada bahaya sekarang? Telepon 112.")


def refusal(sentence: str | Promise) -> str:
    return inbound.both(lambda: str(sentence))


def receipt(sent: actions.Sent, refused: list[str]) -> str:
    return inbound.receipt(sent, refused, ADD)


def added(laporan: Laporan, refused: list[str], *, guessed: bool) -> str:
    """`guessed`: it did not say to which report it belongs."""

    def first() -> str:
        said = _("Pesan Anda kami tambahkan pada laporan %s.") % laporan.kode
        another = _("Laporan lain? Mulai dengan kata BARU.")
        return f"{said} {another}" if guessed else said

    words: Callable[[], str] = first
    return inbound.added(laporan, refused, words)
