"""Send ready claims: numbers and text are settled in one transaction, the file follows as a job step."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from billing import x12
from billing.models import Claim, ClaimBatch, ClaimEvent
from billing.permissions import BillingPermission
from billing.selectors import claims as claim_selectors
from billing.selectors.claim_wire import batch_data
from billing.services import ledger, scrubbing
from kit import clock
from kit.errors import DomainError
from practice import events, jobs
from practice.actor import Actor
from practice.encrypted import reveal
from practice.models import BillingEntity, Payer, Practice, PracticeProfile
from practice.selectors.days import practice_today
from practice.services.sequences import next_number

State = Claim.State
FILE_KIND = "billing.claim_file"
ANSWER_KIND = "billing.sandbox"
MAX_CLAIMS = 2_000  # one ST: a refusal stays local (X12.md 4.4)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a submission did: the batches made, how many claims left, and those that had to stay."""

    batches: tuple[ClaimBatch, ...]
    sent: int
    held: tuple[Claim, ...]


@transaction.atomic
def submit(claim_ids: Iterable[uuid.UUID], *, actor: Actor) -> Sent:
    """Send the chosen claims, one file per payer. Each is checked once more; what a rule now holds stays here.

    Raises DomainError when a chosen claim is not ready; then nothing is sent.
    """
    actor.require(BillingPermission.SUBMIT_CLAIM)
    wanted = set(claim_ids)
    found = claim_selectors.listed_to(actor).filter(pk__in=wanted).order_by("id")
    locked = list(found.select_for_update(of=("self",), no_key=True))
    if not locked or len(locked) != len(wanted):
        raise DomainError("Choose claims that are ready.")
    late = [claim for claim in locked if claim.state != State.READY]
    if late:
        raise DomainError(
            f"Claim {late[0].control_number} is {late[0].get_state_display().lower()}, not ready."
        )
    by_payer: dict[uuid.UUID, list[uuid.UUID]] = defaultdict(list)
    for claim in locked:
        by_payer[claim.payer_id].append(claim.pk)
    batches: list[ClaimBatch] = []
    held: list[Claim] = []
    for payer in Payer.objects.filter(pk__in=by_payer).order_by("id"):
        made, kept = _send(payer, claim_ids=by_payer[payer.pk], actor=actor)
        batches += made
        held += kept
    return Sent(batches=tuple(batches), sent=sum(batch.claim_count for batch in batches), held=tuple(held))


def submit_one(claim: Claim, *, actor: Actor) -> Claim:
    """Send one claim alone; what a rule holds now stays here and says so by its state."""
    submit([claim.pk], actor=actor)
    return claim


@transaction.atomic
def write_batch(payer: Payer, *, actor: Actor) -> ClaimBatch | None:
    """Send every ready claim of a payer (at most 2,000); None when there is none."""
    actor.require(BillingPermission.SUBMIT_CLAIM)
    ready = Claim.objects.filter(payer=payer, state=State.READY).order_by("file_by", "id")
    batches, _ = _send(payer, claim_ids=list(ready.values_list("pk", flat=True)[:MAX_CLAIMS]), actor=actor)
    return batches[0] if batches else None


def _send(
    payer: Payer, *, claim_ids: Sequence[uuid.UUID], actor: Actor
) -> tuple[list[ClaimBatch], list[Claim]]:
    """Lock, check again, write one batch per billing entity. Returns the batches and the claims held back."""
    checked = scrubbing.check_many(claim_ids, actor=actor)
    passed = {claim.pk for claim in checked if claim.state == State.READY}
    held = [claim for claim in checked if claim.pk not in passed]
    going: dict[uuid.UUID | None, list[Claim]] = defaultdict(list)
    for claim in sorted(checked, key=_order):
        if claim.pk in passed:
            going[claim.billing_entity_id].append(claim)
    batches = []
    for claims in going.values():
        entity = claims[0].billing_entity
        if entity is None:
            raise DomainError("Add the practice's billing entity first.")
        for start in range(0, len(claims), MAX_CLAIMS):
            part = claims[start : start + MAX_CLAIMS]
            batches.append(_batch(payer, entity=entity, claims=part, actor=actor))
    return batches, held


def _order(claim: Claim) -> tuple[str, str]:
    """Claims of one coverage side by side: they share their levels in the file."""
    return str(claim.coverage_id), claim.control_number


