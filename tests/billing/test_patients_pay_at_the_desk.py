"""A patient's payment: where its money goes, its receipt, and that taking it back leaves every balance as it was."""

import json
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.template.loader import render_to_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import booking_checks, panels, receipt_jobs, visit_flags
from billing.check_in import after, items
from billing.models import LedgerEntry, OpenItem, PatientPayment
from billing.rules.payments import Owed, allocate, looks_like_card
from billing.selectors import ledger as accounts
from billing.selectors import payments as found
from billing.services import invariants, ledger, payments, receipts
from kit import clock
from kit.errors import Conflict, DomainError, Forbidden
from patients.models import Patient
from patients.services import patients
from practice import jobs
from practice.actor import system_actor
from practice.models import JobRun
from practice.selectors import files
from practice.services.rule_values import set_value
from tests.billing.claim_world import NOW, VISIT_DAY
from tests.cast import actor_named, in_practice

D = Decimal
CARD = "4111 1111 1111 1111"
CENTS = st.integers(min_value=1, max_value=20_000).map(lambda cents: D(cents) / 100)
EARLIER = VISIT_DAY - timedelta(days=20)
OWED = st.lists(
    st.builds(
        lambda balance, days, mine: (balance, date(2026, 1, 1) + timedelta(days=days), mine),
        CENTS,
        st.integers(min_value=0, max_value=9),
        st.booleans(),
    ),
    max_size=6,
)


class Here(jobs.Job):
    """A job whose steps run in the test's own transaction."""

    @contextmanager
    def step(self, *, read_only=False):
        yield self.actor


@settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # beside other tests making rows takes long
@given(amount=CENTS, kept=CENTS | st.just(D(0)), rows=OWED)
def test_no_cent_is_lost_no_item_gets_more_than_it_owes_and_each_is_paid_before_the_next(amount, kept, rows):
    owed = [
        Owed(key=place, balance=balance, service_date=day, of_visit=mine)
        for place, (balance, day, mine) in enumerate(rows)
    ]
    shares = allocate(amount, items=owed, kept_for_visit=kept)
    by_key = {item.key: item for item in owed}
    assert all(0 < share <= by_key[key].balance for key, share in shares)
    assert sum(share for _, share in shares) <= amount
    ranks = [(not by_key[key].of_visit, by_key[key].service_date, key) for key, _ in shares]
    assert ranks == sorted(ranks)
    assert all(share == by_key[key].balance for key, share in shares[:-1])
    mine = sum(share for key, share in shares if by_key[key].of_visit)
    others = sum(share for key, share in shares if not by_key[key].of_visit)
    assert others == min(
        amount - max(mine, min(kept, amount)), sum(item.balance for item in owed if not item.of_visit)
    )
    assert mine == min(amount, sum(item.balance for item in owed if item.of_visit))


@pytest.mark.parametrize(
    "text",
    [
        CARD,
        "Visa 4111-1111-1111-1111 exp 12/27",
        "378282246310005",
        "no 6011000990139424.",
        "4111.1111.1111.1111 12",
    ],
)
def test_a_card_number_is_known_however_it_is_typed(text):
    assert looks_like_card(text)


@pytest.mark.parametrize(
    "text", ["", "1042", "check 1042 of 12/01/2026", "4111111111111112", "000123456789", "A-7719"]
)
def test_numbers_of_checks_and_approvals_are_no_card_numbers(text):
    assert not looks_like_card(text)


def take(world, amount="30.00", **more):
    given = {"patient": world.patient, "method": "card", "location": world.site, "actor": world.actor}
    return payments.take(**given | {"amount": D(amount), **more})


def share(world, amount, *, day=VISIT_DAY, visit=None):
    """A visit of which the payer left ``amount`` to the patient; returns its charge."""
    (charge,) = world.charged(visit=visit or world.visit(day=day))
    template = ledger.Posting(
        kind="transfer", patient_id=charge.patient_id, charge_id=charge.pk, location_id=charge.location_id,
        amount=D(amount), service_date=charge.service_date, posted_on=charge.service_date, source_kind="test",
        source_key=str(charge.pk), payer_id=world.payer.pk,
    )  # fmt: skip
    ledger.transfer(template, to_payer_id=None, actor=world.actor)
    return charge


