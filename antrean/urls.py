from django.urls import path

from .views import kunjungan, layar, loket, meja, pesan, warga

app_name = "antrean"
urlpatterns = [
    path("hadir/<str:token>/", warga.arrive, name="arrive"),
    path("k/<str:rahasia>/", kunjungan.kunjungan, name="kunjungan"),
    path("k/<str:rahasia>/tiket/", kunjungan.tiket, name="tiket"),
    path("k/<str:rahasia>/posisi/<int:pk>/", kunjungan.position, name="position"),
    path("k/<str:rahasia>/batal/<int:pk>/", kunjungan.cancel, name="cancel"),
    path("k/<str:rahasia>/kembali/<int:pk>/", kunjungan.come_back, name="come_back"),
    path("k/<str:rahasia>/pesan/", pesan.details, name="details"),
    path("k/<str:rahasia>/jadwal/<int:pk>/batal/", pesan.cancel, name="cancel_booking"),
    path("k/<str:rahasia>/jadwal/<int:pk>/kalender.ics", pesan.calendar_file, name="calendar"),
    path("k/<str:rahasia>/jadwal/<int:pk>/ubah/", pesan.move_days, name="move_days"),
    path("k/<str:rahasia>/jadwal/<int:pk>/ubah/<str:tanggal>/", pesan.move_times, name="move_times"),
    path("k/<str:rahasia>/jadwal/<int:pk>/datang/", pesan.arrive, name="book_arrive"),
    path("status/<str:code>/", kunjungan.status, name="status"),
    path("loket/", loket.counter, name="counter"),
    path("loket/<int:pk>/", loket.console, name="console"),
    path("loket/<int:pk>/sekarang/", loket.console_now, name="console_now"),
    path("loket/<int:pk>/buka/", loket.open_loket, name="open_loket"),
    path("loket/<int:pk>/tutup/", loket.close, name="close"),
    path("loket/<int:pk>/<slug:step>/", loket.step, name="step"),
    path("meja/<slug:mpp>/", meja.desk, name="desk"),
    path("meja/<slug:mpp>/jadwal/<int:pk>/datang/", meja.arrive, name="desk_arrive"),
    path("meja/<slug:mpp>/tiket/<int:pk>/", meja.tiket, name="desk_tiket"),
    path("meja/<slug:mpp>/tiket/<int:pk>/kembali/", meja.come_back, name="desk_come_back"),
    path("meja/<slug:mpp>/<slug:instansi>/<slug:jenis>/", meja.give, name="give"),
    path("layar/<slug:mpp>/", layar.display, name="display"),
    path("layar/<slug:mpp>/sekarang/", layar.calls, name="calls"),
    path("<slug:mpp>/poster/", layar.poster, name="poster"),
    path("<slug:mpp>/poster/kode/", layar.poster_code, name="poster_code"),
    path("<slug:mpp>/pesan/<slug:instansi>/<slug:jenis>/", pesan.days, name="book"),
    path("<slug:mpp>/pesan/<slug:instansi>/<slug:jenis>/<str:tanggal>/", pesan.times, name="times"),
    path("<slug:mpp>/ambil/", warga.pick, name="pick"),
    path("<slug:mpp>/ambil/<slug:instansi>/<slug:jenis>/", warga.take, name="take"),
]
