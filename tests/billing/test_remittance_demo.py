"""The demo's remittances: most posted, one staged, one with an exception, every sum comes out."""

import pytest
from django.core.management import call_command

from billing.models import DenialCase, LedgerEntry, Remittance
from billing.services import invariants
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in
from tests.security.two_practices import tell
from tests.tiers import DEEP


def told() -> Practice:
    """A practice whose story was told: the small one in every run, the demo's own (a minute) in the deep tier."""
    if DEEP:
        call_command("seed_demo")
        return Practice.objects.get(slug="harborview")
    tell("harbor", number=1)
    return Practice.objects.get(slug="harbor")


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_the_story_posts_and_balances(settings, tmp_path):
    settings.MODE = "demo"
    settings.INCOMING, settings.OUTGOING = tmp_path / "in", tmp_path / "out"
    settings.STATE, settings.MEDIA_ROOT = tmp_path, tmp_path / "media"
    practice = told()
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        states = list(Remittance.objects.values_list("state", flat=True))
        report = invariants.check(actor=actor)
        assert states.count("posted") > 2
        assert states.count("review") == 1
        assert states.count("staged") == 1
        denied = list(DenialCase.objects.values_list("state", flat=True))
        assert len(denied) >= (
            6 if DEEP else 2
        )  # how many the small story has depends on the hour it is told
        assert len(set(denied)) >= min(len(denied), 4 if DEEP else 3)
        assert LedgerEntry.objects.filter(kind="patient_payment").exists()
        assert report.findings == ()
