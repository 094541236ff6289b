"""A restricted patient's claims, denials and payments are worked by number; the name shows to who may see it."""

import pytest

from billing.models import DenialCase, Remittance, RemittanceFile
from billing.services import adjustment_catalogue, posting, remittances
from patients.models import BreakGlass, Patient
from patients.selectors import restricted
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
WHY = {"reason": "billing", "words": "The payer asks for the medical record of this denial"}


@pytest.fixture
def kept(acting):
    """A posted payment that denies a claim of a restricted patient, whom the payer's file names."""
    with acting("manager") as actor:
        adjustment_catalogue.install(actor=actor)
        world = build(actor)
        claim = world.claim("70.00")
        said = payment(answer(claim, line("99211", "70.00", "0.00", "CO-197 70.00")), trace="T2")
        remittances.receive(text(said), name="two.835", actor=actor)
        posting.post(Remittance.objects.get(trace_number="T2"), actor=actor)
        Patient.objects.filter(pk=world.patient.pk).update(is_restricted=True)
        return {
            "claim": claim,
            "patient": Patient.objects.get(pk=world.patient.pk),
            "denial": DenialCase.objects.get().pk,
            "file": RemittanceFile.objects.get().pk,
            "remittance": Remittance.objects.get().pk,
        }


def test_board_and_payment_keep_number_and_money_and_hide_the_name(kept, biller, manager):
    for path in ("billing/denials/", f"billing/remittances/{kept['remittance']}/"):
        page = biller.at(path).content.decode()
        assert restricted.HIDDEN_NAME in page, path
        assert kept["claim"].control_number in page
        assert "$70.00" in page
        assert kept["patient"].last_name not in page
        assert str(kept["patient"].pk) not in page
    assert str(kept["patient"]) in manager.at("billing/denials/").content.decode()


def test_the_payers_own_file_is_refused_to_who_may_not_see_everybody_in_it(kept, biller, manager):
    path = f"billing/remittances/files/{kept['file']}/download/"
    refused = biller.at(path)
    assert refused.status_code == 403
    assert kept["patient"].last_name not in refused.content.decode()
    assert manager.at(path).status_code == 200


def test_a_denial_leads_to_break_glass_and_then_to_the_claim(kept, biller):
    asked = biller.at(f"billing/denials/{kept['denial']}/")
    ask = f"billing/claims/{kept['claim'].pk}/open/"
    assert asked["Location"].endswith(ask)
    form = biller.at(ask).content.decode()
    assert kept["claim"].control_number in form
    assert kept["patient"].last_name not in form
    done = biller.send(ask, WHY)
    assert done["Location"].endswith(f"billing/claims/{kept['claim'].pk}/")
    assert str(kept["patient"]) in biller.get(done["Location"]).content.decode()
    with in_practice(actor_named("owner")):
        assert BreakGlass.objects.get().patient_id == kept["patient"].pk
    assert biller.at(f"billing/remittances/files/{kept['file']}/download/").status_code == 200


def test_without_a_reason_the_claim_stays_shut(kept, biller, front_desk):
    ask = f"billing/claims/{kept['claim'].pk}/open/"
    assert biller.send(ask, {**WHY, "words": "x"}).status_code == 422
    assert front_desk.send(ask, WHY).status_code == 403
    with in_practice(actor_named("owner")):
        assert BreakGlass.objects.count() == 0


def test_the_api_lists_and_opens_no_hidden_claim(kept, biller):
    listed = biller.get("/p/harbor/api/v1/claims/").json()["results"]
    assert listed == []
    assert biller.get(f"/p/harbor/api/v1/claims/{kept['claim'].pk}/").status_code == 404
    assert biller.get("/p/harbor/api/v1/ledger-entries/").json()["results"] == []