def owes(charge):
    return OpenItem.objects.get(charge=charge, payer=None).balance


def on_account(world):
    return -accounts.unapplied_of(world.patient, actor=world.actor)


def sound(world):
    return invariants.check(actor=world.actor).findings == ()


@pytest.mark.django_db
def test_it_pays_the_visit_first_then_the_oldest_and_keeps_the_rest_on_account(billing):
    with billing() as world:
        old, mine = share(world, "40.00", day=EARLIER), share(world, "30.00")
        first = take(world, "50.00", visit=mine.appointment, reference="  007 719 ")
        assert (owes(mine), owes(old), on_account(world)) == (D(0), D("20.00"), D(0))
        assert (first.number, first.balance_after, first.received_on) == (
            "R-2026-00001",
            D("20.00"),
            NOW.date(),
        )
        assert (first.paid_by, first.received_by_id) == ("Card, ending 7719", world.actor.membership_id)
        second = take(world, "25.00", method="cash")
        assert (owes(old), on_account(world)) == (D(0), D("5.00"))
        assert (second.number, second.balance_after) == ("R-2026-00002", D("-5.00"))
        assert sound(world)


@pytest.mark.django_db
def test_voided_every_balance_is_as_it_was_wherever_the_money_went_since(billing):
    with billing() as world:
        visit = world.visit()
        early = take(world, "60.00", visit=visit)
        charge, other = share(world, "25.00", visit=visit), share(world, "20.00", day=EARLIER)
        assert payments.apply(world.patient, actor=world.actor) == D("45.00")
        assert [-each.amount for each in found.entries_of(early)] == [D("20.00"), D("25.00"), D("15.00")]
        for reason in ("", " no "):
            with pytest.raises(DomainError) as refused:
                payments.void(early, reason=reason, actor=world.actor)
            assert refused.value.field == "reason"
        assert owes(charge) == 0
        gone = payments.void(early, reason="Rang up twice", actor=world.actor)
        assert (owes(charge), owes(other), on_account(world)) == (D("25.00"), D("20.00"), D(0))
        gone.refresh_from_db()
        assert (gone.standing.label, gone.counted, gone.amount) == ("Voided", D(0), D("60.00"))
        assert not found.entries_of(gone).exists()
        entries = LedgerEntry.objects.count()
        with pytest.raises(Conflict):
            payments.void(early, reason="Rang up twice", actor=world.actor)
        assert LedgerEntry.objects.count() == entries
        assert sound(world)


@pytest.mark.django_db
def test_a_copay_waits_for_its_claim_and_pays_no_older_bill(billing):
    with billing() as world:
        world.coverage.copay = D("25.00")
        world.coverage.save()
        old, visit = share(world, "40.00", day=EARLIER), world.visit()

        def said(source=items):
            return {
                each.code: (each.state, each.detail)
                for each in source(visit, actor=world.actor, slug="harbor")
            }

        assert said()["copay"] == ("warn", "$25.00 due today.")
        take(world, "20.00", visit=visit)
        assert (owes(old), on_account(world)) == (D("40.00"), D("20.00"))
        assert said()["copay"] == ("warn", "$5.00 of $25.00 due today.")
        take(world, "15.00", visit=visit)
        assert (owes(old), on_account(world)) == (D("30.00"), D("25.00"))
        assert said()["copay"] == ("ok", "$25.00, paid.")
        assert said()["balance"] == (
            "warn",
            "The patient owes $5.00: $30.00 on charges, less $25.00 on account.",
        )
        charge = share(world, "22.00", visit=visit)
        assert payments.apply_to_visits({visit.pk}, actor=world.actor) == D("22.00")
        assert payments.apply_to_visits({visit.pk}, actor=world.actor) == 0
        assert (owes(charge), owes(old), on_account(world)) == (D(0), D("30.00"), D("3.00"))
        visit.local_day = NOW.date()
        assert said(after)["receipt"] == ("ok", "$35.00 paid today, R-2026-00001, R-2026-00002.")
        assert sound(world)


