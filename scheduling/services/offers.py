"""What becomes of an offer, and of the entry it was made to, when its held visit is booked, let go or has run out.

Called by ``appointments``, so it books nothing itself; ``waitlist`` does.
"""

from __future__ import annotations

from kit import clock
from practice.actor import Actor
from practice.services.work import close_items
from scheduling.models import Appointment, WaitlistEntry, WaitlistOffer

CALL, ENDING = "scheduling.waitlist_call", "scheduling.waitlist_ending"
State = WaitlistOffer.State


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
    close_items(offer, kind=CALL, outcome=offer.get_state_display(), actor=actor)
    if state == State.ACCEPTED:
        entry = lock(offer.entry)
        if entry.is_waiting:
            close(entry, state=WaitlistEntry.State.BOOKED, visit=appointment, actor=actor)


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
