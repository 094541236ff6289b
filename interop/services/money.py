"""claims_transactions: charges, payments, adjustments and transfers into the append-only ledger."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from billing.models import (
    Charge,
    ChargeDiagnosis,
    Claim,
    ClaimDiagnosis,
    ClaimLine,
    LedgerEntry,
    ProcedureCode,
)
from billing.services import ledger
from interop.rules import codes, money, values
from interop.rules.money import Entry, Move, Tracker, Transaction
from interop.services.chunks import SOURCE, known, need
from interop.services.visits import ids_of, zones_of
from kit.money import ZERO
from kit.sheet_reader import BadField, Row, checksum
from patients.models import Patient
from practice.models import ImportedRecord, Payer
from practice.services.import_chunks import Chunk

MAX_UNITS = Decimal("999999.99")
DIAGNOSIS_REFS = ("DIAGNOSISREF1", "DIAGNOSISREF2", "DIAGNOSISREF3", "DIAGNOSISREF4")
REPEATED = "was imported before with other values. Imported money is never changed: correct it in the ledger"


@dataclass
class Known:
    """What a chunk's rows refer to, and which of them are in the ledger already."""

    claims: dict[str, Claim]
    people: dict[str, uuid.UUID]
    providers: dict[str, uuid.UUID]
    sites: dict[str, uuid.UUID]
    visits: dict[str, uuid.UUID]
    zones: dict[uuid.UUID, ZoneInfo]
    seconds: dict[str, uuid.UUID]
    uninsured: set[uuid.UUID]
    diagnoses: dict[tuple[uuid.UUID, int], str]

    def holder(self, holder: str, *, claim: Claim, external: str) -> uuid.UUID | None:
        """The payer a TRANSFERTYPE stands for; None is the patient (also for "1" when nobody insures)."""
        if holder == "2":
            return self.seconds.get(external)
        return claim.payer_id if holder == "1" and claim.payer_id not in self.uninsured else None


def _look_up(chunk: Chunk) -> Known:
    found = known("claim", ids=ids_of(chunk, field="CLAIMID"))
    by_id = Claim.objects.in_bulk(list(found.values()))
    claims = {external: by_id[pk] for external, pk in found.items() if pk in by_id}
    sites = known("location", ids=ids_of(chunk, field="PLACEOFSERVICE"))
    diagnoses = ClaimDiagnosis.objects.filter(claim_id__in=list(by_id))
    return Known(
        claims=claims,
        people=known("patient", ids=ids_of(chunk, field="PATIENTID")),
        providers=known("provider", ids=ids_of(chunk, field="PROVIDERID")),
        sites=sites,
        visits=known("encounter", ids=ids_of(chunk, field="APPOINTMENTID")),
        zones=zones_of(sites.values()),
        seconds=known("second_payer", ids=found),
        uninsured=set(Payer.objects.filter(kind=Payer.Kind.SELF_PAY).values_list("id", flat=True)),
        diagnoses={(one.claim_id, one.position): one.code for one in diagnoses},
    )


@dataclass
class Line:
    """A row with everything it refers to, and what it moves."""

    transaction: Transaction
    claim: Claim
    site: uuid.UUID
    day: date
    details: dict[str, Any]
    move: Move