@pytest.mark.django_db
def test_what_a_patient_owes_is_one_figure_wherever_it_is_shown(billing):
    with billing() as world:
        share(world, "80.00", day=EARLIER)
        visit, later = world.visit(), world.visit()
        gone = patients.register(
            actor=world.actor, first_name="Omar", last_name="Sayed", birth_date=date(1958, 11, 2)
        )
        credit = ledger.Posting(
            kind="patient_payment", patient_id=gone.pk, charge_id=None, location_id=world.site.pk, amount=D("-20.00"),
            service_date=EARLIER, posted_on=EARLIER, source_kind="import", source_key="t2/credit", method="copay",
        )  # fmt: skip
        ledger.post([credit], actor=world.actor)

        def said():
            (fact,) = panels.account(world.patient, actor=world.actor, slug="harbor").facts
            (balance,) = (
                each for each in items(visit, actor=world.actor, slug="harbor") if each.code == "balance"
            )
            flags = visit_flags.owed([visit, later], actor=world.actor)
            asked = booking_checks.balance(world.patient, day=VISIT_DAY, actor=world.actor)
            return fact.note, balance.detail, flags[later.pk][0].word, [each.message for each in asked]

        assert said() == (
            "Patient $80.00", "The patient owes $80.00.", "Owes $80.00",
            ["The patient owes $80.00. Ask for payment, or book all the same."],
        )  # fmt: skip
        Patient.objects.filter(pk=gone.pk).update(
            merged_into=world.patient
        )  # money on a merged record is theirs
        parts = "$80.00 on charges, less $20.00 on account"
        assert said() == (
            f"Patient $60.00: {parts}", f"The patient owes $60.00: {parts}.", "Owes $60.00",
            [f"The patient owes $60.00: {parts}. Ask for payment, or book all the same."],
        )  # fmt: skip
        set_value(
            actor=world.actor,
            code="billing.booking_balance",
            value="61",
            effective_from=NOW.date(),
            reason="Test",
        )
        assert said()[3] == []
        assert accounts.owed_by([world.patient.pk], actor=actor_named("physician")) == {}


@pytest.mark.django_db
def test_who_pays_alone_before_the_charges_has_paid_them(billing):
    with billing() as world:
        alone = patients.register(
            actor=world.actor, first_name="Ada", last_name="Nunes", birth_date=date(1990, 1, 2)
        )
        visit = world.visit(patient=alone)
        take(world, "100.00", patient=alone, visit=visit)
        (charge,) = world.charged(visit=visit)
        assert owes(charge) == D("50.00")
        assert sound(world)


