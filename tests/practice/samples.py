"""Records of practice's Resources for the cases every Resource has (tests/resources)."""

import io
import itertools
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from kit.ids import uuid7
from kit.testing import Sample
from practice import sheet_registry
from practice.identifiers import npi_is_valid
from practice.models import (
    AnnouncementReceipt,
    ApprovalRequest,
    BillingEntity,
    CallAttempt,
    FormSubmission,
    RecordRef,
    Role,
    User,
)
from practice.selectors.forms import draft_of
from practice.services import (
    announcements,
    approval_limits,
    forms,
    holidays,
    phone,
    places,
    public_links,
    rule_values,
    sheet_uploads,
)
from practice.services.invitations import invite
from practice.services.people import join
from tests.practice.checklist_samples import CHECKLIST_SAMPLES
from tests.practice.letter_samples import LETTER_SAMPLES
from tests.practice.machine_samples import MACHINE_SAMPLES

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


def _rule_values(actor, count):
    days = (date(2026, 1, 1) + timedelta(days=next(NUMBERS)) for _ in range(count))
    return [
        rule_values.set_value(
            actor=actor, code="denial.default_days", value="45", effective_from=day, reason="Contract"
        )
        for day in days
    ]


def _holidays(actor, count):
    days = (date(2026, 1, 1) + timedelta(days=next(NUMBERS)) for _ in range(count))
    return [holidays.add(actor=actor, day=day, name="Founder’s day", status="closed") for day in days]


def _holiday_form(actor):
    day = date(2030, 1, 1) + timedelta(days=next(NUMBERS))
    return {"day": f"{day:%m/%d/%Y}", "name": "Snow day", "status": "closed"}


def _entity_form(actor):
    stem = f"1{next(NUMBERS):08d}"
    npi = next(f"{stem}{digit}" for digit in range(10) if npi_is_valid(f"{stem}{digit}"))
    return {
        "legal_name": "Harbor PC", "npi": npi, "tax_id": "12-3456789", "address_line": "1 Main", "city": "Harbor",
        "state": "NY", "postal_code": "105620001", "contact_name": "Office", "phone": "(914) 555-0100",
        "submitter_id": "WRHARBOR", "receiver_id": "CH", "receiver_name": "Clearing",
    }  # fmt: skip