class Transactions:
    """Takes claims_transactions in order; the tracker remembers the open charge of every claim."""

    def __init__(self) -> None:
        self.tracker = Tracker()

    def take(self, chunk: Chunk) -> None:
        """Judge the rows one by one, then write them together."""
        found = _look_up(chunk)
        lines: list[Line] = []
        for row in chunk.rows:
            try:
                lines.append(self._judge(row, found=found))
            except BadField as error:
                chunk.refuse(row, error=error)
                self._lose(row)
        fresh = self._count(lines, chunk=chunk)
        _write(fresh, found=found, chunk=chunk)

    def replay(self, rows: Iterable[Row], *, refused: set[int]) -> None:
        """Bring the tracker to where the earlier run stopped."""
        for row in rows:
            if row.number in refused:
                self._lose(row)
            else:
                self.tracker.feed(money.parse(row))

    def finish(self, chunk: Chunk) -> None:
        """A TRANSFEROUT without its TRANSFERIN moved nothing: it is reported."""
        for one in self.tracker.waiting():
            chunk.refuse(
                one.row, error=BadField("CHARGEID", "no accepted TRANSFERIN row belongs to this TRANSFEROUT")
            )

    def _lose(self, row: Row) -> None:
        """After a refused charge (or what may have been one) nothing may land on the charge before it."""
        if row.values.get("TYPE", "").strip() not in set(money.TYPES) - {"CHARGE"}:
            self.tracker.lose(row.values.get("CLAIMID", "").strip())

    def _judge(self, row: Row, *, found: Known) -> Line:
        if row.problem:
            raise BadField("", row.problem)
        transaction = money.parse(row)
        claim: Claim = need(found.claims, row=row, field="CLAIMID")
        if need(found.people, row=row, field="PATIENTID") != claim.patient_id:
            raise BadField("PATIENTID", "is not the patient of the claim")
        if transaction.holder == "2" and transaction.claim not in found.seconds:
            raise BadField("TRANSFERTYPE", "is 2, but the claim has no second payer")
        site = need(found.sites, row=row, field="PLACEOFSERVICE")
        day = values.local_day(values.moment(row, "FROMDATE"), zone=found.zones[site])
        details = _charge_details(row, claim=claim, found=found) if transaction.type == "CHARGE" else {}
        move = self.tracker.feed(transaction)
        return Line(transaction=transaction, claim=claim, site=site, day=day, details=details, move=move)

    def _count(self, lines: list[Line], *, chunk: Chunk) -> list[Line]:
        """Count new and known rows; a known row with other values is refused. Returns the lines to write."""
        ids = [one.id for line in lines for one in line.move.settles]
        before = ImportedRecord.objects.filter(
            source=SOURCE, kind="transaction", external_id__in=ids, withdrawn_at=None
        )
        taken = dict(before.values_list("external_id", "checksum"))
        fresh = []
        for line in lines:
            news = 0
            for one in line.move.settles:
                digest = taken.get(one.id)
                if digest is None:
                    taken[one.id] = money_digest(one.row)
                    news += 1
                    chunk.new += 1
                elif digest == money_digest(one.row):
                    chunk.known += 1
                else:
                    chunk.refuse(one.row, error=BadField("ID", REPEATED))
            if news or not line.move.settles:
                fresh.append(line)
        return fresh


def money_digest(row: Row) -> str:
    """The checksum of what may never change in a row of money."""
    return checksum(row, fields=money.MONEY_FIELDS)


def _charge_details(row: Row, *, claim: Claim, found: Known) -> dict[str, Any]:
    """What a CHARGE row needs beyond its money. Raises BadField."""
    visit = need(found.visits, row=row, field="APPOINTMENTID")
    if visit != claim.appointment_id:
        raise BadField("APPOINTMENTID", "is not the visit of the claim")
    units = values.amount(row, "UNITS") or Decimal(1)
    if not ZERO < units <= MAX_UNITS:
        raise BadField("UNITS", "is not a number of units")
    positions = [values.number(row, name) for name in DIAGNOSIS_REFS if row.values.get(name, "").strip()]
    return {
        "provider_id": need(found.providers, row=row, field="PROVIDERID"),
        "units": units,
        "modifier1": values.text(row, "MODIFIER1", limit=2),
        "modifier2": values.text(row, "MODIFIER2", limit=2),
        "name": row.values.get("NOTES", "").strip()[:255],
        "diagnoses": [found.diagnoses[claim.pk, at] for at in positions if (claim.pk, at) in found.diagnoses],
    }