def _batch(payer: Payer, *, entity: BillingEntity, claims: list[Claim], actor: Actor) -> ClaimBatch:
    interchange = next_number(f"x12.interchange.{entity.submitter_id}.{entity.receiver_id}", actor=actor)
    group = next_number(f"x12.group.{entity.submitter_id}.{entity.receiver_id}", actor=actor)
    text = _text(payer, entity=entity, claims=claims, interchange=interchange, group=group, actor=actor)
    batch = ClaimBatch.objects.create(
        practice_id=actor.practice_id,
        interchange_number=interchange,
        group_number=group,
        payer=payer,
        file_name=f"837P-{interchange:09d}.txt",
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        content=text,
        claim_count=len(claims),
        total=sum((claim.total for claim in claims), Decimal(0)),
    )
    _mark(claims, batch=batch, actor=actor)
    jobs.enqueue(FILE_KIND, actor=actor, key=str(batch.pk), args={"batch": str(batch.pk)})
    return batch


def _text(
    payer: Payer,
    *,
    entity: BillingEntity,
    claims: Iterable[Claim],
    interchange: int,
    group: int,
    actor: Actor,
) -> str:
    """The 837P. Files for the training payer carry the test mark (ISA15 T)."""
    zone = PracticeProfile.objects.values_list("timezone", flat=True).get(practice_id=actor.practice_id)
    batch = batch_data(claims, entity=entity, reference=f"B{interchange:09d}")
    try:
        return x12.write_837p(
            batch,
            interchange_control=interchange,
            group_control=group,
            transaction_control=1,
            when=clock.now().astimezone(ZoneInfo(zone)),
            usage="T" if payer.is_sandbox else "P",
        )
    except x12.X12Error as error:
        raise DomainError(f"The file cannot be written: {error}") from error


def _mark(claims: list[Claim], *, batch: ClaimBatch, actor: Actor) -> None:
    """Claims, open items, history and the event of claims that leave in a batch."""
    day = practice_today(actor)
    for claim in claims:
        claim.state, claim.batch = State.SUBMITTED, batch
        claim.first_submitted_on = claim.first_submitted_on or day
        claim.version += 1
    Claim.objects.bulk_update(claims, ["state", "batch", "first_submitted_on", "version"])
    text = f"Sent to {batch.payer} in file {batch.interchange_number}"
    ClaimEvent.objects.bulk_create(scrubbing.step(claim, text=text, actor=actor) for claim in claims)
    for claim in claims:
        events.emit("claim.submitted", actor=actor, claim_id=claim.pk)
    charges = [line.charge_id for claim in claims for line in claim.lines.all()]
    ledger.mark_billed(charges, payer_id=claims[0].payer_id, day=day, actor=actor)


def outgoing_folder(practice: Practice) -> Path:
    """Where a practice's files for clearinghouses lie."""
    return Path(settings.OUTGOING) / practice.slug


def place_file(batch: ClaimBatch, *, folder: Path) -> Path:
    """Lay the batch's text into a folder under its name, whole or not at all; again is the same file."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, half = folder / batch.file_name, folder / f".{batch.file_name}.{batch.pk}.part"
    with half.open("w", encoding="ascii", newline="") as file:
        file.write(reveal(batch, "content"))
        file.flush()
        os.fsync(file.fileno())
    half.chmod(0o600)
    half.replace(path)
    return path


@transaction.atomic
def mark_written(batch: ClaimBatch, *, actor: Actor, answers_on: date | None = None) -> bool:
    """Note that the file lies in the outgoing folder; False when that was known.

    A training payer answers at once, or on ``answers_on`` (the demo's story).
    """
    locked = ClaimBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if locked.written_at is not None:
        return False
    locked.written_at = clock.now()
    locked.save(update_fields=["written_at", "updated_at"])
    if locked.payer_id is not None and Payer.objects.filter(pk=locked.payer_id, is_sandbox=True).exists():
        args = {"batch": str(locked.pk)} | ({"paid_on": answers_on.isoformat()} if answers_on else {})
        later = datetime.combine(answers_on, time(11, 0), tzinfo=UTC) if answers_on else None
        jobs.enqueue(ANSWER_KIND, actor=actor, key=str(locked.pk), args=args, run_after=later)
    return True
