"""Files that come with a form before it is sent: each is kept as it comes, a refused one takes no other along."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from .. import actions, attachments


def keep(
    request: HttpRequest, form: Any, owner: dict[str, str], within_limit: Callable[[], bool] = lambda: True
) -> None:
    """`owner` is whose files these are: the sender and the key of this form."""
    form.full_clean()
    if (taken_back := request.POST.get("hapus", "")).isdecimal():
        actions.detach(int(taken_back), **owner)
    for upload in request.FILES.getlist("berkas"):
        try:
            if not within_limit():
                raise actions.Refused(_("Ponsel ini sudah mengirim banyak berkas. Coba satu jam lagi."))
            actions.attach(attachments.clean(upload), sender=owner["sender"], key=owner["key"])
        except ValidationError as error:
            form.add_error("berkas", f"{upload.name}: {error.message}")
        except actions.Refused as refusal:
            form.add_error("berkas", f"{upload.name}: {refusal}")
