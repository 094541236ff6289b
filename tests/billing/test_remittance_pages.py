"""Pages and endpoints of remittances, denials and accounts: who sees what, and what a click does."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import DenialCase, LedgerEntry, Remittance, RemittanceFile
from billing.services import adjustment_catalogue, posting, remittances
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build

pytestmark = pytest.mark.django_db
D = Decimal


@pytest.fixture
def kept(acting):
    """A staged payment of two claims, one of them unmatched; a posted one with a denial."""
    with acting("biller") as actor:
        adjustment_catalogue.install(actor=actor)
        world = build(actor)
        paid = world.claim("150.00")
        said = payment(
            answer(paid, line("99211", "150.00", "90.00", "CO-45 40.00", "PR-3 20.00")),
            answer("NOBODY", line("99213", "80.00", "60.00", "CO-45 20.00"), number="", names=()),
        )
        remittances.receive(text(said), name="one.835", actor=actor)
        denied = world.claim("70.00")
        other = payment(answer(denied, line("99211", "70.00", "0.00", "CO-197 70.00")), trace="T2")
        remittances.receive(text(other, number=2), name="two.835", actor=actor)
        posting.post(Remittance.objects.get(trace_number="T2"), actor=actor)
        return {
            "staged": Remittance.objects.get(trace_number="T1001").pk,
            "posted": Remittance.objects.get(trace_number="T2").pk,
            "denial": DenialCase.objects.get().pk,
            "patient": world.patient.pk,
            "file": RemittanceFile.objects.get(name="one.835").pk,
            "unmatched": Remittance.objects.get(trace_number="T1001").claims.get(position=2).pk,
        }


def paths(kept):
    return [
        "billing/remittances/",
        f"billing/remittances/{kept['staged']}/",
        f"billing/remittances/{kept['posted']}/",
        f"billing/remittances/files/{kept['file']}/",
        f"billing/remittances/files/{kept['file']}/download/",
        f"billing/remittances/{kept['staged']}/post/",
        "billing/remittances/files/new/",
        "billing/denials/",
        f"billing/denials/{kept['denial']}/",
        f"billing/denials/{kept['denial']}/do/lose/",
        f"billing/accounts/{kept['patient']}/",
    ]


def test_the_biller_sees_every_page(kept, biller):
    for path in paths(kept):
        assert biller.at(path).status_code == 200, path


def test_nobody_without_a_sign_in_sees_one(kept, nobody):
    for path in paths(kept):
        assert nobody.at(path).status_code == 302, path


def test_the_front_desk_sees_accounts_only(kept, front_desk):
    for path in paths(kept):
        assert front_desk.at(path).status_code == (200 if "accounts" in path else 403), path


def test_the_other_practice_finds_none_of_ours(kept, stranger):
    for path in paths(kept):
        if any(str(value) in path for value in kept.values()):
            assert stranger.at(path).status_code == 404, path
    answer = stranger.send(f"billing/remittances/{kept['staged']}/post/")
    assert answer.status_code == 404


def test_the_page_balances_and_shows_both_sides(kept, biller):
    page = biller.at(f"billing/remittances/{kept['staged']}/").content.decode()
    for words in ("Balanced", "$150.00", "Post 1 ready claim", "Unmatched", "Needs review", "$60.00"):
        assert words in page


def test_a_click_posts_and_a_second_click_says_so(kept, biller, acting):
    path = f"billing/remittances/{kept['staged']}/post/"
    assert biller.send(path).status_code == 302
    page = biller.at(f"billing/remittances/{kept['staged']}/").content.decode()
    assert "Posted 1 claim. 1 claim waits for a decision, $60.00 stay unapplied." in page
    with acting("biller"):
        before = LedgerEntry.objects.count()
    biller.send(path)
    assert "Already posted on" in biller.at(f"billing/remittances/{kept['staged']}/").content.decode()
    with acting("biller"):
        assert LedgerEntry.objects.count() == before


def test_a_claim_number_that_is_not_ours_is_refused_at_its_field(kept, biller, acting):
    answer = biller.send(f"billing/remittances/claims/{kept['unmatched']}/match/", {"control_number": "NOPE"})
    assert answer.status_code == 422
    assert "There is no claim with this number." in answer.content.decode()
    with acting("biller"):
        assert Remittance.objects.get(pk=kept["staged"]).claims.get(position=2).claim is None


def test_an_upload_is_judged_at_once(kept, biller, acting):
    broken = SimpleUploadedFile("broken.835", text(payment()).replace("BPR*", "BPX*").encode())
    answer = biller.send("billing/remittances/files/new/", {"file": broken, "idempotency_key": "k1"})
    assert answer.status_code == 302
    page = biller.get(answer["Location"]).content.decode()
    assert "payment segment BPR is missing" in page
    with acting("biller"):
        assert RemittanceFile.objects.get(name="broken.835").state == "refused"


def test_the_same_file_uploaded_again_is_named(kept, biller):
    with_content = biller.at(f"billing/remittances/files/{kept['file']}/download/").content
    again = SimpleUploadedFile("again.835", with_content)
    answer = biller.send("billing/remittances/files/new/", {"file": again, "idempotency_key": "k2"})
    assert answer.status_code == 409
    assert "already received" in answer.content.decode()


def test_the_account_opens_the_rows_of_a_figure(kept, biller):
    page = biller.at(f"billing/accounts/{kept['patient']}/").content.decode()
    assert "$220.00" in page
    narrowed = biller.at(f"billing/accounts/{kept['patient']}/", party="patient").content.decode()
    assert "No money has moved" in narrowed


def api(client, path, **headers):
    return client.post(f"/p/harbor/api/v1/{path}", content_type="application/json", headers=headers)


def test_the_endpoint_posts_once_per_key_and_needs_one(kept, biller, acting):
    path = f"remittances/{kept['staged']}/post/"
    assert api(biller, path).status_code == 428
    first = api(biller, path, **{"Idempotency-Key": "a"})
    assert (first.status_code, first.json()["claims"], first.json()["already"]) == (200, 1, False)
    assert api(biller, path, **{"Idempotency-Key": "a"}).json() == first.json()
    second = api(biller, path, **{"Idempotency-Key": "b"})
    assert (second.status_code, second.json()["already"]) == (200, True)


def test_the_ledger_endpoint_filters(kept, biller, stranger):
    rows = biller.at("api/v1/ledger-entries/", patient=kept["patient"], kind="charge").json()["results"]
    assert [row["amount"] for row in rows] == ["150.00", "70.00"]
    assert biller.at("api/v1/ledger-entries/", posted_on_from="2030-01-01").json()["results"] == []
    assert stranger.at("api/v1/ledger-entries/", patient=kept["patient"]).json()["results"] == []
    assert biller.at("api/v1/ledger-entries/", kind="wrong").status_code == 422


def test_the_remittance_endpoints_read(kept, biller, front_desk, stranger):
    assert len(biller.at("api/v1/remittances/", state="posted").json()["results"]) == 1
    one = biller.at(f"api/v1/remittances/{kept['staged']}/").json()
    assert [row["match"] for row in one["claims"]] == ["exact", "none"]
    assert front_desk.at("api/v1/remittances/").status_code == 403
    assert stranger.at(f"api/v1/remittances/{kept['staged']}/").status_code == 404
