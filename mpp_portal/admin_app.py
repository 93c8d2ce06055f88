"""Puts our site where Django's own admin would stand."""

from typing import Any

from django.apps import apps
from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "mpp_portal.admin_site.PortalAdmin"

    def ready(self) -> None:
        super().ready()
        for model in apps.get_models(include_auto_created=True):
            if model._meta.auto_created:
                model.__str__ = _both_ends  # type: ignore[method-assign]


def _both_ends(link: Any) -> str:
    """What a page about deleting says of a row that only joins two others; Django would give its class and id."""
    return " – ".join(str(getattr(link, field.name)) for field in link._meta.fields if field.is_relation)