def _write(lines: list[Line], *, found: Known, chunk: Chunk) -> None:
    """Charges first, then every entry in one posting, then ages, totals and what was taken."""
    charges = _new_charges([line for line in lines if line.transaction.type == "CHARGE"], chunk=chunk)
    ids = {line.move.charge for line in lines} - set(charges)
    charge_of = known("transaction", ids=ids) | charges
    postings = [
        _posting(entry, line=line, charge_id=charge_of[line.move.charge], found=found)
        for line in lines
        for entry in line.move.entries
    ]
    _lock_patients(lines)
    opening = [one for one in postings if one.kind == LedgerEntry.Kind.CHARGE]
    ledger.post(opening, actor=chunk.actor)
    _mark_billed(lines, postings=opening, chunk=chunk)
    ledger.post([one for one in postings if one.kind != LedgerEntry.Kind.CHARGE], actor=chunk.actor)
    _total({line.claim.pk for line in lines})
    ImportedRecord.objects.bulk_create(
        (
            ImportedRecord(
                practice_id=chunk.actor.practice_id, source=SOURCE, kind="transaction", external_id=one.id,
                record_id=charge_of[line.move.charge], checksum=money_digest(one.row),
            )
            for line in lines
            for one in line.move.settles
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def _lock_patients(lines: list[Line]) -> None:
    """Patient accounts before charges: the order every poster of money keeps."""
    people = sorted({line.claim.patient_id for line in lines})
    list(
        Patient.objects.filter(pk__in=people)
        .order_by("pk")
        .select_for_update(of=("self",), no_key=True)
        .values("pk")
    )


def _procedures(lines: list[Line], *, chunk: Chunk) -> dict[tuple[str, str], uuid.UUID]:
    """Our row for each code; new ones carry the name the export gives them and no billable code."""
    names: dict[tuple[str, str], str] = {}
    for line in lines:
        code = line.transaction.code
        names.setdefault((codes.code_system(code), code), line.details["name"])
    ProcedureCode.objects.bulk_create(
        (
            ProcedureCode(practice_id=chunk.actor.practice_id, system=system, code=code, name=name)
            for (system, code), name in sorted(names.items())
        ),
        ignore_conflicts=True,
    )
    rows = ProcedureCode.objects.filter(code__in=[code for _, code in names])
    return {(system, code): pk for system, code, pk in rows.values_list("system", "code", "id")}


def _new_charges(lines: list[Line], *, chunk: Chunk) -> dict[str, uuid.UUID]:
    """Write charges with diagnoses and claim lines; returns their ids by the id of their CHARGE row."""
    procedures, practice_id = _procedures(lines, chunk=chunk), chunk.actor.practice_id
    made: list[tuple[Line, Charge]] = []
    for line in lines:
        code = line.transaction.code
        charge = Charge(
            practice_id=practice_id, appointment_id=line.claim.appointment_id, patient_id=line.claim.patient_id,
            provider_id=line.details["provider_id"], location_id=line.site,
            procedure_id=procedures[codes.code_system(code), code], units=line.details["units"],
            modifier1=line.details["modifier1"], modifier2=line.details["modifier2"], amount=line.transaction.charge,
            service_date=line.day, posted_on=line.day, place_of_service=line.claim.place_of_service,
        )  # fmt: skip
        made.append((line, charge))
    Charge.objects.bulk_create(charge for _, charge in made)
    ChargeDiagnosis.objects.bulk_create(
        ChargeDiagnosis(
            practice_id=practice_id, charge_id=charge.pk, code=code, system="snomed", position=position
        )
        for line, charge in made
        for position, code in enumerate(line.details["diagnoses"], start=1)
    )
    ClaimLine.objects.bulk_create(
        ClaimLine(
            practice_id=practice_id, claim_id=line.claim.pk, charge_id=charge.pk, number=line.move.line,
            line_control=f"{line.claim.control_number}-{line.move.line}",
        )
        for line, charge in made
    )  # fmt: skip
    return {line.transaction.id: charge.pk for line, charge in made}


def _posting(entry: Entry, *, line: Line, charge_id: uuid.UUID, found: Known) -> ledger.Posting:
    payer_id = found.holder(entry.holder, claim=line.claim, external=line.transaction.claim)
    primary = payer_id is not None and payer_id == line.claim.payer_id
    return ledger.Posting(
        kind=entry.kind,
        patient_id=line.claim.patient_id,
        charge_id=charge_id,
        location_id=line.site,
        amount=entry.amount,
        service_date=line.day,
        posted_on=line.day,  # the export has no payment dates: money is taken on the day of its row
        source_kind="import",
        source_key=entry.key,
        payer_id=payer_id,
        coverage_id=line.claim.coverage_id if primary else None,
        claim_id=line.claim.pk,
        method=entry.method,
        memo="Imported from Synthea",
    )


def _mark_billed(lines: list[Line], *, postings: list[ledger.Posting], chunk: Chunk) -> None:
    """The first bill of a charge is the claim's first billing day; parties that join later share that age."""
    days = {line.claim.pk: line.claim.first_submitted_on for line in lines}
    groups: dict[tuple[uuid.UUID | None, date], set[uuid.UUID]] = defaultdict(set)
    for one in postings:
        if one.charge_id is not None and one.claim_id is not None:
            groups[one.payer_id, days[one.claim_id] or one.service_date].add(one.charge_id)
    for (payer_id, day), charges in sorted(groups.items(), key=lambda item: (item[0][1], str(item[0][0]))):
        ledger.mark_billed(charges, payer_id=payer_id, day=day, actor=chunk.actor)


def _total(claims: set[uuid.UUID]) -> None:
    """Claim totals and what insurance paid on each line: replaced, never added to."""
    lines = ClaimLine.objects.filter(claim_id=OuterRef("pk")).order_by().values("claim_id")
    total = lines.annotate(total=Sum("charge__amount")).values("total")
    Claim.objects.filter(pk__in=claims).update(total=Coalesce(Subquery(total), Value(ZERO)))
    paid = LedgerEntry.objects.filter(
        charge_id=OuterRef("charge_id"),
        claim_id=OuterRef("claim_id"),
        kind=LedgerEntry.Kind.INSURANCE_PAYMENT,
    )
    sums = paid.order_by().values("charge_id").annotate(total=-Sum("amount")).values("total")
    ClaimLine.objects.filter(claim_id__in=claims).update(paid=Coalesce(Subquery(sums), Value(ZERO)))