def _members(actor, count):
    return [
        join(
            User.objects.create_user(f"member-{n}@harbor.example", name=f"Member {n}"),
            roles=[Role.objects.get(code="front_desk")],
            actor=actor,
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _invitations(actor, count):
    roles = [Role.objects.get(code="front_desk")]
    return [
        invite(email=f"guest-{n}@harbor.example", roles=roles, actor=actor)
        for n in itertools.islice(NUMBERS, count)
    ]


def _invitation_form(actor):
    role = Role.objects.get(code="front_desk")
    return {"email": f"guest-{next(NUMBERS)}@harbor.example", "name": "Gus", "roles": [str(role.pk)]}


def _calls(actor, count):
    return [
        phone.take(caller=f"Caller {n}", phone="9145550170", text="Please call", actor=actor)
        for n in itertools.islice(NUMBERS, count)
    ]


def _call_form(actor):
    return {"caller": "Nell", "phone": "9145550170", "category": "refill", "text": "Out of tablets"}


def _attempts(actor, count):
    made = [phone.call_back(each, result="no_answer", actor=actor) for each in _calls(actor, count)]
    return list(CallAttempt.objects.filter(message__in=made))


def _announcements(actor, count):
    return [
        announcements.announce(title=f"News {n}", text="Read this", actor=actor)
        for n in itertools.islice(NUMBERS, count)
    ]


def _announcement_versions(actor, count):
    return [each.versions.get() for each in _announcements(actor, count)]


def _receipts(actor, count):
    return [
        AnnouncementReceipt.objects.create(
            practice_id=actor.practice_id,
            announcement=each,
            member_id=actor.membership_id,
            version=1,
            confirmed=True,
        )
        for each in _announcements(actor, count)
    ]


def _announcement_form(actor):
    return {"title": f"News {next(NUMBERS)}", "text": "Read this", "must_confirm": "on"}


def _role_form(actor):
    return {"name": f"Role {next(NUMBERS)}", "grants": ["practice.view_work"]}


def _approvals(actor, count):
    """Requests about records that nobody can see: what they show of themselves."""
    day = date(2026, 11, 2)
    return [
        ApprovalRequest.objects.create(
            practice_id=actor.practice_id,
            number=n,
            kind="billing.write_off",
            ref=RecordRef.objects.create(
                practice_id=actor.practice_id, kind="billing.denialcase", record_id=uuid7()
            ),
            amount=100 + n,
            reason="Too small",
            digest="0" * 64,
            requested_by_id=actor.membership_id,
            asked_on=day,
            due_on=day,
            expires_on=day,
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _limit(actor, n):
    return {
        "kind": "billing.write_off",
        "role": Role.objects.get(code="owner"),
        "effective_from": date(2026, 1, 1) + timedelta(days=n),
    }


def _limits(actor, count):
    return [
        approval_limits.add_limit(actor=actor, **_limit(actor, n)) for n in itertools.islice(NUMBERS, count)
    ]


def _limit_form(actor):
    values = _limit(actor, next(NUMBERS))
    day = values["effective_from"]
    return {**values, "role": str(values["role"].pk), "step": "1", "effective_from": f"{day:%m/%d/%Y}"}


def _delegations(actor, count):
    day = date(2100, 1, 1)
    return [
        approval_limits.delegate(actor=actor, deputy=deputy, starts_on=day, ends_on=day)
        for deputy in _members(actor, count)
    ]


def _delegation_form(actor):
    return {"deputy": str(_members(actor, 1)[0].pk), "starts_on": "01/01/2100", "ends_on": "01/02/2100"}


def _forms(actor, count):
    return [
        forms.add_form(actor=actor, name=f"Form {n}", purpose="practice.feedback")
        for n in itertools.islice(NUMBERS, count)
    ]


def _form_form(actor):
    return {"name": f"Form {next(NUMBERS)}", "purpose": "practice.feedback"}


def _submissions(actor, count):
    form = _forms(actor, 1)[0]
    version = forms.publish(draft_of(form), actor=actor)
    link, _ = public_links.make("Poster", form=form, days=30, actor=actor)
    return [
        FormSubmission.objects.create(
            practice_id=actor.practice_id,
            number=n,
            form=form,
            version=version,
            link=link,
            nonce=f"{n:032d}",
            sent_at=version.published_at,
        )
        for n in itertools.islice(NUMBERS, count)
    ]


def _imports(actor, count):
    target = sheet_registry.sheet_target("practice.payer")
    made = []
    for number in itertools.islice(NUMBERS, count):
        file = io.BytesIO(f"Name,Kind\nPlan {number},PPO\n".encode())
        made.append(sheet_uploads.upload(file, name=f"payers-{number}.csv", target=target, actor=actor))
    return made


def _import_form(actor):
    file = SimpleUploadedFile("payers.csv", b"Name,Kind\nPlan of a form,PPO\n")
    return {"target": "practice.payer", "file": file}


SAMPLES = {
    **LETTER_SAMPLES,
    **MACHINE_SAMPLES,
    "practice.approval": Sample(make=_approvals),
    "practice.approval_limit": Sample(make=_limits, form=_limit_form),
    "practice.delegation": Sample(make=_delegations, form=_delegation_form),
    "practice.form": Sample(make=_forms, form=_form_form),
    "practice.submission": Sample(make=_submissions),
    "practice.import": Sample(make=_imports, form=_import_form),
    **CHECKLIST_SAMPLES,
    "practice.member": Sample(make=_members),
    "practice.invitation": Sample(make=_invitations, form=_invitation_form),
    "practice.location": Sample(make=_locations, form=_site_form),
    "practice.room": Sample(make=_rooms, form=_room_form),
    "practice.payer": Sample(make=_payers, form=_payer_form),
    "practice.vendor": Sample(
        make=lambda actor, n: [places.add_vendor(actor=actor, name=f"V{next(NUMBERS)}") for _ in range(n)],
        form=lambda actor: {"name": f"V{next(NUMBERS)}", "kind": "supplies"},
    ),
    "practice.billing_entity": Sample(make=_entities, form=_entity_form),
    "practice.phone_message": Sample(make=_calls, form=_call_form),
    "practice.call_attempt": Sample(make=_attempts),
    "practice.announcement": Sample(make=_announcements, form=_announcement_form),
    "practice.announcement_version": Sample(make=_announcement_versions),
    "practice.announcement_receipt": Sample(make=_receipts),
    "practice.role": Sample(make=_roles, form=_role_form),
    "practice.rule_value": Sample(make=_rule_values),
    "practice.holiday": Sample(make=_holidays, form=_holiday_form),
}
