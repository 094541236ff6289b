"""What the training payers answered: received and posted on its day, denials worked; then patients pay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from billing import seed_payments
from billing.models import ClaimBatch, DenialCase, Remittance
from billing.services import adjustment_catalogue, denials, incoming, posting, remittances, sandbox
from billing.x12 import Addressing, Transaction835, parse_835, write_835
from kit import clock
from kit.money import round_cents
from practice.models import ApprovalRequest, PracticeProfile
from practice.services import approvals
from practice.services.rules import rule
from practice.story import Story

OPENED_AT, WORKED_AT = time(9, 30), time(15, 0)


def seed(story: Story) -> None:
    """Post all answers but the newest; the one before it comes with a claim nobody knows."""
    adjustment_catalogue.install(actor=story.actor)
    zone = ZoneInfo(PracticeProfile.objects.get(practice=story.practice).timezone)
    answered = sorted(_answers(story), key=lambda item: (item[0], item[1].name))
    for left, (day, path) in zip(range(len(answered) - 1, -1, -1), answered, strict=True):
        with clock.at(_moment(story, day=day, at=OPENED_AT, zone=zone)):
            content = incoming.decoded(path.read_bytes())
            content = _with_a_stranger(content) if left == 1 else content
            file = remittances.receive(content, name=path.name, actor=story.actor)
            incoming.put_away(path, folder=incoming.DONE)
            for remittance in Remittance.objects.filter(file=file, state=Remittance.State.STAGED):
                if left > 1:
                    posting.post(remittance, actor=story.actor)
    _work_denials(story, zone=zone)
    _ask_for_write_offs(story)
    seed_payments.seed(story, zone=zone)


def _answers(story: Story) -> list[tuple[date, Path]]:
    """The answers that lie in the incoming folder, with the day of their payment."""
    folder = incoming.folder_of(story.practice)
    found = []
    for batch in ClaimBatch.objects.filter(written_at__isnull=False, payer__is_sandbox=True):
        path = folder / sandbox.answer_name(batch)
        if path.is_file():
            (payment,) = parse_835(path.read_bytes()).transactions
            found.append((payment.payment.day or story.today, path))
    return found


def _moment(story: Story, *, day: date, at: time, zone: ZoneInfo) -> datetime:
    """A time of a day, never later than now."""
    return min(datetime.combine(day, at, tzinfo=zone), clock.now())


def _with_a_stranger(content: str) -> str:
    """The same payment, in which the payer mistyped our number of its first claim and left the names out."""
    (one,) = parse_835(content).transactions
    first, *others = one.claims
    stranger = replace(first, claim_id="X7731940", payer_control_number="", names=())
    return _file(replace(one, claims=(stranger, *others), body_sha256=""))


def _file(one: Transaction835) -> str:
    return write_835(
        [one],
        addressing=Addressing("ZZ", "SANDBOXCH", "ZZ", "WELLRUN"),
        interchange_control=int(one.interchange_control or 1),
        group_control=int(one.group_control or 1),
        when=datetime.combine(one.payment.day or clock.now().date(), time(4, 18)),
        usage="T",
    )


def _work_denials(story: Story, *, zone: ZoneInfo) -> None:
    """Take cases in turn through the steps a biller takes, a few days after they were opened."""
    steps: tuple[Callable[[DenialCase], None], ...] = (
        lambda case: None,
        lambda case: _start(case, story=story),
        lambda case: _appeal(case, story=story),
        lambda case: _wait(case, story=story),
        lambda case: _win(case, story=story),
        lambda case: _lose(case, story=story),
    )
    for place, case in enumerate(DenialCase.objects.select_related("claim").order_by("number")):
        day = case.denied_on + timedelta(days=2 + place % 4)
        with clock.at(_moment(story, day=day, at=WORKED_AT, zone=zone)):
            steps[place % len(steps)](case)


def _start(case: DenialCase, *, story: Story) -> None:
    denials.start(case, actor=story.actor)


def _appeal(case: DenialCase, *, story: Story) -> None:
    denials.start(case, actor=story.actor)
    denials.appeal(case, note="Appeal letter and visit note sent by portal", actor=story.actor)


def _wait(case: DenialCase, *, story: Story) -> None:
    denials.wait(case, note="Payer asked for two weeks to look again", actor=story.actor)


def _win(case: DenialCase, *, story: Story) -> None:
    denials.appeal(case, note="Records sent", actor=story.actor)
    won = round_cents(case.amount * Decimal("0.72"))
    denials.win(case, recovered=won, note="Overturned on first appeal, payment follows", actor=story.actor)


def _lose(case: DenialCase, *, story: Story) -> None:
    denials.lose(
        case, note="Filed late, no proof of delivery", disposition=denials.WRITE_OFF, actor=story.actor
    )


def _ask_for_write_offs(story: Story) -> None:
    """Two sums above what a biller writes off alone: one the owner has agreed to, one waits."""
    biller, owner = story.acting_as("biller"), story.acting_as("owner")
    if biller is None or owner is None:
        return
    alone = rule("denial.write_off_alone", on=story.today).number
    worked = DenialCase.objects.filter(state=DenialCase.State.WORKING).order_by("number")
    large = [case for case in worked if denials.still_open(case) > alone][:2]
    for case in large:
        note = "Not covered by the plan, and the appeal days are over"
        denials.lose(case, note=note, disposition=denials.WRITE_OFF, actor=biller)
    if len(large) == 2:
        asked = ApprovalRequest.objects.filter(kind="billing.write_off").order_by("number").first()
        if asked is not None:
            approvals.approve(asked, note="Agreed, and let us check coverage before such visits", actor=owner)
