"""Sign-up of a practice: a person, the practice they own, and nothing else (ARCHITECTURE.md 4).

``settings.SIGNUP`` says who may: ``first-run`` (only while no practice exists), ``open`` (anybody whose address
was proved by a mailed link, or who is signed in) or ``invite`` (nobody: the operator opens practices).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, connection

from kit.errors import DomainError
from kit.ids import uuid7
from practice.actor import Actor, system_actor
from practice.models import Practice, Role, User
from practice.services.guards import OWNER
from practice.services.people import join
from practice.services.tenants import furnish
from practice.transactions import acting_in

FIRST_RUN, OPEN, INVITE = "first-run", "open", "invite"
# One at a time: two first runs at once would each see no practice.
FOUNDING = 7_310_586_200_113


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a new practice is called, where it is found and in which zone it keeps its days."""

    name: str
    slug: str
    timezone: str


def is_possible() -> bool:
    """Whether anybody may open a practice now."""
    if settings.SIGNUP == FIRST_RUN:
        return not Practice.objects.exists()
    return bool(settings.SIGNUP == OPEN)


def found_practice(wanted: Wanted, *, founder: User, request_id: str) -> Practice:
    """Open a practice with its founder as owner, all or nothing. Opens its own transaction.

    ``founder`` may be unsaved: the person is made in the same transaction. Raises DomainError (422) for an
    address or e-mail that is taken, or when sign-up has closed meanwhile.
    """
    practice_id = uuid7()
    actor = Actor(
        kind="user",
        id=founder.id,
        user_id=founder.id,
        practice_id=practice_id,
        name=founder.name,
        request_id=request_id,
    )
    try:
        with acting_in(practice_id, actor=actor):
            return _found(wanted, founder=founder, actor=actor)
    except IntegrityError as error:
        raise _taken(error) from error


def _found(wanted: Wanted, *, founder: User, actor: Actor) -> Practice:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FOUNDING])
    if not is_possible():
        raise DomainError("Sign-up is closed. Ask whoever runs this Wellrun for an invitation.")
    if founder._state.adding:
        founder.save(force_insert=True)
    practice = Practice.objects.create(id=actor.practice_id, slug=wanted.slug, name=wanted.name.strip())
    house = system_actor(practice_id=practice.id, request_id=actor.request_id)
    furnish(practice, timezone=wanted.timezone, actor=house)
    join(founder, roles=[Role.objects.get(code=OWNER)], actor=actor)
    return practice


def _taken(error: IntegrityError) -> Exception:
    """The field whose value somebody else has; any other refusal of the database is a bug and stays one."""
    name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
    if name.startswith("practice_practice_slug"):
        return DomainError("This address is taken. Choose another.", field="slug")
    if "email" in name:
        return DomainError("There is an account with this e-mail already. Sign in first.", field="address")
    return error
