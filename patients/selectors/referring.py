"""Reads about where patients come from."""

from patients.models import ReferralSource, ReferringProvider
from practice.selectors import plain

sources = plain.every(ReferralSource)
providers = plain.every(ReferringProvider)
