from django.apps import AppConfig


class SiaranConfig(AppConfig):
    name = "mpp_portal.siaran"
    label = "siaran"
