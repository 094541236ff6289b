"""The demo's chapter of compliance: half answered, with findings at several stages."""

from datetime import UTC, date, datetime

import pytest

from compliance import seed
from compliance.models import Audit, CorrectiveAction, Finding
from compliance.selectors.audits import progress
from kit import clock
from practice.models import Practice
from practice.story import Story


@pytest.mark.parametrize(("small", "rounds"), [(False, 1), (True, 0)])
def test_the_chapter_is_told_through_the_services(acting, settings, tmp_path, small, rounds):
    settings.MEDIA_ROOT = tmp_path
    with clock.at(datetime(2026, 3, 4, 17, tzinfo=UTC)), acting("owner") as actor:
        practice = Practice.objects.get(slug="harbor")
        seed.seed(Story(practice=practice, actor=actor, today=date(2026, 3, 4), small=small))
        assert Audit.objects.count() == rounds
        if rounds:
            told = progress(Audit.objects.get())
            assert (told.items, told.files, told.open_high, told.not_met) == (49, 1, 1, 2)
            assert 20 < told.answered < 49
            assert set(CorrectiveAction.objects.values_list("state", flat=True)) == {"planned", "done"}
            assert Finding.objects.filter(actions=None).count() == 1
