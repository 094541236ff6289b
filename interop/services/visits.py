"""Encounters become completed visits, claims become imported claims."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from billing.models import Claim, ClaimDiagnosis, ClaimEvent
from interop.rules import codes, values
from interop.services.chunks import SOURCE, Incoming, change, create, known, need, sort
from interop.services.masters import read
from kit.sheet_reader import BadField, Row
from patients.models import Coverage
from practice.models import ImportedRecord, Location, Payer
from practice.services.import_chunks import Chunk
from scheduling.models import Appointment, AppointmentType, StatusEvent

DIAGNOSES = tuple(f"DIAGNOSIS{number}" for number in range(1, 9))
NO_PAYER = ("", "0")


def ids_of(chunk: Chunk, *, field: str) -> set[str]:
    """The foreign ids a column of a chunk names."""
    return {row.values.get(field, "").strip() for row in chunk.rows}


def _types(chunk: Chunk) -> dict[str, uuid.UUID]:
    """Our appointment type for each class of encounter in this chunk; made when it is new."""
    found = {}
    for name in sorted(ids_of(chunk, field="ENCOUNTERCLASS")):
        if name in codes.ENCOUNTER_CLASSES:
            code, label, minutes, _ = codes.ENCOUNTER_CLASSES[name]
            kind, _ = AppointmentType.objects.get_or_create(
                practice_id=chunk.actor.practice_id, code=code, defaults={"name": label, "minutes": minutes}
            )
            found[name] = kind.pk
    return found


def zones_of(location_ids: Any) -> dict[uuid.UUID, ZoneInfo]:
    """The clock of each site."""
    found = Location.objects.filter(pk__in=set(location_ids)).values_list("id", "timezone")
    return {pk: ZoneInfo(name) for pk, name in found}


def take_encounters(chunk: Chunk) -> None:
    """Encounters as completed visits with one status event; whether they are new patients' is told at the end."""
    people = known("patient", ids=ids_of(chunk, field="PATIENT"))
    providers = known("provider", ids=ids_of(chunk, field="PROVIDER"))
    sites = known("location", ids=ids_of(chunk, field="ORGANIZATION"))
    types, zones = _types(chunk), zones_of(sites.values())

    def parse(row: Row) -> Incoming:
        starts, ends = values.moment(row, "START"), values.moment(row, "STOP")
        if ends <= starts:
            raise BadField("STOP", "is not after START")
        kind = values.text(row, "ENCOUNTERCLASS", limit=20, required=True)
        if kind not in types:
            raise BadField("ENCOUNTERCLASS", f"“{kind}” is not a known class of encounter")
        site = need(sites, row=row, field="ORGANIZATION")
        why = values.text(row, "REASONDESCRIPTION", limit=1000) or values.text(row, "DESCRIPTION", limit=1000)
        given = {
            "patient_id": need(people, row=row, field="PATIENT"),
            "provider_id": need(providers, row=row, field="PROVIDER"),
            "location_id": site,
            "type_id": types[kind],
            "starts_at": starts,
            "ends_at": ends,
            "local_day": values.local_day(starts, zone=zones[site]),
            "reason": why[:200],
            "status": Appointment.Status.COMPLETED,
            "created_via": "import",
        }
        return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)

    fresh, changed = sort("encounter", incoming=read(chunk, parse=parse), chunk=chunk)
    made = create("encounter", model=Appointment, fresh=fresh, chunk=chunk)
    _note_completed(made, chunk=chunk)
    change("encounter", model=Appointment, changed=changed, chunk=chunk)


def _note_completed(visits: Iterable[Appointment], *, chunk: Chunk) -> None:
    """The one status an encounter's history has."""
    StatusEvent.objects.bulk_create(
        StatusEvent(
            practice_id=chunk.actor.practice_id,
            appointment_id=visit.pk,
            status=Appointment.Status.COMPLETED,
            at=visit.ends_at,
            note="Imported",
        )
        for visit in visits
    )


class Coverages:
    """The coverage histories of some patients, to find who insured them on a day."""

    def __init__(self, *, patient_ids: Any) -> None:
        self.of: dict[tuple[uuid.UUID, uuid.UUID], list[tuple[date, date | None, uuid.UUID]]] = defaultdict(
            list
        )
        found = Coverage.objects.filter(patient_id__in=set(patient_ids)).order_by("starts_on", "id")
        for row in found.values_list("patient_id", "payer_id", "starts_on", "ends_on", "id"):
            self.of[row[0], row[1]].append(row[2:])

    def on(self, day: date, *, patient_id: uuid.UUID, payer_id: uuid.UUID) -> uuid.UUID | None:
        """The coverage in force; else the last one begun before (it ends on the very day); else None."""
        begun = [one for one in self.of[patient_id, payer_id] if one[0] <= day]
        in_force = [one for one in begun if one[1] is None or one[1] >= day]
        found = in_force or begun
        return found[-1][2] if found else None


