"""Take in 835 files: parse, judge, write down, match. Posting is another act (``billing.services.posting``).

A file is known by the SHA-256 of its content, a payment by payer, trace number, day and the digest of its body
(ARCHITECTURE.md 14). What cannot be read or does not add up is kept and refused with its place; no money moves.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils.timezone import localtime

from billing.models import Claim, Remittance, RemittanceClaim, RemittanceFile, RemittanceLine
from billing.permissions import BillingPermission
from billing.selectors.remittances import rows_of
from billing.services import matching, posting, posting_plan, staging
from billing.x12 import Transaction835, X12Error, imbalances, parse_835, transaction_digest
from kit.errors import Conflict, DomainError
from kit.words import dollars, us_date
from practice.actor import Actor
from practice.encrypted import reveal
from practice.models import Payer
from practice.selectors.days import practice_today
from practice.services import work

LARGEST_FILE = 20_000_000  # bytes
SHOWN_FAULTS = 10
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
State = Remittance.State
FileState = RemittanceFile.State


@dataclass(slots=True)
class _Reading:
    """One file being taken in: what came of its payments, and what to say about them."""

    file: RemittanceFile
    kept: list[Remittance] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@transaction.atomic
def receive(content: str, *, name: str, actor: Actor) -> RemittanceFile:
    """Take one 835 file in: every payment of it staged, refused or quarantined, each with its reason.

    Returns the file; its state and error say what became of it. Raises Conflict for content that was received
    before and DomainError for what is no text; then nothing is kept.
    """
    actor.require(BillingPermission.IMPORT_REMITTANCE)
    raw = _bytes_of(content)
    _one_at_a_time(actor)
    digest = hashlib.sha256(raw).hexdigest()
    known = RemittanceFile.objects.filter(practice_id=actor.practice_id, sha256=digest).first()
    if known is not None:
        raise Conflict(f"This file was already received on {_day_of(known)} as {known.name}.")
    file = RemittanceFile(
        practice_id=actor.practice_id, name=name[:200], sha256=digest, content=content, size=len(raw)
    )
    file.save(force_insert=True)
    reading = _Reading(file)
    try:
        transactions = parse_835(content).transactions
    except X12Error as error:
        return _refuse(file, error=str(error))
    for position, one in enumerate(transactions, start=1):
        _take(one, position=position, reading=reading, actor=actor)
    return _conclude(reading)


def _bytes_of(content: str) -> bytes:
    """The text as it will be kept. Raises DomainError for what is empty, too large or no text."""
    if not content.strip():
        raise DomainError("The file is empty.", field="file")
    if _NO_TEXT.search(content):
        raise DomainError("This is not a text file.", field="file")
    raw = content.encode("utf-8")
    if len(raw) > LARGEST_FILE:
        raise DomainError("The file is larger than 20 MB.", field="file")
    return raw


def _day_of(row: RemittanceFile | Remittance) -> str:
    return us_date(localtime(row.created_at).date())


def _one_at_a_time(actor: Actor) -> None:
    """Two files of one practice are judged one after the other: each must see the other's payments."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"remittances:{actor.practice_id}"]
        )


def _refuse(file: RemittanceFile, *, error: str) -> RemittanceFile:
    file.state, file.error = FileState.REFUSED, error
    file.save()
    return file


def _conclude(reading: _Reading) -> RemittanceFile:
    file, notes = reading.file, reading.notes
    if not reading.kept and not notes:
        notes.append("There is no payment in this file.")
    if not reading.kept or all(row.state == State.REFUSED for row in reading.kept):
        return _refuse(file, error="\n".join(notes))
    file.error = "\n".join(notes)
    file.save()
    return file


def _take(one: Transaction835, *, position: int, reading: _Reading, actor: Actor) -> None:
    """Stage one payment, or note why not."""
    where = staging.place_of(one)
    digest = transaction_digest(one)
    day = one.payment.day
    known = Remittance.objects.filter(
        payer_identity=one.payer_id[:80], trace_number=one.trace.number[:50], paid_on=day, digest=digest
    ).first()
    if known is not None:
        since = _day_of(known)
        reading.notes.append(f"{where}: payment {one.trace.number} was already received on {since}.")
        return
    try:
        with transaction.atomic():
            remittance = _stage(one, position=position, file=reading.file, digest=digest, actor=actor)
    except DomainError as error:
        reading.notes.append(error.message)
        return
    if remittance.state == State.REFUSED:
        reading.notes.append(remittance.problem)
    reading.kept.append(remittance)


def _stage(
    one: Transaction835, *, position: int, file: RemittanceFile, digest: str, actor: Actor
) -> Remittance:
    where = staging.place_of(one)
    payer = matching.payer_of(one)
    remittance = Remittance(
        practice_id=actor.practice_id,
        file=file,
        position=position,
        payer=payer,
        payer_name=(one.payer.name if one.payer else "")[:80] or one.payer_id[:80] or "Unknown payer",
        payer_identity=staging.short(one.payer_id, limit=80, what="the payer's number", where=where),
        trace_number=staging.short(one.trace.number, limit=50, what="the trace number", where=where),
        amount=staging.money(one.payment.net, where=where),
        method=one.payment.method[:3],
        paid_on=one.payment.day,
        digest=digest,
    )
    remittance.problem = _imbalance(one)
    if remittance.problem:
        remittance.state = State.REFUSED
    elif twin := _other_body(remittance):
        remittance.state = State.QUARANTINED
        remittance.problem = (
            f"Payment {remittance.trace_number} came before with another content, in {twin.file.name} "
            f"on {_day_of(twin)}."
        )
    found = matching.match_claims(one.claims, payer=payer)
    if payer is None:
        remittance.payer = _only_payer(found)
    remittance.save(force_insert=True)
    staging.write(one, remittance=remittance, found=found)
    if remittance.state == State.STAGED:
        assess(remittance, actor=actor)
    elif remittance.state == State.QUARANTINED:
        _ask_about(remittance, actor=actor)
    return remittance


