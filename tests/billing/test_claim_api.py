"""Claims over REST: read, send once, charge a visit; refusals change nothing."""

import pytest

from billing.models import Charge, Claim, ClaimBatch
from kit import clock
from tests.billing import claim_world
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
LINES = {
    "lines": [{"code": "99213", "diagnoses": ["I10"]}, {"code": "36415", "units": "2", "diagnoses": ["I10"]}]
}


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.at(claim_world.NOW):
        yield


def post(visitor, path, data, key=""):
    headers = {"HTTP_IDEMPOTENCY_KEY": key} if key else {}
    return visitor.send(f"api/v1/{path}", data, content_type="application/json", **headers)


def ours(query):
    with in_practice(actor_named("manager")):
        return query()


def test_claims_are_listed_and_read(billing, biller):
    with billing() as world:
        claim = world.claim()
    listed = biller.at("api/v1/claims/", state="ready").json()
    assert [row["id"] for row in listed["results"]] == [str(claim.pk)]
    assert biller.at("api/v1/claims/", state="paid").json()["results"] == []
    one = biller.at(f"api/v1/claims/{claim.pk}/")
    assert (one.json()["total"], one.json()["state"]) == ("150.00", "ready")
    assert one.headers["ETag"]


def test_a_submission_needs_a_key_and_happens_once(billing, biller):
    with billing() as world:
        claim = world.claim()
    body = {"claims": [str(claim.pk)]}
    assert post(biller, "claims/submit/", body).status_code == 428
    assert ours(ClaimBatch.objects.count) == 0
    first, second = (post(biller, "claims/submit/", body, key="k1") for _ in range(2))
    assert (first.status_code, first.json()) == (
        201,
        {"sent": 1, "files": ["837P-000000001.txt"], "held": []},
    )
    assert (second.status_code, second.json()) == (201, first.json())
    assert ours(ClaimBatch.objects.count) == 1
    assert post(biller, "claims/submit/", {"claims": []}, key="k1").status_code == 422


def test_one_claim_is_sent_by_its_own_address(billing, biller):
    with billing() as world:
        claim = world.claim()
    answer = post(biller, f"claims/{claim.pk}/submit/", {}, key="k2")
    assert (answer.status_code, answer.json()["state"]) == (200, "submitted")
    assert post(biller, f"claims/{claim.pk}/submit/", {}, key="k3").status_code == 422


def test_a_visit_is_charged_once_per_key(billing, biller):
    with billing() as world:
        visit = world.visit()
    for _ in range(2):
        answer = post(biller, f"visits/{visit.pk}/charges/", LINES, key="k4")
        assert answer.status_code == 201
    assert [row["amount"] for row in answer.json()] == ["150.00", "36.00"]
    assert ours(lambda: str(Claim.objects.get().total)) == "186.00"
    assert len(biller.at(f"api/v1/visits/{visit.pk}/charges/").json()) == 2


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"lines": []},
        {"lines": [{"code": "99999"}]},
        {**LINES, "price": 1},
        {"lines": [{"code": "99213", "amount": -1}]},
    ],
)
def test_wrong_charges_are_refused_as_problems(billing, biller, body):
    with billing() as world:
        visit = world.visit()
    answer = post(biller, f"visits/{visit.pk}/charges/", body, key="k5")
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json")
    assert ours(Charge.objects.count) == 0


@pytest.mark.parametrize(("who", "status"), [("stranger", 404), ("front_desk", 403), ("nobody", 401)])
def test_others_read_and_send_nothing(billing, who, status, request):
    with billing() as world:
        claim, visit = world.claim(), world.visit()
    visitor = request.getfixturevalue(who)
    assert visitor.at(f"api/v1/claims/{claim.pk}/").status_code == status
    listed = visitor.at("api/v1/claims/")
    assert listed.status_code == (200 if who == "stranger" else status)
    assert not listed.json().get("results")
    sent = post(visitor, "claims/submit/", {"claims": [str(claim.pk)]}, key="k6")
    assert sent.status_code == (422 if who == "stranger" else status)
    assert post(visitor, f"visits/{visit.pk}/charges/", LINES, key="k7").status_code == status
    assert ours(lambda: Claim.objects.get().state) == "ready"
    assert ours(Charge.objects.count) == 1


def test_another_practices_claim_is_unknown_at_home(billing):
    from tests.cast import Visitor

    with billing() as world:
        claim = world.claim()
    from practice.models import User

    stan = Visitor(slug="summit")
    stan.force_login(User.objects.get(email="stranger@summit.example"))
    assert stan.at(f"api/v1/claims/{claim.pk}/").status_code == 404
    assert stan.at(f"billing/claims/{claim.pk}/").status_code == 404
    assert post(stan, f"claims/{claim.pk}/submit/", {}, key="k8").status_code == 404
    assert ours(lambda: Claim.objects.get().state) == "ready"