def take_claims(chunk: Chunk) -> None:
    """Claims as history: closed or still submitted, never sent by us. Their lines come with the transactions."""
    found = known("encounter", ids=ids_of(chunk, field="APPOINTMENTID"))
    visits = Appointment.objects.select_related("type", "location").in_bulk(list(found.values()))
    by_id = {external: visits[pk] for external, pk in found.items() if pk in visits}
    providers = known("provider", ids=ids_of(chunk, field="PROVIDERID"))
    people = known("patient", ids=ids_of(chunk, field="PATIENTID"))
    named = ids_of(chunk, field="PRIMARYPATIENTINSURANCEID") | ids_of(
        chunk, field="SECONDARYPATIENTINSURANCEID"
    )
    payers = known("payer", ids=named)
    reader = ClaimReader(
        visits=by_id, providers=providers, people=people, payers=payers,
        plans=Payer.objects.in_bulk(list(payers.values())), nobody=self_pay(chunk),
        coverages=Coverages(patient_ids=people.values()),
    )  # fmt: skip
    fresh, changed = sort("claim", incoming=read(chunk, parse=reader.parse), chunk=chunk)
    extras = [{name: one.values.pop(name) for name in ("second", "diagnoses")} for one in (*fresh, *changed)]
    for one, number in zip(fresh, chunk.numbers("interop.claim", count=len(fresh)), strict=True):
        one.values["control_number"] = f"I{number:09d}"
    made = create("claim", model=Claim, fresh=fresh, chunk=chunk)
    change("claim", model=Claim, changed=changed, chunk=chunk, keep=[*_FIXED])
    _add_parts(made, fresh=fresh, extras=extras[: len(fresh)], chunk=chunk)


# What a later export may not rewrite on a claim; its state may move on.
_FIXED = ("appointment_id", "patient_id", "payer_id", "coverage_id", "rendering_provider_id", "location_id",
          "place_of_service", "service_date", "file_by", "total", "origin", "first_submitted_on")  # fmt: skip


class ClaimReader:
    """Reads claims.csv against what is already here."""

    def __init__(self, **found: Any) -> None:
        self.found = found

    def parse(self, row: Row) -> Incoming:
        """A claim's values; raises BadField."""
        found = self.found
        visit = need(found["visits"], row=row, field="APPOINTMENTID")
        if need(found["people"], row=row, field="PATIENTID") != visit.patient_id:
            raise BadField("PATIENTID", "is not the patient of APPOINTMENTID")
        zone = ZoneInfo(visit.location.timezone)
        served = values.local_day(values.moment(row, "SERVICEDATE"), zone=zone)
        state = codes.claim_state(values.text(row, "STATUS1", limit=20))
        if state is None:
            raise BadField("STATUS1", f"“{row.values['STATUS1']}” is not CLOSED or BILLED")
        billed = None
        if row.values.get("LASTBILLEDDATE1", "").strip():
            billed = values.local_day(values.moment(row, "LASTBILLEDDATE1"), zone=zone)
        payer = self.payer(row, field="PRIMARYPATIENTINSURANCEID") or found["nobody"]
        given = {
            "appointment_id": visit.pk,
            "patient_id": visit.patient_id,
            "payer_id": payer.pk,
            "coverage_id": found["coverages"].on(served, patient_id=visit.patient_id, payer_id=payer.pk),
            "rendering_provider_id": need(found["providers"], row=row, field="PROVIDERID"),
            "location_id": visit.location_id,
            "place_of_service": PLACES.get(visit.type.code, "11"),
            "service_date": served,
            "file_by": served + timedelta(days=payer.filing_days),
            "total": 0,
            "state": state,
            "origin": "import",
            "first_submitted_on": billed,
            "second": self.payer(row, field="SECONDARYPATIENTINSURANCEID"),
            "diagnoses": [values.text(row, name, limit=20) for name in DIAGNOSES],
        }
        return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)

    def payer(self, row: Row, *, field: str) -> Payer | None:
        """The payer a column names; None for nobody ("0" or NO_INSURANCE)."""
        if row.values.get(field, "").strip() in NO_PAYER:
            return None
        plan: Payer = self.found["plans"][need(self.found["payers"], row=row, field=field)]
        return None if plan.kind == Payer.Kind.SELF_PAY else plan


PLACES = {code: place for code, _, _, place in codes.ENCOUNTER_CLASSES.values()}


def self_pay(chunk: Chunk) -> Payer:
    """The payer of claims nobody insures; made when the practice has none."""
    own = Payer.objects.filter(kind=Payer.Kind.SELF_PAY).order_by("created_at", "id").first()
    if own is None:
        own = Payer.objects.create(
            practice_id=chunk.actor.practice_id, name="Self-pay", kind=Payer.Kind.SELF_PAY, filing_code="09"
        )
    return own


def _add_parts(
    made: list[Claim], *, fresh: list[Incoming], extras: list[dict[str, Any]], chunk: Chunk
) -> None:
    """Diagnoses, the first event, and who is billed second (kept as a reference: a claim has one payer)."""
    practice_id = chunk.actor.practice_id
    ClaimDiagnosis.objects.bulk_create(
        ClaimDiagnosis(practice_id=practice_id, claim_id=claim.pk, code=code, position=position)
        for claim, extra in zip(made, extras, strict=True)
        for position, code in enumerate(extra["diagnoses"], start=1)
        if code
    )
    ClaimEvent.objects.bulk_create(
        ClaimEvent(
            practice_id=practice_id, claim_id=claim.pk, state=claim.state, note="Imported from Synthea"
        )
        for claim in made
    )
    ImportedRecord.objects.bulk_create(
        ImportedRecord(
            practice_id=practice_id, source=SOURCE, kind="second_payer", external_id=one.external_id,
            record_id=extra["second"].pk,
        )
        for one, extra in zip(fresh, extras, strict=True)
        if extra["second"] is not None
    )  # fmt: skip
