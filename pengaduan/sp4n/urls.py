from django.urls import path

from . import views

app_name = "sp4n"
urlpatterns = [
    path("<slug:mpp>/", views.exchange, name="exchange"),
    path("<slug:mpp>/sambungan/", views.steer, name="steer"),
    path("<slug:mpp>/<slug:bentuk>/", views.download, name="download"),
]