@pytest.mark.django_db
def test_money_that_an_import_left_on_account_is_applied_too(billing):
    with billing() as world:
        old, new = share(world, "10.00", day=EARLIER), share(world, "30.00")
        credit = ledger.Posting(
            kind="patient_payment", patient_id=world.patient.pk, charge_id=None, location_id=world.site.pk,
            amount=D("-25.00"), service_date=EARLIER, posted_on=EARLIER, source_kind="import", source_key="t1/credit",
            method="copay",
        )  # fmt: skip
        ledger.post([credit], actor=world.actor)
        before = LedgerEntry.objects.count()
        assert payments.apply(world.patient, actor=world.actor) == D("25.00")
        assert sum(each.amount for each in LedgerEntry.objects.order_by("id")[before:]) == 0
        assert (owes(old), owes(new), on_account(world)) == (D(0), D("15.00"), D(0))
        assert payments.apply(world.patient, actor=world.actor) == 0
        assert sound(world)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"amount": D("0.00")}, "amount"),
        ({"amount": D("1.005")}, "amount"),
        ({"method": "shells"}, "method"),
        ({"reference": CARD}, "reference"),
        ({"note": f"card {CARD} exp 12/27"}, "note"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_kept(billing, given, field):
    with billing() as world:
        charge = share(world, "30.00")
        before = LedgerEntry.objects.count()
        with pytest.raises(DomainError) as refused:
            take(world, **given)
        assert refused.value.field == field
        assert (owes(charge), LedgerEntry.objects.count()) == (D("30.00"), before)
        assert not PatientPayment.objects.exists()


@pytest.mark.django_db
def test_another_patients_visit_and_a_foreign_site_are_refused_and_voiding_has_a_right_of_its_own(billing):
    clerk = actor_named("front_desk")
    with billing() as world:
        other = world.another_patient(last_name="Aziz")
        with pytest.raises(DomainError) as refused:
            take(world, "5.00", patient=other, visit=world.visit())
        assert refused.value.field == "visit"
        assert not PatientPayment.objects.exists()
        made = take(world, "5.00", actor=clerk)
        with pytest.raises(Forbidden):
            payments.void(made, reason="Rang up twice", actor=clerk)
        assert PatientPayment.objects.get().can_void
        assert on_account(world) == D("5.00")


@pytest.fixture
def desk(billing):
    """A patient who owes $30.00 of a visit, on the day the tests hold."""
    with billing() as world:
        charge = share(world, "30.00")
    with clock.at(NOW):
        yield world, charge


@pytest.mark.django_db
def test_the_page_takes_it_once_and_the_receipt_says_what_it_went_to(desk, front_desk, biller, physician):
    world, charge = desk
    page = front_desk.at("billing/payments/new/", visit=charge.appointment_id, amount="30.00")
    assert 'value="30.00"' in page.content.decode()
    assert "This visit" in page.content.decode()
    form = {
        "patient": str(world.patient.pk), "visit": str(charge.appointment_id), "amount": "35.00", "method": "check",
        "reference": "100412", "idempotency_key": "pay-once",
    }  # fmt: skip
    refused = front_desk.send("billing/payments/new/", form | {"reference": CARD, "idempotency_key": "wrong"})
    assert refused.status_code == 422
    assert "looks like a card number" in refused.content.decode()
    answers = [front_desk.send("billing/payments/new/", form) for _ in range(2)]
    assert {(each.status_code, each["Location"]) for each in answers} == {(302, answers[0]["Location"])}
    with in_practice(actor_named("manager")):
        made = PatientPayment.objects.get()
    receipt = front_desk.get(answers[0]["Location"]).content.decode()
    for words in (
        "R-2026-00001", "Harbor Family Medicine", "$35.00", "99213", "On account", "$5.00", "Check, ending 0412",
        "Fay Flores", "Credit after this payment",
    ):  # fmt: skip
        assert words in receipt, words
    assert "100412" not in receipt
    assert "Service 99213" not in receipt
    drawer = front_desk.at("billing/payments/till/").content.decode()
    assert "Fay Flores" in drawer
    assert drawer.count("$35.00") == 4  # hers by check and in all, and the same below
    assert "Nothing was taken" in front_desk.at("billing/payments/till/", day="2026-03-01").content.decode()
    account = front_desk.at(f"billing/accounts/{world.patient.pk}/").content.decode()
    assert "Receipt R-2026-00001" in account
    void = f"billing/payments/{made.pk}/do/void/"
    assert front_desk.send(void, {"reason": "Rang up twice"}).status_code == 403
    assert biller.send(void, {"reason": "Rang up twice", "idempotency_key": "v"}).status_code == 302
    assert "Void" in biller.at(f"billing/payments/{made.pk}/receipt/").content.decode()
    assert "R-2026-00001" in biller.at("billing/payments/", view="voided").content.decode()
    assert physician.at(f"billing/payments/{made.pk}/receipt/").status_code == 403
    assert physician.send("billing/payments/new/", form).status_code == 403
    with in_practice(world.actor):
        patients.restrict(world.patient, reason="Works here", actor=world.actor)
    assert front_desk.at(f"billing/payments/{made.pk}/receipt/").status_code == 404
    assert "R-2026-00001" not in front_desk.at("billing/payments/", view="all").content.decode()


@pytest.mark.django_db
def test_rest_takes_applies_and_voids_and_another_practice_finds_nothing(desk, biller, stranger):
    world, charge = desk

    def post(path, body, *, visitor=biller, slug="harbor", **headers):
        return visitor.post(
            f"/p/{slug}/api/v1/{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    body = {"patient": world.patient.mrn, "amount": "12.50", "method": "cash", "location": str(world.site.pk)}
    assert post("patient-payments/", body).status_code == 428
    key = {"Idempotency-Key": "k1"}
    first, second = post("patient-payments/", body, **key), post("patient-payments/", body, **key)
    assert (first.status_code, second.json()) == (201, first.json()), str(first.json())[-400:]
    made = first.json()
    assert (made["number"], made["amount"], made["balance_after"]) == ("R-2026-00001", "12.50", "17.50")
    listed = biller.at("api/v1/patient-payments/", patient=str(world.patient.pk)).json()["results"]
    assert [each["id"] for each in listed] == [made["id"]]
    apply = f"billing/accounts/{world.patient.pk}/apply/"
    assert post(f"accounts/{world.patient.pk}/apply/", {}, **{"Idempotency-Key": "k2"}).json() == {
        "applied": "0.00"
    }
    assert biller.send(apply, {"idempotency_key": "apply"}).status_code == 302
    for path in (f"api/v1/patient-payments/{made['id']}/", f"billing/payments/{made['id']}/receipt/"):
        assert stranger.get(f"/p/summit/{path}").status_code == 404
        assert stranger.get(f"/p/harbor/{path}").status_code == 404
    foreign = {"visitor": stranger, "slug": "summit", "Idempotency-Key": "k3"}
    assert post("patient-payments/", body, **foreign).status_code == 422
    assert post(f"patient-payments/{made['id']}/void/", {"reason": "Mine now"}, **foreign).status_code == 404
    gone = post(
        f"patient-payments/{made['id']}/void/", {"reason": "Rang up twice"}, **{"Idempotency-Key": "k4"}
    )
    assert gone.json()["voided_reason"] == "Rang up twice"
    with in_practice(actor_named("manager")):
        assert owes(charge) == D("30.00")
        assert PatientPayment.objects.count() == 1


@pytest.mark.django_db
def test_the_receipt_is_a_pdf_under_its_number_made_anew_only_when_it_says_something_else(
    desk, front_desk, physician, stranger, monkeypatch
):
    world, charge = desk
    pages = []

    def render(template, context, *, title):
        pages.append((title, unescape(render_to_string(template, context))))
        return b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n"

    monkeypatch.setattr(receipt_jobs, "render_pdf", render)
    with in_practice(world.actor):
        made = take(world, "35.00", visit=charge.appointment)
    page, make = f"billing/payments/{made.pk}/receipt/", f"billing/payments/{made.pk}/receipt/pdf/"

    def work():
        with in_practice(world.actor):
            for row in JobRun.objects.filter(kind=receipts.PDF, state="queued"):
                receipt_jobs.make_pdf(
                    Here(
                        id=None, practice_id=row.practice_id, key=row.key, args=row.args,
                        actor=system_actor(practice_id=row.practice_id, request_id="job"),
                    )
                )  # fmt: skip

    assert "Make PDF" in front_desk.at(page).content.decode()
    assert physician.send(make, {"idempotency_key": "no"}).status_code == 403
    assert stranger.send(make, {"idempotency_key": "no"}).status_code == 404
    for key in ("p1", "p2"):
        assert front_desk.send(make, {"idempotency_key": key}).status_code == 302
    work()
    work()
    with in_practice(world.actor):
        (kept,) = files.of_record(made)
        assert (kept.name, kept.note) == ("receipt-R-2026-00001.pdf", "Receipt, 2 entries in the ledger")
    for title, words in pages:
        assert title == "Receipt R-2026-00001"
        for said in ("R-2026-00001", "$35.00", "99213", "On account", "Credit after this payment"):
            assert said in words, said
    assert f"/files/{kept.pk}/" in front_desk.at(page).content.decode()
    with clock.at(NOW + timedelta(hours=1)), in_practice(world.actor):
        payments.void(made, reason="Rang up twice", actor=world.actor)
    assert "Make PDF" in front_desk.at(page).content.decode()
