"""Tell the demo's story: two practices that cannot see each other, a cast with passwords made on first run."""

from __future__ import annotations

import json
import os
import secrets
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kit import clock
from practice.actor import system_actor
from practice.discovery import load_handlers
from practice.models import Membership, Practice, PracticeProfile, SequenceCounter, User
from practice.services.people import admit
from practice.services.tenants import open_practice
from practice.startup import CAST_DOMAIN
from practice.story import Story, finish, tell
from practice.transactions import acting_in
from practice.worker import run_waiting

PRACTICES = (
    ("harborview", "Harborview Family Medicine", False),
    ("lakeside", "Lakeside Pediatrics", True),
)
CAST = (
    # practice, role, name, address before the @
    ("harborview", "manager", "Dana Reyes", "dana"),
    ("harborview", "owner", "Priya Raman", "priya"),
    ("harborview", "physician", "Thomas Okafor", "thomas"),
    ("harborview", "front_desk", "Joon Park", "joon"),
    ("harborview", "biller", "Alicia Grant", "alicia"),
    ("harborview", "compliance", "Marcus Webb", "marcus"),
    ("lakeside", "manager", "Nora Lind", "nora"),
)


class Command(BaseCommand):
    help = "Fill an empty database with the demo's two practices; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.MODE == "production":
            raise CommandError("Demo data is refused in production.")
        load_handlers()
        made: list[dict[str, str]] = []
        for slug, name, small in PRACTICES:
            practice = open_practice(slug=slug, name=name)
            self._admit_cast(practice, made=made)
            self._tell(practice, small=small)
        if made:
            self._write_logins(made)

    def _admit_cast(self, practice: Practice, *, made: list[dict[str, str]]) -> None:
        actor = system_actor(practice_id=practice.id)
        for slug, role, name, short in CAST:
            if slug != practice.slug:
                continue
            email = f"{short}{CAST_DOMAIN}"
            user = User.objects.filter(email=email).first()
            if user is None:
                password = secrets.token_urlsafe(12)
                user = User.objects.create_user(email, password=password, name=name)
                made.append({"practice": practice.name, "role": role, "email": email, "password": password})
            with acting_in(practice.id, actor=actor):
                admit(user, roles=[role], actor=actor)

    def _tell(self, practice: Practice, *, small: bool) -> None:
        actor = system_actor(practice_id=practice.id)
        with acting_in(practice.id, actor=actor):
            zone = ZoneInfo(PracticeProfile.objects.get(practice=practice).timezone)
            story = Story(practice=practice, actor=actor, today=clock.today(zone), small=small)
            roles = (
                Membership.objects.filter(ended_at=None)
                .prefetch_related("role_links__role")
                .order_by("created_at")
            )
            story.cast = {link.role.code: member for member in roles for link in member.role_links.all()}
            if SequenceCounter.objects.filter(name="demo").exists():
                return
        with acting_in(practice.id, actor=actor):
            tell(story, say=self.stdout.write)
            SequenceCounter.objects.create(practice=practice, name="demo", last=1)
        self.stdout.write(f"{practice.name}: {run_waiting(practice_id=practice.id, limit=2000)} jobs")
        with acting_in(practice.id, actor=actor):
            finish(story)
        run_waiting(practice_id=practice.id, limit=2000)

    def _write_logins(self, made: list[dict[str, str]]) -> None:
        path = settings.STATE / "logins.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(made, file, indent=2)
