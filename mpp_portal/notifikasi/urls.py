from django.urls import path

from . import views

app_name = "kabar"
urlpatterns = [
    path("ikut/<str:token>/", views.follow, name="follow"),
    path("peramban/<str:token>/", views.follow_by_browser, name="browser"),
    path("berhenti/<str:rahasia>/", views.stop, name="stop"),
    path("keluar/", views.outgoing, name="outgoing"),
]
