"""The kit alone, with one toy app: proof that it knows no app of the product."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECRET_KEY = "only-for-the-tests-of-the-kit"
ALLOWED_HOSTS = ["testserver"]
USE_TZ, TIME_ZONE = True, "America/New_York"
ROOT_URLCONF = "tests.kit.urls"
STATIC_URL = "/static/"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "kit",
    "tests.kit.toyapp",
]
MIDDLEWARE = [
    "django.middleware.csrf.CsrfViewMiddleware",
    "tests.kit.toyapp.middleware.ToyMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]
REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "kit.schema.HouseSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Toy",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": ["kit.schema.refusals"],
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
