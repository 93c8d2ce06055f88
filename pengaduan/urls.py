from django.urls import URLPattern

app_name = "pengaduan"
urlpatterns: list[URLPattern] = []
