"""Payers, sites, providers, patients and their coverage: what the money refers to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from interop.rules import codes, values
from interop.services.chunks import Incoming, change, create, known, need, remember, sort
from interop.services.stretches import Stretches
from kit.sheet_reader import BadField, Row
from patients.models import Coverage, Patient
from patients.numbers import MRN
from patients.services.medical_cases import medical_cases
from practice.encrypted import blind_index
from practice.models import Location, Payer
from practice.services.import_chunks import Chunk
from staff.models import Employee, Provider

MEDICARE_DAYS = 365  # 42 CFR 424.44: one calendar year after the service


def _address(row: Row, *, state: str = "STATE") -> dict[str, str]:
    code = codes.state_code(values.text(row, state, limit=40))
    if code is None:
        raise BadField(state, f"“{row.values[state]}” is not a US state")
    return {
        "address_line": values.text(row, "ADDRESS", limit=120),
        "city": values.text(row, "CITY", limit=60),
        "state": code,
        "postal_code": values.text(row, "ZIP", limit=10),
    }


def _phone(row: Row) -> str:
    return values.digits(values.text(row, "PHONE", limit=60))[:20]


def read(chunk: Chunk, *, parse: Any) -> list[Incoming]:
    """Parse every row; what cannot be read is refused."""
    found = []
    for row in chunk.rows:
        try:
            if row.problem:
                raise BadField("", row.problem)
            found.append(parse(row))
        except BadField as error:
            chunk.refuse(row, error=error)
    return found


def take_payers(chunk: Chunk) -> None:
    """Payers; NO_INSURANCE is self-pay. One the practice already has by name is used, not doubled."""

    def parse(row: Row) -> Incoming:
        name = values.text(row, "NAME", limit=120, required=True)
        kind, filing = codes.payer_kind(name)
        given = {"name": name, "kind": kind, "filing_code": filing, "phone": _phone(row)}
        given |= _address(row, state="STATE_HEADQUARTERED")
        return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)

    fresh, changed = sort("payer", incoming=read(chunk, parse=parse), chunk=chunk)
    own = dict(Payer.objects.filter(name__in=[one.values["name"] for one in fresh]).values_list("name", "id"))
    adopted: list[Incoming] = []
    made: list[Incoming] = []
    for one in fresh:
        one.record_id = own.get(one.values["name"])
        if one.record_id is None and any(one.values["name"] == other.values["name"] for other in made):
            chunk.refuse(one.row, error=BadField("NAME", "stands in this file twice with different ids"))
        else:
            (made if one.record_id is None else adopted).append(one)
    for one in made:
        if one.values["kind"] == Payer.Kind.MEDICARE:
            one.values["filing_days"] = MEDICARE_DAYS
    remember("payer", taken=adopted, chunk=chunk)
    chunk.known += len(adopted)
    create("payer", model=Payer, fresh=made, chunk=chunk)
    change("payer", model=Payer, changed=changed, chunk=chunk, keep=["name"])


def take_organizations(chunk: Chunk) -> None:
    """Sites. A name that is taken gets its city, else the start of its id."""

    def parse(row: Row) -> Incoming:
        given = {
            "name": values.text(row, "NAME", limit=90, required=True),
            "phone": _phone(row),
            **_address(row),
        }
        given["timezone"] = codes.zone_name(given["state"], default=chunk.zone)
        return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)

    fresh, changed = sort("location", incoming=read(chunk, parse=parse), chunk=chunk)
    taken = set(Location.objects.values_list("name", flat=True))
    for one in fresh:
        name, city = one.values["name"], one.values["city"]
        if name in taken and city:
            name = f"{name} ({city})"[:120]
        if name in taken:
            name = f"{one.values['name']} ({one.external_id[:8]})"
        one.values["name"] = name
        taken.add(name)
    create("location", model=Location, fresh=fresh, chunk=chunk)
    change("location", model=Location, changed=changed, chunk=chunk, keep=["name", "timezone"])


def take_providers(chunk: Chunk) -> None:
    """Providers with their staff file. The export has no NPI: their claims are held until somebody enters it."""
    sites = known("location", ids=(row.values.get("ORGANIZATION", "").strip() for row in chunk.rows))

    def parse(row: Row) -> Incoming:
        name = values.text(row, "NAME", limit=80, required=True)
        first, last = values.split_name(name)
        for part in (first, last):
            if len(part) > 60:
                raise BadField("NAME", "has a part longer than 60 characters")
        given = {
            "display_name": name,
            "specialty": values.text(row, "SPECIALITY", limit=80).capitalize(),
            "location_id": need(sites, row=row, field="ORGANIZATION"),
        }
        return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)

    fresh, changed = sort("provider", incoming=read(chunk, parse=parse), chunk=chunk)
    files = [_employee(one, chunk=chunk) for one in fresh]
    Employee.objects.bulk_create(files)
    for one, file in zip(fresh, files, strict=True):
        one.values["employee_id"] = file.pk
    create("provider", model=Provider, fresh=fresh, chunk=chunk)
    change("provider", model=Provider, changed=changed, chunk=chunk)


def _employee(one: Incoming, *, chunk: Chunk) -> Employee:
    first, last = values.split_name(one.values["display_name"])
    return Employee(
        practice_id=chunk.actor.practice_id,
        first_name=first,
        last_name=last,
        job_title="Provider",
        location_id=one.values["location_id"],
    )


def take_patients(chunk: Chunk) -> None:
    """Patients. Names keep their digits; the SSN is encrypted; a missing ZIP is no reason to refuse."""
    fresh, changed = sort("patient", incoming=read(chunk, parse=_patient), chunk=chunk)
    for one, number in zip(fresh, chunk.texts(MRN, count=len(fresh)), strict=True):
        one.values["mrn"] = number
        if ssn := one.values["ssn"]:
            one.values["ssn_index"] = blind_index(ssn, practice_id=chunk.actor.practice_id)
    made = create("patient", model=Patient, fresh=fresh, chunk=chunk)
    medical_cases([patient.pk for patient in made], practice_id=chunk.actor.practice_id)
    change("patient", model=Patient, changed=changed, chunk=chunk)


def _patient(row: Row) -> Incoming:
    ssn = values.digits(values.text(row, "SSN", limit=20))
    if ssn and len(ssn) != 9:
        raise BadField("SSN", "does not have nine digits")
    sex = values.text(row, "GENDER", limit=10).upper()
    born, died = values.day(row, "BIRTHDATE"), values.optional_day(row, "DEATHDATE")
    if died is not None and died < born:
        raise BadField("DEATHDATE", "lies before BIRTHDATE")
    given = {
        "first_name": values.text(row, "FIRST", limit=60, required=True),
        "last_name": values.text(row, "LAST", limit=60, required=True),
        "birth_date": born,
        "deceased_on": died,
        "sex": sex if sex in Patient.Sex.values else Patient.Sex.UNKNOWN,
        "ssn": ssn,
        "ssn_last4": ssn[-4:],
        **_address(row),
    }
    return Incoming(row=row, external_id=values.reference(row, "Id"), values=given)


def take_payer_transitions(chunk: Chunk) -> None:
    """Coverage history. Time without insurance needs no coverage; a second payer is billed second.

    A row that shares days with coverage that is here is refused: an order of a case is held once a day.
    """
    texts = [row.values for row in chunk.rows]
    people = known("patient", ids=(one.get("PATIENT", "").strip() for one in texts))
    payers = known(
        "payer", ids=(one.get(name, "").strip() for one in texts for name in ("PAYER", "SECONDARY_PAYER"))
    )
    uninsured = set(Payer.objects.filter(kind=Payer.Kind.SELF_PAY).values_list("id", flat=True))
    medical = medical_cases(people.values(), practice_id=chunk.actor.practice_id)
    zone = ZoneInfo(chunk.zone)

    def parse(row: Row) -> Incoming | None:
        payer, person = need(payers, row=row, field="PAYER"), need(people, row=row, field="PATIENT")
        given = None if payer in uninsured else _stretch(row, zone=zone)
        if given is None:
            return None
        second = row.values.get("SECONDARY_PAYER", "").strip()
        given |= {
            "patient_id": person,
            "case_id": medical[person].pk,
            "payer_id": payer,
            "second": need(payers, row=row, field="SECONDARY_PAYER") if second else None,
        }
        return Incoming(row=row, external_id=_stretch_id(row), values=given)

    parsed = read(chunk, parse=parse)
    incoming = [one for one in parsed if one is not None]
    chunk.known += len(parsed) - len(incoming)
    fresh, changed = sort("coverage", incoming=incoming, chunk=chunk)
    taken = Stretches(patient_ids=people.values())
    _cover(fresh=taken.fitting(fresh, chunk=chunk), changed=taken.fitting(changed, chunk=chunk), chunk=chunk)


def _cover(*, fresh: list[Incoming], changed: list[Incoming], chunk: Chunk) -> None:
    seconds = [_second(one) for one in fresh if one.values["second"] is not None]
    for one in (*fresh, *changed):
        one.values.pop("second", None)
    create("coverage", model=Coverage, fresh=fresh, chunk=chunk)
    change("coverage", model=Coverage, changed=changed, chunk=chunk)
    create("coverage2", model=Coverage, fresh=seconds, chunk=chunk)
    chunk.new -= len(seconds)  # one row, two coverages: rows are counted


def _stretch(row: Row, *, zone: ZoneInfo) -> dict[str, Any] | None:
    """Days and card of a row; None when it covers no day."""
    first = values.local_day(values.moment(row, "START_YEAR"), zone=zone)
    ends = _last_day(row, first=first, zone=zone)
    if ends is not None and ends < first:
        return None
    return {
        "starts_on": first,
        "ends_on": ends,
        "member_id": values.text(row, "MEMBERID", limit=80, required=True),
        **_subscriber(row),
    }


def _last_day(row: Row, *, first: date, zone: ZoneInfo) -> date | None:
    """The last covered day: the day before END_YEAR, before the first when none is; None while it goes on."""
    if not row.values.get("END_YEAR", "").strip():
        return None
    ends = values.local_day(values.moment(row, "END_YEAR"), zone=zone) - timedelta(days=1)
    if ends < first - timedelta(days=1):
        raise BadField("END_YEAR", "lies before START_YEAR")
    return ends


def _stretch_id(row: Row) -> str:
    """Transitions have no id of their own: patient, start and payer name one."""
    external = "|".join(row.values[name].strip() for name in ("PATIENT", "START_YEAR", "PAYER"))
    if len(external) > 100:
        raise BadField("PATIENT", "is longer than 36 characters")
    return external


def _second(one: Incoming) -> Incoming:
    given = {name: value for name, value in one.values.items() if name != "second"}
    given |= {"payer_id": one.values["second"], "priority": 2}
    return Incoming(row=one.row, external_id=one.external_id, values=given)


def _subscriber(row: Row) -> dict[str, Any]:
    owner = values.text(row, "OWNERSHIP", limit=20).lower()
    relationship = codes.RELATIONSHIPS.get(owner)
    if relationship is None:
        raise BadField("OWNERSHIP", f"“{owner}” is not one of Self, Spouse and Guardian")
    first, last = values.split_name(values.text(row, "OWNERNAME", limit=120))
    if relationship == Coverage.Relationship.SELF:
        first = last = ""
    return {
        "relationship": relationship,
        "subscriber_first_name": first[:60],
        "subscriber_last_name": last[:60],
    }
