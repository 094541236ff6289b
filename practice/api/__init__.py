"""Endpoints of the tenant that no Resource makes."""