def _only_payer(found: list[matching.Found]) -> Payer | None:
    """The payer of the claims, when the file names none of ours and they all went to one."""
    payers = {one.claim.payer_id for one in found if one.claim and one.match == matching.Match.EXACT}
    return Payer.objects.get(pk=payers.pop()) if len(payers) == 1 else None


def _imbalance(one: Transaction835) -> str:
    """Every sum that does not come out, each with transaction, claim and segment; '' when all do."""
    faults = imbalances(one)
    texts = []
    for fault in faults[:SHOWN_FAULTS]:
        parts = [f"transaction {fault.transaction}"]
        parts += [f"claim {fault.claim}"] if fault.claim else []
        parts += [f"line {fault.line}"] if fault.line else []
        where = ", ".join([*parts, f"segment {fault.segment_number}"])
        texts.append(
            f"{where}: {fault.message} ({dollars(fault.found)} instead of {dollars(fault.expected)})."
        )
    if len(faults) > SHOWN_FAULTS:
        texts.append(f"{len(faults) - SHOWN_FAULTS} more.")
    return "\n".join(texts)


def _other_body(remittance: Remittance) -> Remittance | None:
    """A payment of an earlier file with the same payer and trace number: parts of one file are no twins."""
    return (
        Remittance.objects.filter(
            payer_identity=remittance.payer_identity, trace_number=remittance.trace_number
        )
        .exclude(file_id=remittance.file_id)
        .exclude(state=State.REFUSED)
        .select_related("file")
        .order_by("created_at")
        .first()
    )


def _ask_about(remittance: Remittance, *, actor: Actor) -> None:
    work.open_item(
        posting.EXCEPTIONS,
        record=remittance,
        title=f"Payment {remittance.trace_number} of {remittance.payer_name} is in quarantine",
        permission=BillingPermission.POST_REMITTANCE,
        amount=remittance.amount if remittance.amount > 0 else None,
        actor=actor,
    )


@transaction.atomic
def assess(remittance: Remittance, *, actor: Actor) -> Remittance:
    """Judge again what posting would do now, and write down what needs a decision. Moves no money."""
    plan = posting_plan.make(remittance, rows=rows_of(remittance), day=practice_today(actor))
    changed = []
    for claim in plan.claims:
        if claim.row.problem != claim.problem[:300]:
            claim.row.problem = claim.problem[:300]
            changed.append(claim.row)
    RemittanceClaim.objects.bulk_update(changed, ["problem"], batch_size=1000)
    if remittance.state in (State.STAGED, State.REVIEW):
        remittance.state = State.REVIEW if plan.exceptions else State.STAGED
        remittance.save(update_fields=["state", "updated_at"])
    posting.keep_work_item(remittance, exceptions=len(plan.exceptions), actor=actor)
    return remittance


def _open_to_decisions(remittance_id: uuid.UUID, *, actor: Actor) -> Remittance:
    actor.require(BillingPermission.POST_REMITTANCE)
    found = Remittance.objects.select_for_update(of=("self",), no_key=True).select_related("file")
    return found.get(pk=remittance_id)


@transaction.atomic
def match(row: RemittanceClaim, *, control_number: str, actor: Actor) -> RemittanceClaim:
    """Say which of our claims the payer means. Refused once it is posted, and for a number that is not ours."""
    remittance = _open_to_decisions(row.remittance_id, actor=actor)
    row.refresh_from_db()
    if row.posted:
        raise Conflict("This claim is posted already.")
    claim = Claim.objects.filter(control_number=control_number.strip().upper()).first()
    if claim is None:
        raise DomainError("There is no claim with this number.", field="control_number")
    said = (
        parse_835(reveal(remittance.file, "content"))
        .transactions[remittance.position - 1]
        .claims[row.position - 1]
    )
    own = matching.match_lines(said.lines, ours=matching.lines_of(claim.pk))
    row.claim, row.match = claim, RemittanceClaim.Match.EXACT
    row.save(update_fields=["claim", "match", "updated_at"])
    for line, ours in zip(
        RemittanceLine.objects.filter(remittance_claim=row).order_by("position"), own, strict=True
    ):
        line.claim_line = ours
        line.save(update_fields=["claim_line", "updated_at"])
    assess(remittance, actor=actor)
    row.refresh_from_db()
    return row


@transaction.atomic
def check_again(remittance: Remittance, *, actor: Actor) -> Remittance:
    """Judge a payment again, after a claim or a rule has changed."""
    return assess(_open_to_decisions(remittance.pk, actor=actor), actor=actor)


@transaction.atomic
def release(remittance: Remittance, *, reason: str, actor: Actor) -> Remittance:
    """Take a payment out of quarantine: somebody has found out that it is a payment of its own."""
    locked = _open_to_decisions(remittance.pk, actor=actor)
    if locked.state != State.QUARANTINED:
        raise Conflict("This payment is not in quarantine.")
    if not reason.strip():
        raise DomainError("Say how you know that this is another payment.", field="reason")
    locked.state = State.STAGED
    locked.problem = f"{locked.problem}\nReleased by {actor.name or actor}: {reason.strip()}"
    locked.save(update_fields=["state", "problem", "updated_at"])
    return assess(locked, actor=actor)
