"""Indonesian at `/…`, English at `/en/…`; domain apps are named by string."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from mpp_portal import views

urlpatterns = i18n_patterns(
    path("", views.home, name="beranda"),
    path("lacak/", views.track, name="lacak"),
    path("petugas/", views.staff_home, name="beranda_petugas"),
    path("admin/", admin.site.urls),
    path("akun/", include("allauth.urls")),
    path("antrean/", include("antrean.urls")),
    path("pengaduan/", include("pengaduan.urls")),
    path("", include("layanan.urls")),
    prefix_default_language=False,
)

handler400 = "mpp_portal.errors.bad_request"
handler403 = "mpp_portal.errors.forbidden"
handler404 = "mpp_portal.errors.not_found"
handler500 = "mpp_portal.errors.server_error"
