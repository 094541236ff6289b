"""The schedule's part of the walk: a visit booked on the page and one by REST, moved, and taken to its end."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from kit.ids import uuid7
from practice.walk import Page, Step, Walker, WalkFailed

ZONE = ZoneInfo("America/New_York")  # of the demo's sites
SLOT = re.compile(r'name="slot" value="([^"|]+\|[^"]+)"')


def _key(address: str) -> str:
    return address.rstrip("/").rsplit("/", 1)[-1]


def _day(slot: str) -> str:
    """The local day of a slot button's value."""
    return f"{datetime.fromisoformat(slot.split('|')[0]).astimezone(ZONE):%Y-%m-%d}"


def _panel(walker: Walker) -> Page:
    """The booking panel with the patient chosen, as the line leads to it."""
    name = walker.kept["patient"]
    asked = walker.get(f"scheduling/book/?line={quote(name.lower() + ' fu')}")
    return walker.get(asked.link(href=r"patient=", words=name)).expect(name, "Northway Health PPO on file")


def book_on_the_page(walker: Walker) -> str:
    """The line finds the patient and offers openings; the day shows the visit, a second click books no other."""
    walker.sign_in("front_desk")
    chosen = _panel(walker)
    slots = SLOT.findall(chosen.text)
    if len(slots) < 2:
        raise WalkFailed("fewer than two openings are offered")
    form = chosen.form(action="/scheduling/book/")
    walker.kept["today"] = form.fields["day"][0]
    given = {"slot": slots[-1], "reason": "Cough"}
    day = walker.submit(chosen, form, **given).expect(walker.kept["patient"])
    booked = set(_visits_of_patient(walker))
    walker.submit(chosen, form, **given)
    if len(booked) != 1 or booked != set(_visits_of_patient(walker)):
        raise WalkFailed(f"a second click made another visit: {len(booked)} and then more")
    walker.kept |= {
        "visit": walker.at(f"scheduling/visits/{booked.pop()}/"),
        "slot": slots[-1],
        "day": day.url,
    }
    return f"{len(slots)} openings offered; booked the last, {_day(slots[-1])}; a second click books nothing"


def _visits_of_patient(walker: Walker) -> list[str]:
    rows = walker.api(f"appointments/?patient={walker.kept['patient_id']}").json()["results"]
    return [row["id"] for row in rows if row["status"] not in ("cancelled", "rescheduled")]


def move_it(walker: Walker) -> str:
    """An earlier opening, chosen on the visit's own page; an old copy of the page is refused."""
    page = walker.get(f"{walker.kept['visit']}move/")
    slot, form = SLOT.findall(page.text)[0], page.form(field="version")
    walker.submit(page, form, slot=slot).expect("moved to", walker.kept["patient"])
    form.fields["idempotency_key"] = [str(uuid7())]
    walker.submit(page, form, slot=walker.kept["slot"], status=409).expect("Somebody changed this visit")
    walker.kept["slot"] = slot
    return f"moved to {_day(slot)}; an old copy of the page is refused"


def see_the_patient_today(walker: Walker) -> str:
    """Arrived, checked in, completed. When today has no opening left, a walk-in outside the hours, with a reason."""
    said = "came for the opening"
    if _day(walker.kept["slot"]) != walker.kept["today"]:
        _walk_in(walker)
        said = "walked in outside the hours, with a reason"
    page = walker.get(walker.kept["visit"])
    walker.submit(page, page.form(action="/do/arrive/", words="Arrived"))
    desk = walker.get(f"{walker.kept['visit']}check-in/").expect("What to look at")
    form = desk.form(field="identity")
    walker.submit(desk, form, identity="on", contact="on", reason="Seen before").expect("is checked in")
    page = walker.get(walker.kept["visit"])
    walker.submit(page, page.form(action="/do/complete/", words="Complete visit"))
    walker.get(walker.kept["visit"]).expect("Completed")
    visit = walker.api(f"appointments/{_key(walker.kept['visit'])}/").json()
    if (visit["status"], visit["local_day"]) != ("completed", walker.kept["today"]):
        raise WalkFailed(f"REST says {visit['status']} on {visit['local_day']}")
    return f"{said}; arrived, checked in, completed"


def _walk_in(walker: Walker) -> None:
    page = walker.get(f"{walker.kept['visit']}cancel/")
    walker.submit(page, page.form(field="version"), by="patient_timely", reason="Comes today instead").expect(
        "is cancelled"
    )
    chosen = _panel(walker)
    now = datetime.now(ZONE)
    resource = SLOT.findall(chosen.text)[0].split("|")[1]
    away = "5" if now.hour >= 12 else "22"  # the demo's hours are around the present one
    at = f"{away}:{uuid7().int % 60:02d}"
    given = {"other_day": f"{now:%m/%d/%Y}", "other_time": at, "other_provider": resource}
    form = chosen.form(action="/scheduling/book/")
    warned = walker.submit(chosen, form, slot="other", status=422, **given).expect("outside the hours")
    again = warned.form(action="/scheduling/book/")
    slot = re.search(r'value="([^"]+)" data-anyway', warned.text)
    if slot is None:
        raise WalkFailed("a walk-in outside the hours cannot be booked anyway")
    walker.submit(warned, again, slot=slot[1], override_reason="Walk-in with a cough")
    (visit,) = _visits_of_patient(walker)
    walker.kept |= {"visit": walker.at(f"scheduling/visits/{visit}/"), "slot": slot[1]}


def book_by_rest(walker: Walker) -> str:
    """The same key twice is one visit; the taken slot answers 409 with other openings; an old ETag 412."""
    sample = walker.api("appointments/?page_size=1").json()["results"][0]
    free = walker.api(f"openings/?type={sample['type']}&limit=9").json()["results"][-1]
    wish = {name: free[name] for name in ("starts_at", "provider", "location")}
    wish |= {"type": sample["type"], "patient": walker.kept["patient_id"], "reason": "Booked by REST"}
    key: dict[str, Any] = {"Idempotency_Key": str(uuid7())}
    walker.api("appointments/", body=wish, status=428)
    first = walker.api("appointments/", body=wish, status=201, **key)
    same = walker.api("appointments/", body=wish, status=201, **key)
    if same.json()["id"] != first.json()["id"]:
        raise WalkFailed("the same key booked twice")
    taken = walker.api(
        "appointments/", body=wish | {"patient": sample["patient"]}, status=409, key=True
    ).json()
    if not taken["alternatives"] or any(
        each["starts_at"] == wish["starts_at"] and each["provider"] == wish["provider"]
        for each in taken["openings"]
    ):
        raise WalkFailed("the full slot offers no alternatives, or itself")
    address = f"appointments/{first.json()['id']}/confirm/"
    walker.api(address, body={}, status=200, If_Match=first.headers["etag"])
    walker.api(address, body={}, status=412, If_Match=first.headers["etag"])
    walker.api("appointments/", body=wish | {"starts_at": "soon"}, status=422, key=True)
    others = len(taken["alternatives"])
    return f"{free['sentence']}; key again: the same visit; full: 409 with {others} others; old ETag: 412"


STEPS: tuple[Step, ...] = (
    ("Book a visit on the page", book_on_the_page),
    ("Move the visit", move_it),
    ("See the patient today", see_the_patient_today),
    ("Book a visit by REST", book_by_rest),
)
