"""Every read of public forms: the forms, what they ask, their links, what was sent."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.http import Http404

from kit import clock
from practice.actor import Actor
from practice.form_purposes import purposes
from practice.models import (
    FormField,
    FormSection,
    FormSubmission,
    FormVersion,
    Practice,
    PublicForm,
    PublicLink,
    PublicLinkEvent,
)
from practice.permissions import PracticePermission
from practice.selectors.outside import holder, link_behind

SENT_IS_SHOWN = timedelta(hours=1)  # a link that is used up still shows that it was, for so long


def visible_to(actor: Actor) -> QuerySet[PublicForm]:
    """The practice's forms, each with how many submissions wait (``waiting``)."""
    every = PublicForm.objects.annotate(
        waiting=Count("submissions", filter=Q(submissions__state=FormSubmission.State.WAITING))
    )
    return every if actor.may(PracticePermission.VIEW_FORMS) else every.none()


def get_form(form_id: uuid.UUID, *, actor: Actor) -> PublicForm:
    """One form, or 404."""
    found = visible_to(actor).filter(pk=form_id).first()
    if found is None:
        raise Http404
    return found


def _whole() -> QuerySet[FormVersion]:
    questions = FormField.objects.prefetch_related("choices")
    sections = FormSection.objects.prefetch_related(Prefetch("fields", queryset=questions))
    return FormVersion.objects.select_related("form").prefetch_related(
        Prefetch("sections", queryset=sections)
    )


def versions_of(form: PublicForm) -> list[FormVersion]:
    """Every version, newest first, each with how often it was answered (``answered``)."""
    found = FormVersion.objects.filter(form=form).select_related("published_by__user")
    return list(found.annotate(answered=Count("submissions")).order_by("-number"))


def draft_of(form: PublicForm) -> FormVersion | None:
    """The version that can be edited, with its questions."""
    return _whole().filter(form=form, published_at=None).first()


def current_version(form_id: uuid.UUID) -> FormVersion | None:
    """What the form asks now: the newest published version, with its questions."""
    return _whole().filter(form=form_id, published_at__isnull=False).order_by("-number").first()


def version_numbered(form: PublicForm, *, number: int) -> FormVersion:
    """One version with its questions, or 404."""
    found = _whole().filter(form=form, number=number).first()
    if found is None:
        raise Http404
    return found


def version_of_page(version_id: uuid.UUID, *, link: PublicLink) -> FormVersion | None:
    """The version that was on the page that was sent; a newer one may be out by now."""
    return _whole().filter(pk=version_id, form=link.form_id, published_at__isnull=False).first()


def links_of(form: PublicForm) -> QuerySet[PublicLink]:
    """A form's links, newest first, each with when it was last opened (``opened_at``)."""
    opened = PublicLinkEvent.objects.filter(link=OuterRef("pk"), kind=PublicLinkEvent.Kind.OPENED)
    return (
        PublicLink.objects.filter(form=form)
        .select_related("made_by__user")
        .annotate(opened_at=Subquery(opened.order_by("-created_at").values("created_at")[:1]))
        .order_by("-created_at", "-id")
    )


def get_link(link_id: uuid.UUID, *, form: PublicForm) -> PublicLink:
    """One link of a form, or 404."""
    found = links_of(form).filter(pk=link_id).first()
    if found is None:
        raise Http404
    return found


def link_of(actor: Actor) -> PublicLink:
    """The link that a public actor came in by, or 404. Its purpose and record are all it has to do with."""
    return link_behind(
        PublicLink.objects.select_related("form", "ref"), actor=actor, permission=PracticePermission.FILL_FORM
    )


def link_actor(*, link_id: uuid.UUID, practice: Practice, request_id: str) -> Actor | None:
    """What a living link may do: fill in its form. None when it is ended, too old, or its form is switched off.

    One that was used up within the hour comes in too, to be told that it was sent. Inside ``acting_in``.
    """
    now = clock.now()
    link = PublicLink.objects.filter(
        pk=link_id, revoked_at=None, expires_at__gt=now, form__is_active=True
    ).first()
    if link is None:
        return None
    fresh = link.last_sent_at is not None and link.last_sent_at > now - SENT_IS_SHOWN
    if link.is_used_up and not fresh:
        return None
    return holder(
        link,
        practice=practice,
        name=f"Public form “{link.label}”",
        permission=PracticePermission.FILL_FORM,
        request_id=request_id,
    )


def submissions(actor: Actor) -> QuerySet[FormSubmission]:
    """What was sent through forms of the purposes this actor reviews."""
    every = FormSubmission.objects.select_related("form", "link", "reviewed_by__user", "result")
    if not actor.may(PracticePermission.REVIEW_SUBMISSIONS):
        return every.none()
    reviewed = [key for key, purpose in purposes().items() if actor.may(purpose.review_permission)]
    return every.filter(form__purpose__in=reviewed)


def waiting(queryset: QuerySet[FormSubmission], *, actor: Actor) -> QuerySet[FormSubmission]:
    """Those nobody has reviewed."""
    return queryset.filter(state=FormSubmission.State.WAITING)


def get_submission(submission_id: uuid.UUID, *, actor: Actor) -> FormSubmission:
    """One submission, or 404."""
    found = submissions(actor).filter(pk=submission_id).first()
    if found is None:
        raise Http404
    return found
