"""The demo's chapter of staff: licences in several states, one ending in 24 days, one certificate ended."""

from datetime import UTC, date, datetime

from kit import clock
from practice.models import Practice, WorkItem
from practice.seed import seed as seed_practice
from practice.story import Story
from staff import seed
from staff.models import Credential, Employee, PayerEnrolment


def test_the_chapter_is_told_through_the_services(acting):
    with clock.at(datetime(2026, 3, 4, 17, tzinfo=UTC)), acting("owner") as actor:
        story = Story(practice=Practice.objects.get(slug="harbor"), actor=actor, today=date(2026, 3, 4))
        seed_practice(story)
        seed.seed(story)
        assert Employee.objects.count() == 11
        assert [str(provider) for provider in story.kept["providers"]] == [
            "P. Raman, MD", "T. Okafor, MD", "E. Vasquez, MD",
        ]  # fmt: skip
        licence = Credential.objects.get(kind="license", expires_on=date(2026, 3, 28))
        assert str(licence.employee) == "Thomas Okafor"
        assert Credential.objects.filter(kind="cpr", expires_on__lt=story.today).count() == 1
        assert (
            WorkItem.objects.filter(kind="staff.expiry", state="open", title__contains="expired").count() == 1
        )
        states = set(PayerEnrolment.objects.values_list("state", flat=True))
        assert states == {"effective", "review"}
