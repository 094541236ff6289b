"""The finance app."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    name = "finance"
