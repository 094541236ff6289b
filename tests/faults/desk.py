"""A front desk to work at over HTTP: a clinic with weeks of free slots, patients, a token, a person who signs in."""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from practice.actor import system_actor
from practice.models import Practice, Role, User
from practice.services import people
from practice.transactions import acting_in
from practice.walk import Walker, WalkFailed
from tests.cast import owner_cursor
from tests.faults.load import ask
from tests.scheduling.clinic import NEW_YORK, make_clinic

PASSWORD = "quiet harbor lantern 42"
SLOTS_A_DAY = [time(hour, minute) for hour in (8, 9, 10, 11, 13, 14, 15, 16) for minute in (0, 20, 40)]


@dataclass
class Desk:
    """What is needed to book: ids only, all of one practice."""

    slug: str
    token: str
    email: str
    site: str
    visit_type: str
    providers: list[str]
    patients: list[str]
    first_day: Any

    def __post_init__(self) -> None:
        self._slots = self._all_slots()
        self._lock = threading.Lock()

    def _all_slots(self):
        for week in itertools.count():
            for weekday, at, provider in itertools.product(range(5), SLOTS_A_DAY, self.providers):
                day = self.first_day + timedelta(days=7 * week + weekday)
                yield provider, datetime.combine(day, at, tzinfo=NEW_YORK)

    def wish(self, number: int) -> dict[str, Any]:
        """The body of a booking that nobody else asks for."""
        with self._lock:
            provider, starts = next(self._slots)
        return {
            "patient": self.patients[number % len(self.patients)],
            "provider": provider,
            "location": self.site,
            "type": self.visit_type,
            "starts_at": starts.isoformat(),
            "accept": ["patient_overlap", "outside_hours"],
            "override_reason": "A test of many bookings",
        }

    def headers(self, *, key: str = "") -> dict[str, str]:
        """The token, and an idempotency key when one is given."""
        return {"Authorization": f"Bearer {self.token}"} | ({"Idempotency-Key": key} if key else {})

    def book(self, address: str, *, number: int, line: Any = None, body: Any = None) -> Any:
        """Ask for a booking under the key of its number."""
        path = f"/p/{self.slug}/api/v1/appointments/"
        return ask(
            address,
            "POST",
            path,
            body=body or self.wish(number),
            headers=self.headers(key=f"book-{number}"),
            kept=line,
        )

    def sign_in(self, address: str) -> str:
        """Sign in by the form and look at the schedule; '' when it went well, else what went wrong."""
        walker = Walker(f"http://{address.replace('127.0.0.1', 'localhost')}", self.slug)
        try:
            page = walker.get("/accounts/login/")
            walker.submit(page, page.form(field="password"), login=self.email, password=PASSWORD)
            walker.get("scheduling/").expect("Schedule")
        except (WalkFailed, OSError) as error:
            return f"{type(error).__name__}: {error}"
        return ""


def open_desk(slug: str = "harbor", *, providers: int = 4) -> Desk:
    """Build it in the database the test stands on."""
    practice = Practice.objects.get(slug=slug)
    actor = system_actor(practice_id=practice.id)
    now = datetime.now(UTC).astimezone(NEW_YORK).date()
    first = now + timedelta(days=7 - now.weekday())
    with acting_in(practice.id, actor=actor):
        clinic = make_clinic(actor, providers=providers, from_day=first)
        patients = [str(clinic.patient(last=f"Load{chr(65 + n)}").pk) for n in range(20)]
        _, token = people.issue_token("desk", role=Role.objects.get(code="manager"), actor=actor)
    user = User.objects.get(email=f"front_desk@{slug}.example")
    user.set_password(PASSWORD)
    user.save()
    return Desk(
        slug=slug, token=token, email=user.email, site=str(clinic.site.pk),
        visit_type=str(clinic.types["fu"].pk), providers=[str(one.pk) for one in clinic.providers],
        patients=patients, first_day=first,
    )  # fmt: skip


def bookings() -> int:
    """How many appointments stand."""
    with owner_cursor() as cursor:
        cursor.execute("SELECT count(*) FROM scheduling_appointment")
        return cursor.fetchone()[0]
