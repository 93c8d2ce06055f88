"""Indonesian at `/…`, English at `/en/…`; domain apps are named by string."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from mpp_portal import views
from mpp_portal.notifikasi import metrik
from mpp_portal.notifikasi import views as kabar

urlpatterns = i18n_patterns(
    path("", views.home, name="beranda"),
    path("kabar/", include("mpp_portal.notifikasi.urls")),
    path("sw.js", kabar.service_worker, name="service_worker"),  # here, because it may only serve what is below it
    path("metrik/", metrik.figures, name="metrik"),
    path("lacak/", views.track, name="lacak"),
    path("petugas/", views.staff_home, name="beranda_petugas"),
    path("admin/", admin.site.urls),
    path("akun/sessions/<int:pk>/", views.end_session, name="end_session"),
    path("akun/", include("allauth.urls")),
    path("antrean/", include("antrean.urls")),
    path("pengaduan/sp4n/", include("pengaduan.sp4n.urls")),
    path("pengaduan/whatsapp/", include("pengaduan.whatsapp.urls")),
    path("pengaduan/", include("pengaduan.urls")),
    path("open311/v2/", include("pengaduan.open311.urls")),
    path("", include("layanan.urls")),
    prefix_default_language=False,
)

handler400 = "mpp_portal.errors.bad_request"
handler403 = "mpp_portal.errors.forbidden"
handler404 = "mpp_portal.errors.not_found"
handler500 = "mpp_portal.errors.server_error"
