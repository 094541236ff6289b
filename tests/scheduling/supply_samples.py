"""Records of the schedule's supply for the cases every Resource has."""

import itertools
from datetime import timedelta

from kit.testing import Sample
from practice.models import Location
from practice.selectors.days import practice_today
from scheduling.models import Displacement
from scheduling.services import exceptions, kinds, resources, templates
from staff.models import Employee, Provider

NUMBERS = itertools.count(1)
DAY = timedelta(days=1)


def site(actor):
    return Location.objects.create(practice_id=actor.practice_id, name=f"Supply site {next(NUMBERS)}")


def provider(actor):
    own = {"practice_id": actor.practice_id}
    number = next(NUMBERS)
    employee = Employee.objects.create(**own, first_name="Sam", last_name=f"Supply{number}", job_title="MD")
    return Provider.objects.create(**own, employee=employee, display_name=f"S. Supply {number}")


def make_resources(actor, count):
    at = site(actor)
    return [
        resources.add(actor=actor, kind="device", name=f"Device {next(NUMBERS)}", location=at)
        for _ in range(count)
    ]


def make_types(actor, count):
    return [
        kinds.add(actor=actor, code=f"q{next(NUMBERS)}", name=f"Kind {next(NUMBERS)}") for _ in range(count)
    ]


def make_needs(actor, count):
    return [kinds.add_need(actor=actor, type=kind, kind="room", count=1) for kind in make_types(actor, count)]


def make_rules(actor, count):
    return [
        kinds.add_rule(actor=actor, provider=provider(actor), type=kind, minutes=30)
        for kind in make_types(actor, count)
    ]


def make_templates(actor, count):
    today = practice_today(actor) + DAY
    return [
        templates.draft(resource=each, valid_from=today, actor=actor) for each in make_resources(actor, count)
    ]


def make_exceptions(actor, count):
    day = practice_today(actor) + 2 * DAY
    return [
        exceptions.add(actor=actor, resource=each, starts_on=day, ends_on=day, reason="Service")
        for each in make_resources(actor, count)
    ]


def make_displaced(actor, count):
    from tests.scheduling.samples import make_visits

    return [
        Displacement.objects.create(
            practice_id=actor.practice_id, appointment=visit, cause="Hours changed", was_at=visit.starts_at
        )
        for visit in make_visits(actor, count)
    ]


def text(day):
    return f"{day:%m/%d/%Y}"


def template_form(actor):
    (resource,) = make_resources(actor, 1)
    return {
        "resource": str(resource.pk),
        "valid_from": text(practice_today(actor) + DAY),
        "cycle_weeks": "1",
    }


def exception_form(actor):
    (resource,) = make_resources(actor, 1)
    day = text(practice_today(actor) + DAY)
    return {
        "resource": str(resource.pk), "kind": "closed", "starts_on": day, "ends_on": day, "reason": "Service",
        "source": "manual",
    }  # fmt: skip


SUPPLY = {
    "scheduling.template": Sample(make=make_templates, form=template_form),
    "scheduling.exception": Sample(make=make_exceptions, form=exception_form),
    "scheduling.displaced": Sample(make=make_displaced),
    "scheduling.type": Sample(
        make=make_types,
        form=lambda actor: {
            "code": f"q{next(NUMBERS)}", "name": "Kind", "tone": "info", "minutes": "20", "buffer_before": "0",
            "buffer_after": "0", "modality": "in_person",
        },
    ),
    "scheduling.need": Sample(
        make=make_needs,
        form=lambda actor: {"type": str(make_types(actor, 1)[0].pk), "kind": "room", "count": "1"},
    ),
    "scheduling.rule": Sample(
        make=make_rules,
        form=lambda actor: {
            "provider": str(provider(actor).pk), "type": str(make_types(actor, 1)[0].pk), "minutes": "30",
        },
    ),
    "scheduling.resource": Sample(
        make=make_resources,
        form=lambda actor: {
            "kind": "device", "name": f"Device {next(NUMBERS)}", "location": str(site(actor).pk), "capacity": "1",
            "overbook_max": "1",
        },
    ),
}  # fmt: skip
