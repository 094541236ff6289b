"""What becomes of an offer, and of the entry it was made to: the patient is told, or its held visit ends.

Called by ``appointments`` and ``reminders``, so it books and sends nothing itself; ``waitlist`` does.
"""

from __future__ import annotations

from kit import clock
from practice.actor import Actor
from practice.selectors.days import practice_today
from practice.services.work import close_items, open_item
from scheduling.models import Appointment, WaitlistEntry, WaitlistOffer
from scheduling.permissions import SchedulingPermission
from scheduling.services import visit_links

CALL, ENDING = "scheduling.waitlist_call", "scheduling.waitlist_ending"
State = WaitlistOffer.State
UNSENT = "Not sent: "  # how the note of an offer begins whose message did not go out


def settle(appointment: Appointment, *, state: str, actor: Actor, note: str = "") -> None:
    """End the live offer of a held visit, if it has one; an accepted one closes its entry with that visit."""
    offer = (
        WaitlistOffer.objects.select_for_update(of=("self",), no_key=True)
        .filter(appointment=appointment, state=State.OFFERED)
        .first()
    )
    if offer is None:
        return
    offer.state, offer.answered_at = state, clock.now()
    offer.note = note[:200] or offer.note
    offer.save()
    visit_links.answered(offer)
    close_items(offer, kind=CALL, outcome=offer.get_state_display(), actor=actor)
    if state == State.ACCEPTED:
        entry = lock(offer.entry)
        if entry.is_waiting:
            close(entry, state=WaitlistEntry.State.BOOKED, visit=appointment, actor=actor)


def to_tell(offer: WaitlistOffer, *, actor: Actor, why: str = "") -> None:
    """Somebody at the desk has to tell the patient: work that names no patient."""
    open_item(
        CALL,
        record=offer,
        title=f"Tell about an offered {offer.entry.type}: {offer}, answer by {offer.until}",
        permission=SchedulingPermission.BOOK_VISIT,
        due_on=practice_today(actor),
        reason=why,
        location=offer.appointment.location_id,
        patient=offer.entry.patient_id,
        actor=actor,
    )


def note_sent(offer: WaitlistOffer, *, actor: Actor) -> None:
    """The message that tells the patient has left; that another one had not is said no more."""
    mine = WaitlistOffer.objects.filter(pk=offer.pk)
    mine.update(told_at=clock.now(), updated_at=clock.now())
    mine.filter(note__startswith=UNSENT).update(note="")
    close_items(offer, kind=CALL, outcome="Told by a message", actor=actor)


def note_unsent(offer: WaitlistOffer, *, why: str, actor: Actor) -> None:
    """The message did not go out, or did not arrive: the offer says why, and somebody calls the patient."""
    live = WaitlistOffer.objects.filter(pk=offer.pk, state=State.OFFERED, expires_at__gt=clock.now())
    note = f"{UNSENT}{why}"[:200]
    if live.update(told=WaitlistOffer.Told.NOT_YET, told_at=None, note=note, updated_at=clock.now()):
        to_tell(offer, why=why, actor=actor)


def lock(entry: WaitlistEntry) -> WaitlistEntry:
    """The entry as it is now, nobody else able to change it."""
    return WaitlistEntry.objects.select_for_update(of=("self",), no_key=True).get(pk=entry.pk)


def close(
    locked: WaitlistEntry, *, state: str, actor: Actor, visit: Appointment | None = None, outcome: str = ""
) -> WaitlistEntry:
    """Nobody waits any more: booked, withdrawn or expired, and why."""
    locked.state, locked.closed_at, locked.visit = state, clock.now(), visit
    locked.outcome = outcome[:200]
    locked.save()
    close_items(locked, kind=ENDING, outcome=locked.get_state_display(), actor=actor)
    return locked
