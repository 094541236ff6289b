"""Chapters of the tenant's part of the demo, one noun a file."""
