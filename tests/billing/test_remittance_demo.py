"""The demo's remittances: most posted, one staged, one with an exception, every sum comes out."""

import pytest
from django.core.management import call_command

from billing.models import DenialCase, LedgerEntry, Remittance
from billing.services import invariants
from practice.actor import system_actor
from practice.models import Practice
from practice.transactions import acting_in


@pytest.mark.django_db(transaction=True)
def test_the_story_posts_and_balances(settings, tmp_path):
    settings.MODE = "demo"
    settings.INCOMING, settings.OUTGOING = tmp_path / "in", tmp_path / "out"
    settings.STATE = tmp_path
    call_command("seed_demo")
    practice = Practice.objects.get(slug="harborview")
    actor = system_actor(practice_id=practice.id)
    with acting_in(practice.id, actor=actor):
        states = list(Remittance.objects.values_list("state", flat=True))
        report = invariants.check(actor=actor)
        assert states.count("posted") > 2
        assert states.count("review") == 1
        assert states.count("staged") == 1
        assert len(set(DenialCase.objects.values_list("state", flat=True))) >= 4
        assert LedgerEntry.objects.filter(kind="patient_payment").exists()
        assert report.findings == ()
