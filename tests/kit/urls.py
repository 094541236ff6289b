from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from kit import urls

handler403 = "tests.kit.toyapp.middleware.forbidden"
urlpatterns = [
    path("p/<slug:practice>/", include((urls.page_urls(), "kit"))),
    path("p/<slug:practice>/api/v1/", include((urls.api_urls(), "api"))),
    path("schema/", SpectacularAPIView.as_view()),
]
