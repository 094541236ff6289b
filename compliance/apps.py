"""The compliance app."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "compliance"
