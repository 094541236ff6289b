"""Patients' part of the walk: somebody new with a card of a training payer."""

from __future__ import annotations

import re
from typing import Any

from kit.ids import uuid7
from practice.walk import Page, Step, Walker, WalkFailed

PAYER = "Northway Health PPO"
ADDRESS: dict[str, Any] = {
    "address_line": "7 Mill Road",
    "city": "Harborview",
    "state": "ny",
    "postal_code": "10562",
    "sex": "F",
}


def register_a_patient(walker: Walker) -> str:
    """Four answers register; a birth date to come is refused at its field and every entry is kept."""
    walker.sign_in("front_desk")
    page = walker.get("patients/new/")
    form = page.form(words="Register patient")
    name = "Walker" + "".join(chr(ord("a") + int(digit, 16)) for digit in uuid7().hex[-6:])
    given: dict[str, Any] = {
        "first_name": "Wilhelmina",
        "last_name": name,
        "birth_date": "02/14/1971",
        "phone": "(914) 555-0188",
    }
    refused = walker.submit(page, form, status=422, **given | {"birth_date": "02/14/2171"})
    refused.expect("There is a problem", name)
    made = walker.submit(refused, refused.form(words="Register patient"), **given)
    record = re.search(r"Record (\d+)", made.text)
    address = made.url.partition("?")[0]
    if record is None or not re.search(r"/patients/[0-9a-f-]{36}/$", address):
        raise WalkFailed("registering does not lead to the patient's page")
    made.expect(name, "02/14/1971", "No coverage")
    walker.kept |= {"patient": name, "patient_url": address, "mrn": record[1]}
    edit = walker.get(made.link(href=r"/edit/$"))
    walker.submit(edit, edit.form(words="Save changes"), **ADDRESS).expect("7 Mill Road", "NY 10562")
    return f"Wilhelmina {name}, record {record[1]}; a birth date to come is refused"


def add_coverage(walker: Walker) -> str:
    """The card of a training payer, of the first of the year."""
    page = walker.get(walker.kept["patient_url"])
    page = walker.get(page.link(href=r"/coverages/new/\?patient="))
    chosen = re.search(rf'<option value="([^"]+)"[^>]*>{PAYER}', page.text)
    if chosen is None:
        raise WalkFailed(f"{PAYER} cannot be chosen")
    form = page.form(words="Add coverage")
    card: dict[str, Any] = {
        "payer": chosen[1],
        "member_id": "NWH 884 120 775",
        "starts_on": "01/01/2026",
        "copay": "25",
    }
    added = walker.submit(page, form, **card).expect(PAYER, "NWH884120775", "$25.00", "Covered")
    walker.kept["patient_id"] = added.url.partition("?")[0].rstrip("/").rsplit("/", 1)[-1]
    return f"{PAYER}, member NWH884120775"


def find_the_patient(walker: Walker) -> str:
    """By the start of the name and by the record number; the same person by REST."""
    for text in (walker.kept["patient"][:9].upper(), walker.kept["mrn"]):
        listed = walker.get(f"patients/?q={text}")
        if walker.at(f"patients/{walker.kept['patient_id']}/") not in listed.text:
            raise WalkFailed(f"“{text}” does not find the patient")
    walker.get("patients/?q=zzzzzz").expect("No patient")
    one: Page = walker.api(f"patients/{walker.kept['patient_id']}/")
    if one.json()["mrn"] != walker.kept["mrn"] or one.json()["state"] != "NY":
        raise WalkFailed(f"REST says {one.text[:200]}")
    return "found by name and record number, read by REST"


def take_a_complaint(walker: Walker) -> str:
    """Taken at the desk with its two clocks; acknowledged, it shows its next step and its history."""
    walker.sign_in("front_desk")
    page = walker.get("patients/complaints/new/")
    form = page.form(field="summary")
    told = {"patient": walker.kept["mrn"], "summary": "Waited an hour past the appointment"}
    walker.submit(page, form, status=422, patient="1").expect("No patient has this MRN")
    taken = walker.submit(page, form, **told).expect(
        told["summary"], walker.kept["patient"], "Acknowledge by"
    )
    walker.get("patients/complaints/?view=open").expect(told["summary"])
    asked = walker.get(taken.link(href=r"/do/acknowledge/$"))
    note = "Called back and promised an answer by Friday"
    done = walker.submit(asked, asked.form(field="note"), note=note).expect("Acknowledged", note)
    if "/do/acknowledge/" in done.text:
        raise WalkFailed("an acknowledged complaint can be acknowledged again")
    return "taken with its deadlines, acknowledged; a number that no patient has is refused"


STEPS: tuple[Step, ...] = (
    ("Register a patient", register_a_patient),
    ("Add the coverage", add_coverage),
    ("Find the patient", find_the_patient),
    ("Take a complaint", take_a_complaint),
)
