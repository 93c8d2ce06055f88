from django.urls import URLPattern

app_name = "layanan"
urlpatterns: list[URLPattern] = []
