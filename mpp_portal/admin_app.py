"""Puts our site where Django's own admin would stand."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "mpp_portal.admin_site.PortalAdmin"
