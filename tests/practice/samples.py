"""Records of practice's Resources for the cases every Resource has (tests/resources)."""

import itertools
from datetime import date, timedelta

from kit.testing import Sample
from practice.models import BillingEntity, Role
from practice.services import places
from practice.services.parameters import defaults

NUMBERS = itertools.count(1)


def _locations(actor, count):
    return [places.add_location(actor=actor, name=f"Site {next(NUMBERS)}") for _ in range(count)]


def _rooms(actor, count):
    site = _locations(actor, 1)[0]
    return [places.add_room(actor=actor, location=site, name=f"Room {next(NUMBERS)}") for _ in range(count)]


def _payers(actor, count):
    return [places.add_payer(actor=actor, name=f"Plan {next(NUMBERS)}") for _ in range(count)]


def _entities(actor, count):
    return [
        BillingEntity.objects.create(
            practice_id=actor.practice_id, legal_name=f"Harbor {n} PC", npi=str(1_000_000_000 + n)
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _roles(actor, count):
    return [
        Role.objects.create(practice_id=actor.practice_id, code=f"role-{n}", name=f"Role {n}")
        for n in itertools.islice(NUMBERS, count)
    ]


def _site_form(actor):
    return {
        "name": f"Site {next(NUMBERS)}",
        "timezone": "America/New_York",
        "place_of_service": "11",
        "is_active": "on",
    }


def _room_form(actor):
    return {"name": "Room A", "location": str(_locations(actor, 1)[0].pk), "is_active": "on"}


def _payer_form(actor):
    return {
        "name": f"Plan {next(NUMBERS)}",
        "kind": "commercial",
        "filing_code": "CI",
        "filing_days": "90",
        "appeal_days": "60",
        "is_active": "on",
    }


def _parameters(actor, count):
    code = sorted(defaults())[0]
    days = (date(2026, 1, 1) + timedelta(days=next(NUMBERS)) for _ in range(count))
    return [places.set_parameter(actor=actor, code=code, value="1", effective_from=day) for day in days]


def _parameter_form(actor):
    day = date(2030, 1, 1) + timedelta(days=next(NUMBERS))
    return {"code": sorted(defaults())[0], "value": "2", "effective_from": f"{day:%m/%d/%Y}"}


SAMPLES = {
    "practice.location": Sample(make=_locations, form=_site_form),
    "practice.room": Sample(make=_rooms, form=_room_form),
    "practice.payer": Sample(make=_payers, form=_payer_form),
    "practice.billing_entity": Sample(make=_entities),
    "practice.role": Sample(make=_roles),
    "practice.parameter": Sample(make=_parameters, form=_parameter_form),
}
