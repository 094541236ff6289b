"""The guided set-up: what a practice still needs, computed from what is there."""

from __future__ import annotations

from dataclasses import dataclass

from practice.actor import Actor
from practice.models import BillingEntity, Invitation, Location, Membership, Payer, PracticeProfile, Room
from practice.permissions import PracticePermission


@dataclass(frozen=True, kw_only=True)
class Step:
    """One thing to set up: why it is needed, whether it is there, and the page where it is done."""

    key: str
    title: str
    why: str
    done: bool
    found: str
    action: str
    page: str
    list_page: str = ""


def steps(actor: Actor, *, profile: PracticeProfile) -> list[Step]:
    """The steps in their order; seven short questions to the database."""
    return [_facts(profile), _site(), _rooms(), _entity(), _payers(), *_people(actor)]


def left_to_do(actor: Actor, *, profile: PracticeProfile) -> list[Step]:
    """The open steps for the start page of somebody who can do them; none once put away."""
    if profile.setup_dismissed_at is not None or not actor.may(PracticePermission.CHANGE_SETTINGS):
        return []
    return [step for step in steps(actor, profile=profile) if not step.done]


def _facts(profile: PracticeProfile) -> Step:
    return Step(
        key="facts",
        title="How the practice works",
        why="Deadlines follow your time zone, figures are rolled up in your night, and the books' basis decides "
        "what counts as revenue.",
        done=True,
        found=f"{profile.timezone.replace('_', ' ')}; night work at {profile.night_hour}:00; sign-out after "
        f"{profile.idle_minutes} minutes; {profile.get_books_basis_display().lower()} books",
        action="Change",
        page="practice:facts",
    )


def _site() -> Step:
    names = list(Location.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)[:3])
    return Step(
        key="site",
        title="First site",
        why="Visits are booked and claims are placed at a site.",
        done=bool(names),
        found=", ".join(names),
        action="Add a site",
        page="kit:practice_location_create",
        list_page="kit:practice_location_list",
    )


def _rooms() -> Step:
    rooms = Room.objects.filter(is_active=True).order_by("name")
    names = list(rooms.values_list("name", flat=True).distinct()[:3])  # each site may have its Room 1
    return Step(
        key="rooms",
        title="Rooms",
        why="A visit type that takes a room finds no free time without one.",
        done=bool(names),
        found=", ".join(names),
        action="Add a room",
        page="kit:practice_room_create",
        list_page="kit:practice_room_list",
    )


def _entity() -> Step:
    names = list(BillingEntity.objects.order_by("legal_name").values_list("legal_name", flat=True)[:2])
    return Step(
        key="entity",
        title="Who bills",
        why="Claims cannot leave without a legal name, tax id and group NPI.",
        done=bool(names),
        found=", ".join(names),
        action="Add the billing entity",
        page="kit:practice_billing_entity_create",
        list_page="kit:practice_billing_entity_list",
    )


def _payers() -> Step:
    names = list(Payer.objects.filter(is_active=True).order_by("name").values_list("name", flat=True)[:3])
    return Step(
        key="payers",
        title="Payers",
        why="Patients' coverage and every claim name a payer, with its days to file and to appeal.",
        done=bool(names),
        found=", ".join(names),
        action="Add a payer",
        page="kit:practice_payer_create",
        list_page="kit:practice_payer_list",
    )


def _people(actor: Actor) -> list[Step]:
    """Only for who may invite: another step nobody here could take would stay open for ever."""
    if not actor.may(PracticePermission.CHANGE_ROLES):
        return []
    members = Membership.objects.filter(practice_id=actor.practice_id, ended_at=None).count()
    waiting = Invitation.objects.filter(accepted_at=None, revoked_at=None).count()
    found = f"{members} here" + (f", {waiting} invited" if waiting else "")
    return [
        Step(
            key="people",
            title="People",
            why="Everybody works under their own name: what they do and see is kept in their name.",
            done=members + waiting > 1,
            found=found,
            action="Invite somebody",
            page="kit:practice_invitation_create",
            list_page="kit:practice_member_list",
        )
    ]
