"""An appeal of the demo: the cover letter of the first denial that is still open, in the print queue."""

from __future__ import annotations

from billing.models import DenialCase
from practice.models import LetterTemplate
from practice.services import letters
from practice.story import Story

WORDS = "The authorization was on file before the day of service. A copy is enclosed."


def finish(story: Story) -> None:
    """Denials stand once the story's remittances were posted."""
    actor = story.acting_as("biller") or story.actor
    found = DenialCase.objects.filter(closed_on=None, claim__patient__is_restricted=False)
    denial = found.select_related("claim__patient", "claim__coverage", "claim__location", "payer").first()
    if denial is None:
        return
    template = LetterTemplate.objects.get(code="appeal-cover", language="en")
    letters.send_by_post(
        letters.write(template=template, about=denial, words=WORDS, actor=actor), actor=actor
    )
