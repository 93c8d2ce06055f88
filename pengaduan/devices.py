"""The device a report comes from: it makes a second tap the same report, and limits how often one device may ask."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse

from mpp_portal import device as devices

RECEIPT = timedelta(minutes=30)  # how long the receipt still shows the PIN
HOURLY = {"lapor": 10, "pin": 30, "lampiran": 40, "dukung": 30}
_DEVICE, _PIN = "perangkat_laporan", "pin_laporan"  # another name than the hall's: nobody joins a report to a number


def device_of(request: HttpRequest) -> str:
    """The device that asks; a new one is to be remembered with the answer."""
    return devices.token(request, _DEVICE)


def remember(response: HttpResponse, device: str) -> None:
    devices.write(response, _DEVICE, device, devices.YEAR)


def hand_over(response: HttpResponse, kode: str, pin: str) -> None:
    """The PIN travels to the receipt in the reporter's own browser: it is stored nowhere else."""
    devices.write(response, _PIN, f"{kode}:{pin}", RECEIPT)


def handed_over(request: HttpRequest, kode: str) -> str:
    found, _colon, pin = (devices.read(request, _PIN, RECEIPT) or "").partition(":")
    return pin if found == kode else ""


def within_limit(device: str, what: str) -> bool:
    """False when this device has asked too often this hour."""
    return devices.within_limit(device, f"pengaduan:{what}", HOURLY[what])
