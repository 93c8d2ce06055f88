from django.urls import path

from pengaduan import views

app_name = "pengaduan"
urlpatterns = [path("", views.home, name="home")]
