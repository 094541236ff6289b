"""What the demo's people did with their work, and the brief of its week."""

from __future__ import annotations

from datetime import date, timedelta

from practice.actor import Actor
from practice.models import WorkItem
from practice.selectors.brief import monday_of
from practice.services import brief, work_desk
from practice.story import Story

# what, due in how many days, why
REMINDERS = (
    ("Ask the landlord about the parking lot lights", 4, "Two patients mentioned it"),
    ("Compare the copier lease before it renews itself", 16, "Notice is due by the end of the month"),
    ("Order flu vaccine for October", None, ""),
)


def tell_work(story: Story) -> None:
    """Reminders, items handed over, put off and finished, and this week's brief kept."""
    manager, biller = story.acting_as("manager"), story.acting_as("biller")
    if manager is None:
        return
    count = 1 if story.small else len(REMINDERS)
    made = [_remind(story, row=row, actor=manager) for row in REMINDERS[:count]]
    if not story.small:
        work_desk.snooze(
            made[2:],
            until=story.today + timedelta(days=10),
            reason="The price list comes next week",
            actor=manager,
        )
        done = work_desk.add(title="Change the code of the back door", actor=manager)
        work_desk.done([done], outcome="Changed, told everybody on shift", actor=manager)
    if biller is not None:
        _billers_own(story, biller=biller, manager=manager)
    brief.choose_mail(by_mail=True, actor=manager)
    brief.keep(monday_of(story.today), actor=story.actor)


def _remind(story: Story, *, row: tuple[str, int | None, str], actor: Actor) -> WorkItem:
    title, days, reason = row
    due: date | None = story.today + timedelta(days=days) if days is not None else None
    return work_desk.add(title=title, due_on=due, reason=reason, actor=actor)


def _billers_own(story: Story, *, biller: Actor, manager: Actor) -> None:
    """The biller took two denials; the manager escalated none and commented on one."""
    denials = list(WorkItem.objects.filter(kind="denial.answer", state="open").order_by("due_on", "id")[:2])
    if denials:
        work_desk.take(denials, actor=biller)
        work_desk.comment(
            denials[:1], note="Send the visit note with it: they asked for it twice", actor=manager
        )
