"""Which static files are served: ours, and of others' only what a page of ours asks for."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticConfig(StaticFilesConfig):
    """Leaves out DRF's browsable pages and Redoc, which we do not show: compressing them took most of a start."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework", "*-es-bundle*"]
