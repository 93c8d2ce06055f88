from django.urls import URLPattern

app_name = "antrean"
urlpatterns: list[URLPattern] = []
