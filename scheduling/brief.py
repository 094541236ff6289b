"""Tomorrow's visits on the Monday brief."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from kit.words import counted
from practice.actor import Actor
from practice.brief import BriefLine, at
from scheduling.models import Appointment
from scheduling.permissions import SchedulingPermission as P
from scheduling.selectors.appointments import visible_to


def lines(*, actor: Actor, today: date) -> Iterable[BriefLine]:
    """Visits of tomorrow that nobody has confirmed. Restricted patients' count for who may see them."""
    tomorrow = today + timedelta(days=1)
    booked = visible_to(actor).filter(local_day=tomorrow)
    count = booked.filter(status=Appointment.Status.BOOKED).count()
    if count:
        whole = booked.exclude(
            status__in=(Appointment.Status.CANCELLED, Appointment.Status.RESCHEDULED)
        ).count()
        yield BriefLine(
            key="scheduling.unconfirmed",
            sentence=f"{counted(count, one='visit', many='visits')} of tomorrow not confirmed",
            detail=f"Of {whole} booked. A call today fills what would stay empty.",
            severity="info",
            permission=P.VIEW_SCHEDULE,
            due_on=tomorrow,
            count=count,
            path=at("scheduling:day", day=tomorrow.isoformat()),
            button="Open day",
        )
