"""Every address of the product, asked by people without the right: not a word about a restricted patient.

The rooms of the rows are asked for by the ids of the patient's own rows; the lists by the words, days and filters
that would find them.
"""

import re
from urllib.parse import quote

import pytest

from practice.models import Membership, Role, RolePermission
from practice.permissions import all_permissions
from reports.catalogue import KPIS
from tests.cast import Visitor, in_practice, owner_cursor
from tests.security import one_restricted as one
from tests.security.test_no_address_shows_another_practice import (
    PLAIN,
    ROWS,
    Rows,
    model_of,
    practice_addresses,
)
from tests.security.two_practices import CANARY, shows_canary, tell
from tests.tiers import DEEP, share

# The right itself; the review of opened records, whose reader is told why; and what their pages would then allow.
WITHOUT = {"patients.view_restricted", "patients.review_break_glass"}


def filled(name, route, entry, *, rows, others):
    """The address with ids of the restricted patient's own rows where there are any."""

    def key_of(label):
        return str(rows[label][0]) if rows.get(label) else others[label]

    def value(match):
        parameter = match["name"]
        if parameter == "practice":
            return "harbor"
        if parameter in ("pk", "id"):
            return key_of(model_of(route[: match.start()], entry))
        return key_of(ROWS[parameter]) if parameter in ROWS else PLAIN[parameter]

    address = re.sub(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>", value, route)
    address = re.sub(r"\(\?P<(?P<name>\w+)>[^)]*\)", value, address)
    return "/" + address.replace("^", "").replace("$", "").replace("\\.", ".").replace("\\Z", "").replace(
        "/?", "/"
    )


def ask(sql, *values):
    with owner_cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def questions(patient):
    """What would find the patient in a list: names, numbers, days, filters of ours."""
    last, mrn, phone, born = ask(
        "SELECT last_name, mrn, phone, birth_date FROM patients_patient WHERE id = %s", patient
    )[0]
    # Asked for by what people type: the canary is not part of it, and an answer may repeat what was asked.
    last, phone = last.replace(CANARY, ""), phone.replace(CANARY, "")
    found = [
        f"patients/?q={quote(text)}"
        for text in (last, last[:6], mrn, phone, f"{born:%m/%d/%Y}", str(born.year))
    ]
    found += [f"palette/?q={quote(text)}" for text in (last, mrn, f"{born:%Y}")]
    found += [f"palette/?q={number}" for (number,) in ask("SELECT control_number FROM billing_claim")]
    found += [f"api/v1/patients/?q={quote(last)}", f"api/v1/ledger-entries/?patient={patient}"]
    found += [f"api/v1/appointments/?patient={patient}", f"scheduling/book/?patient={patient}"]
    found += [f"scheduling/book/?line={quote(last)}%20fu"]
    for day, site in ask(
        "SELECT DISTINCT local_day, location_id FROM scheduling_appointment WHERE patient_id = %s", patient
    ):
        found += [f"scheduling/?day={day}&location={site}", f"api/v1/appointments/?day={day}&location={site}"]
        found += [f"scheduling/flow/?location={site}", f"api/v1/flow/?location={site}"]
    found += [f"scheduling/check-ins/?view={view}" for view in ("missing", "all")]
    views = ("action", "ready", "filing", "submitted", "unanswered", "denied", "all")
    found += [f"billing/claims/?view={view}" for view in views]
    found += [f"billing/claims/export/{form}/?view=all" for form in ("csv", "xlsx")]
    found += [
        f"scheduling/visits/?view={view}" for view in ("today", "unconfirmed", "to_come", "missed", "all")
    ]
    lists = (
        "patients/",
        "coverages/",
        "billing/claims/",
        "billing/charges/",
        "billing/ledger/",
        "billing/payments/",
        "scheduling/visits/",
        "scheduling/waitlist/",
        "scheduling/reschedule/",
        "scheduling/recalls/",
        "scheduling/series/",
        "scheduling/check-ins/",
    )
    found += [f"{each}?q={quote(text)}&view=all" for each in lists for text in (last, mrn, phone)]
    found += [f"{each}?patient={patient}&view=all" for each in lists[1:-1]]
    found += [f"billing/denials/?lane={lane}" for lane in ("new", "working", "appealed", "waiting")]
    found += [f"work/?view={view}" for view in ("all", "mine", "roles", "overdue", "waiting", "done")]
    found += [f"reports/owner/balances/?bucket={number}" for number in range(4)]
    months = [
        month for (month,) in ask("SELECT DISTINCT to_char(local_day, 'YYYY-MM') FROM scheduling_appointment")
    ]
    found += [f"reports/kpi/{kpi.code}/?month={month}" for kpi in KPIS for month in months]
    return found


def sharpest_reader():
    """A member with every permission but the right itself: whatever a custom role could show, it shows."""
    owner = Membership.objects.get(user__email="owner@harbor.example")
    role = Role.objects.create(practice_id=owner.practice_id, code="almost", name="Everything but")
    RolePermission.objects.bulk_create(
        RolePermission(practice_id=owner.practice_id, role=role, permission=value)
        for value in all_permissions()
        if value not in WITHOUT
    )
    from practice.models import MembershipRole

    MembershipRole.objects.filter(membership=owner).update(role=role)


def reader(key):
    from practice.models import User

    visitor = Visitor(slug="harbor")
    visitor.force_login(User.objects.get(email=f"{key}@harbor.example"))
    return visitor


def wrong(visitor, *, method, address, patient, key):
    """What an answer gives away, in words; nothing is right. An id of the patient joins what should stay apart."""
    answer = getattr(visitor, method)(address)
    where = f"{method} {key} {address}: {answer.status_code}"
    found = [f"SHOWN {where}"] if shows_canary(answer) else []
    found += [f"5xx {where}"] if answer.status_code >= 500 else []
    text = "" if answer.streaming else answer.content.decode(errors="replace")
    return found + ([f"ID {where}"] if str(patient) not in address and str(patient) in text else [])


@pytest.mark.deep
@pytest.mark.django_db(transaction=True)
def test_no_room_shows_a_restricted_patient_to_who_may_not_see_them(settings, tmp_path, evidence):
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    tell("harbor", number=1)
    patient = one.busiest("harbor")
    rows = one.rows_about(patient)
    assert {
        "billing.Claim",
        "scheduling.Appointment",
        "billing.RemittanceClaim",
        "billing.LedgerEntry",
    } <= set(rows)
    assert one.hide(patient, rows=rows) > 15
    from practice.actor import system_actor
    from practice.models import Practice

    harbor = Practice.objects.get(slug="harbor")
    with in_practice(system_actor(practice_id=harbor.id)):
        sharpest_reader()
        assert one.rename_sealed(patient) > 0
    others = Rows()
    addresses = [filled(*each, rows=rows, others=others) for each in practice_addresses()]
    addresses += [f"/p/harbor/{question}" for question in questions(patient)]
    addresses = share(addresses, one_in=20)

    seeing = reader("manager")
    known = (
        f"/p/harbor/patients/{patient}/",
        "/p/harbor/patients/?view=all",
        "/p/harbor/billing/claims/?view=all",
    )
    asked = addresses if DEEP else known
    shown = sum(shows_canary(seeing.get(address)) for address in asked)
    assert shown > 20 or shown == len(known), "the canary is not where it should be"
    problems, seen = [], 0
    for number, key in enumerate(("owner", "front_desk", "biller", "physician")):
        visitor = reader(key)
        # The sharpest reader asks all of these; each of the others a third of them.
        for address in share(addresses, one_in=3 if number else 1):
            for method in ("get", "post"):
                seen += 1
                problems += wrong(visitor, method=method, address=address, patient=patient, key=key)
    assert not problems, "\n".join(problems)
    assert CANARY not in "".join(
        str(job) for job in ask("SELECT result, error, progress_note FROM practice_jobrun")
    )
    evidence(addresses=len(addresses), answers=seen, shown=0)
