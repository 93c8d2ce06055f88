"""Indonesian at `/…`, English at `/en/…`; domain apps are named by string."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("admin/", admin.site.urls),
    path("akun/", include("allauth.urls")),
    path("antrean/", include("antrean.urls")),
    path("pengaduan/", include("pengaduan.urls")),
    path("", include("layanan.urls")),
    prefix_default_language=False,
)
