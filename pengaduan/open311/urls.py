from django.urls import path

from . import views

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", views.discovery, name="discovery"),
    path("services.<str:form>", views.service_list, name="services"),
    path("services/<str:service_code>.<str:form>", views.definition, name="definition"),
    path("requests.<str:form>", views.service_requests, name="requests"),
    path("requests/<str:service_request_id>.<str:form>", views.service_request, name="request"),
    path("tokens/<str:token>.<str:form>", views.token, name="token"),
    path("openapi.<str:form>", views.description, name="openapi"),
]
