from django.urls import path

from .views import angka, aturan, dibaca, ikuti, kebocoran, larangan, meja, petugas, publik, sekaligus, umum, warga

app_name = "pengaduan"
urlpatterns = [
    path("", umum.home, name="home"),
    path("hitung-tenggat/", umum.calculator, name="calculator"),
    path("publik/", publik.listing, name="public_list"),
    path("publik/rss/", publik.feed, name="feed"),
    path("publik/<str:kode>/", publik.laporan, name="public"),
    path("publik/<str:kode>/dukung/", publik.support, name="support"),
    path("status/<str:kode>/", ikuti.status, name="status"),
    path("k/<str:rahasia>/", ikuti.laporan, name="laporan"),
    path("k/<str:rahasia>/tanda-terima/", ikuti.receipt, name="receipt"),
    path("k/<str:rahasia>/salinan/", ikuti.copy, name="copy"),
    path("k/<str:rahasia>/lampiran/<int:pk>/", ikuti.lampiran, name="lampiran"),
    path("k/<str:rahasia>/<slug:langkah>/", ikuti.step, name="step"),
    path("angka/", angka.page, name="figures"),
    path("angka/<slug:bentuk>/", angka.download, name="figures_file"),
    path("aturan/<slug:mpp>/", aturan.dry_run, name="rules"),
    path("dibaca/", dibaca.listing, name="views"),
    path("larangan/", larangan.listing, name="bans"),
    path("larangan/<int:pk>/", larangan.review, name="ban_review"),
    path("kebocoran/", kebocoran.listing, name="leaks"),
    path("kerja/", petugas.worklist, name="worklist"),
    path("kerja/sekaligus/", sekaligus.together, name="together"),
    path("kerja/<str:kode>/", petugas.work, name="work"),
    path("kerja/<str:kode>/lampiran/<int:pk>/", petugas.lampiran, name="work_lampiran"),
    path("kerja/<str:kode>/<slug:langkah>/", petugas.step, name="work_step"),
    path("<slug:mpp>/meja/", meja.desk, name="desk"),
    path("<slug:mpp>/lapor/", warga.report, name="report"),
]
