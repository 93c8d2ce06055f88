from django.urls import path, register_converter

from layanan.views import places, search, standards


class Colour:
    """Six hexadecimal digits, as a mall's colour is written after its #."""

    regex = "[0-9a-f]{6}"
    to_python = to_url = str


register_converter(Colour, "warna")
app_name = "layanan"
urlpatterns = [
    path("cari/", search.search, name="search"),
    path("cari/saran/", search.suggest, name="suggest"),
    path("peristiwa/<slug:peristiwa>/", standards.life_event, name="life_event"),
    path("layanan/<slug:jenis>/", standards.jenis, name="jenis"),
    path("instansi/<slug:instansi>/", places.instansi, name="instansi"),
    path("mpp/", places.places, name="places"),
    path("mpp/<slug:mpp>/", places.mpp, name="mpp"),
    path("mpp/<slug:mpp>/<slug:instansi>/", places.gerai, name="gerai"),
    path("warna/<warna:utama>-<warna:aksen>.css", places.colours, name="colours"),
    path("mpp/<slug:mpp>/<slug:instansi>/<slug:jenis>/", standards.layanan, name="layanan"),
]
