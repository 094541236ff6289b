"""What people outside sent: a complaint form with a poster's link, and what came in by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit import clock
from practice.actor import Actor
from practice.models import FormSubmission, Practice, PublicLink
from practice.selectors.forms import current_version, draft_of, link_actor
from practice.services import forms, public_links, submissions
from practice.services.submissions import Upload
from practice.story import Story

# How many days ago, what was said, by whom; what became of it.
SENT: tuple[tuple[int, dict[str, Any], str], ...] = (
    (
        9,
        {
            "what": "I waited fifty minutes past my appointment and nobody told me why.",
            "category": "Access and waiting",
            "name": "Alma Reed",
            "phone": "9145550133",
        },
        "accept",
    ),
    (6, {"what": "test test test", "category": "Facility"}, "reject"),
    (
        1,
        {
            "what": "The bill I got shows a visit in March that I never had. I called twice and was put on hold.",
            "category": "Billing",
            "wish": "Please correct the bill and call me back.",
            "name": "Jon Ferris",
            "email": "jon.ferris@example.com",
        },
        "",
    ),
)


def seed(story: Story) -> None:
    """Publish the form, hang up its poster, and tell what came in."""
    maker = story.acting_as("manager") or story.actor
    form = forms.add_form(name="Complaint", purpose="patients.complaint", actor=maker)
    draft = draft_of(form)
    if draft is not None:
        with clock.at(clock.now() - timedelta(days=30)):
            forms.publish(draft, actor=maker)
            link, _ = public_links.make("Poster at the front desk", form=form, days=365, actor=maker)
        for days, answers, then in SENT:
            with clock.at(clock.now() - timedelta(days=days)):
                sent = _send(story.practice, link=link, answers=answers)
            _review(sent, then=then, actor=maker)
    forms.add_form(name="Questions and praise", purpose="practice.feedback", actor=maker)


def _send(practice: Practice, *, link: PublicLink, answers: dict[str, Any]) -> FormSubmission:
    sender = link_actor(link_id=link.pk, practice=practice, request_id="story")
    version = current_version(link.form_id)
    if sender is None or version is None:
        raise RuntimeError("the story's link does not open its form")
    files = (
        {}
        if "wish" not in answers
        else {"papers": Upload(name="bill.txt", content=b"Visit of March 3: $140.00\n")}
    )
    return submissions.submit(
        version, answers=answers, files=files, nonce=submissions.new_nonce(), actor=sender
    )


def _review(submission: FormSubmission, *, then: str, actor: Actor) -> None:
    if then == "accept":
        submissions.accept(submission, actor=actor)
    elif then == "reject":
        submissions.reject(submission, reason="A test, nothing was said", actor=actor)
