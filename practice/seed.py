"""The tenant's part of the demo: sites, rooms, payers, the billing entity."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from kit import clock
from practice.models import BillingEntity, Location, Payer, PracticeExport, Role, Room
from practice.seeds import checklists, imports, rules
from practice.seeds.talk import tell_talk
from practice.seeds.work import tell_work
from practice.services import approval_limits, displays, letter_starters, places
from practice.services.invitations import invite
from practice.story import Story

# Invented names throughout; telephone numbers from the block reserved for fiction.
SITES = (
    ("Main Street", "America/New_York", "120 Main Street", "Harborview", "NY", "10562"),
    ("Riverside", "America/New_York", "8 River Road", "Harborview", "NY", "10566"),
)
PAYERS = (
    # name, payer id, kind, filing code, filing days, appeal days, answered by the sandbox
    ("Northway Health PPO", "NWH01", "commercial", "12", 90, 60, True),
    ("Alder Mutual", "ALD22", "commercial", "CI", 120, 90, True),
    ("Medicare Part B", "MCB00", "medicare", "MB", 365, 120, True),
    ("State Medicaid", "SMD36", "medicaid", "MC", 180, 60, True),
    ("Hudson Casualty Workers’ Compensation", "HCW07", "workers_comp", "WC", 365, 60, False),
    ("Self-pay", "", "self_pay", "ZZ", 365, 60, False),
)


def seed(story: Story) -> None:
    """Make the places and payers everything else refers to."""
    story.kept["locations"] = [_site(story, row=row) for row in (SITES[:1] if story.small else SITES)]
    story.kept["rooms"] = [
        Room.objects.create(practice=story.practice, location=site, name=f"Room {number}")
        for site in story.kept["locations"]
        for number in range(1, 4)
    ]
    story.kept["payers"] = [_payer(story, row=row) for row in PAYERS]
    for name, kind, phone in (
        ("Larkspur Medical Supply", "supplies", "9145550131"),
        ("Tidewater Laboratory", "laboratory", "9145550144"),
        ("Copperline Networks", "software", "9145550158"),
    ):
        places.add_vendor(actor=story.actor, name=name, kind=kind, phone=phone)
    story.kept["billing_entity"] = _billing_entity(story)
    if (manager := story.acting_as("manager")) is not None:
        site = story.kept["locations"][0]
        displays.make("Waiting room, left of the desk", location=site, days=365, actor=manager)
    letter_starters.install(actor=story.actor)
    _invite(story)
    _old_export(story)
    rules.seed(story)
    imports.seed(story)
    checklists.seed(story)


def finish(story: Story) -> None:
    """When everything waits that is going to: what people did about it, the week's brief, an import to its end."""
    tell_talk(story)
    tell_work(story)
    _who_approves(story)
    imports.finish(story)


def _who_approves(story: Story) -> None:
    """Larger write-offs take two people, very large ones two steps; next week the owner stands in for the manager."""
    owner, manager = story.acting_as("owner"), story.acting_as("manager")
    roles = {role.code: role for role in Role.objects.filter(code__in=("owner", "manager"))}
    began = story.today - timedelta(days=120)
    for step, code, above in ((1, "manager", 0), (1, "owner", 0), (2, "owner", 5_000)):
        approval_limits.add_limit(
            kind="billing.write_off",
            role=roles[code],
            step=step,
            above=Decimal(above),
            effective_from=began,
            actor=story.actor,
        )
    if owner is not None and manager is not None:
        approval_limits.delegate(
            deputy=story.cast["owner"],
            starts_on=story.today + timedelta(days=8),
            ends_on=story.today + timedelta(days=15),
            reason="Vacation",
            actor=manager,
        )


def _old_export(story: Story) -> None:
    """Last month the owner took a copy; its file is gone by now."""
    made = clock.now() - timedelta(days=24)
    PracticeExport.objects.create(
        practice=story.practice,
        state=PracticeExport.State.EXPIRED,
        requested_by=story.cast.get("owner"),
        rows=9_604,
        tables=96,
        files=4,
        size=1_482_117,
        created_at=made,
        finished_at=made + timedelta(seconds=21),
        expires_at=made + timedelta(days=7),
    )


def _invite(story: Story) -> None:
    """Somebody who has not come yet: the mail with the link is in the demo's mailbox."""
    invite(
        email=f"sam.ortiz@{story.practice.slug}.example",
        name="Sam Ortiz",
        roles=[Role.objects.get(code="front_desk")],
        locations=story.kept["locations"][:1],
        actor=story.acting_as("manager") or story.actor,
    )


def _site(story: Story, *, row: tuple[str, ...]) -> Location:
    name, zone, line, city, state, postal = row
    return Location.objects.create(
        practice=story.practice,
        name=name,
        timezone=zone,
        address_line=line,
        city=city,
        state=state,
        postal_code=postal,
        phone="9145550100",
        npi="1356789010",
    )


def _payer(story: Story, *, row: tuple[str, str, str, str, int, int, bool]) -> Payer:
    name, payer_id, kind, code, filing, appeal, sandbox = row
    return Payer.objects.create(
        practice=story.practice,
        name=name,
        payer_id=payer_id,
        kind=kind,
        filing_code=code,
        filing_days=filing,
        appeal_days=appeal,
        is_sandbox=sandbox,
        address_line="PO Box 1200",
        city="Albany",
        state="NY",
        postal_code="12201",
    )


def _billing_entity(story: Story) -> BillingEntity:
    return BillingEntity.objects.create(
        practice=story.practice,
        legal_name=f"{story.practice.name} PLLC",
        npi="1245319599",
        taxonomy="207Q00000X",
        tax_id="123456789",
        tax_id_last4="6789",
        address_line="120 Main Street",
        city="Harborview",
        state="NY",
        postal_code="105620001",
        contact_name="Billing Office",
        phone="9145550111",
        submitter_id=f"WR{story.practice.slug[:10].upper()}",
        receiver_id="SANDBOXCH",
        receiver_name="Sandbox Clearinghouse",
    )
