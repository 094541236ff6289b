"""The product's own settings; only the addresses have the bench's probe in front."""

from practice.settings import *  # noqa: F403

ROOT_URLCONF = "bench.product"
STORAGES = {
    **STORAGES,  # noqa: F405
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
