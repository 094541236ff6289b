"""Watch what expires: one open work item per credential that ends soon or has ended, until it is renewed."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from practice import events
from practice.actor import Actor
from practice.models import WorkItem
from practice.selectors.days import practice_today
from practice.services.work import close_items, open_item
from staff.models import Credential
from staff.permissions import StaffPermission
from staff.rules import expiry_words
from staff.selectors.credentials import alert_steps, to_watch

ITEM = "staff.expiry"


@transaction.atomic
def refresh_all(*, actor: Actor) -> int:
    """Open, refresh and close the items of the whole practice; returns how many are open. Twice is once."""
    today = practice_today(actor)
    steps = alert_steps(today)
    watched = list(to_watch(today))
    titles = {item.ref.record_id: item.title for item in _open_items()}
    for credential in watched:
        _tell(credential, said=titles.get(credential.pk), steps=steps, actor=actor)
    gone = set(titles) - {credential.pk for credential in watched}
    for credential in Credential.objects.filter(pk__in=gone).order_by("id"):
        close_items(credential, kind=ITEM, outcome="No longer expiring", actor=actor)
    return len(watched)


@transaction.atomic
def watch(credential: Credential, *, actor: Actor) -> None:
    """Bring the item of one credential up to date, after every change of it."""
    today = practice_today(actor)
    found = to_watch(today).filter(pk=credential.pk).first()
    if found is None:
        outcome = "Renewed" if credential.replaced_by_id else "No longer expiring"
        close_items(credential, kind=ITEM, outcome=outcome, actor=actor)
        return
    item = _open_items().filter(ref__record_id=credential.pk).first()
    _tell(found, said=item.title if item else None, steps=alert_steps(today), actor=actor)


def _open_items() -> QuerySet[WorkItem]:
    return WorkItem.objects.filter(kind=ITEM, state=WorkItem.State.OPEN).select_related("ref")


def _tell(credential: Credential, *, said: str | None, steps: tuple[int, ...], actor: Actor) -> None:
    """Say how long is left. The event goes out when an item opens and on the day a step is reached, once."""
    left = credential.days_left(today=practice_today(actor))
    if left is None:
        return
    label = "Certificate" if credential.kind == Credential.Kind.OTHER else credential.get_kind_display()
    title = f"{label} of {credential.employee} {expiry_words(left)}"
    if title == said:
        return
    open_item(
        ITEM,
        record=credential,
        title=title,
        permission=StaffPermission.VIEW_CREDENTIAL,
        due_on=credential.expires_on,
        location=credential.employee.location_id,
        actor=actor,
    )
    if said is None or left in steps:
        events.emit("credential.expiring", actor=actor, credential_id=credential.pk)
