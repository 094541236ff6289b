"""Ready claims leave in an 837P that an independent validator accepts; twice is once."""

import io
import json
from dataclasses import replace

import pytest
import pyx12.params
import pyx12.x12n_document

from billing.models import Claim, ClaimBatch, OpenItem
from billing.services import submission
from billing.services.charges import ChargeLine
from billing.x12 import parse_837p
from kit.errors import DomainError, Forbidden
from patients.models import Coverage
from practice.encrypted import reveal
from practice.models import JobRun, Payer, Practice
from tests.cast import actor_named, in_practice

pytestmark = pytest.mark.django_db
TWO_LINES = (
    ChargeLine(code="99214", modifiers=("25",), diagnoses=("I10", "E119")),
    ChargeLine(code="36415", diagnoses=("E119",)),
)


def x12_errors(text):
    out = io.StringIO()
    ok = pyx12.x12n_document.x12n_document(
        param=pyx12.params.params(), src_file=io.StringIO(text), fd_997=None, fd_html=None, fd_json=out
    )
    (interchange,) = json.loads(out.getvalue())["interchanges"]
    (group,) = interchange["groups"]
    (transaction,) = group["transactions"]
    return ok, interchange["errors"] + group["errors"] + transaction["errors"] + transaction["segments"]


def submit(world, *claims, actor=None):
    return submission.submit([claim.pk for claim in claims], actor=actor or world.actor)


def test_the_file_is_accepted_by_an_independent_validator(billing):
    with billing() as world:
        first = world.claim(*TWO_LINES)
        second = world.claim(visit=world.visit(patient=world.another_patient(last_name="O'Neill-Åse")))
        batch = submit(world, first, second).batches[0]
        assert x12_errors(reveal(batch, "content")) == (True, [])


def test_a_dependant_and_another_site_are_accepted_too(billing):
    with billing() as world:
        Coverage.objects.update(relationship="19", subscriber_last_name="Sayed", subscriber_first_name="Mona")
        type(world.site).objects.update(address_line="8 River Road", npi="1356789010")
        world.site.refresh_from_db()
        batch = submit(world, world.claim(*TWO_LINES)).batches[0]
        assert x12_errors(reveal(batch, "content")) == (True, [])
        claim = parse_837p(reveal(batch, "content")).batches[0].claims[0]
        assert claim.patient.relationship == "19"
        assert claim.facility.name == "MAIN STREET"


def test_the_file_says_what_the_claim_says(billing):
    with billing() as world:
        claim = world.claim(*TWO_LINES)
        batch = submit(world, claim).batches[0]
        sent = parse_837p(reveal(batch, "content")).batches[0].claims[0]
        assert (sent.claim_id, sent.charge, sent.diagnoses) == (
            claim.control_number,
            claim.total,
            ("I10", "E119"),
        )
        assert [line.pointers for line in sent.lines] == [(1, 2), (2,)]
        assert [line.control_number for line in sent.lines] == [
            f"{claim.control_number}-1",
            f"{claim.control_number}-2",
        ]


def test_control_numbers_come_from_the_database_and_rise(billing):
    with billing() as world:
        made = [
            submit(
                world, world.claim(visit=world.visit(patient=world.another_patient(last_name=name)))
            ).batches[0]
            for name in ("Aziz", "Blanc", "Cate")
        ]
        assert [batch.interchange_number for batch in made] == [1, 2, 3]
        assert [batch.group_number for batch in made] == [1, 2, 3]
        assert [reveal(batch, "content")[90:99] for batch in made] == ["000000001", "000000002", "000000003"]


def test_submitted_claims_have_their_first_day_and_their_open_items_too(billing):
    with billing() as world:
        claim = world.claim()
        submit(world, claim)
        claim.refresh_from_db()
        assert (claim.state, str(claim.first_submitted_on)) == ("submitted", "2026-03-04")
        assert str(OpenItem.objects.get().first_billed_on) == "2026-03-04"
        assert JobRun.objects.filter(kind="billing.claim_file", key=str(claim.batch_id)).count() == 1


def test_submitting_twice_sends_once(billing):
    with billing() as world:
        claim = world.claim()
        submit(world, claim)
        with pytest.raises(DomainError, match="not ready"):
            submit(world, claim)
        assert ClaimBatch.objects.count() == 1


def test_one_claim_that_is_not_ready_stops_them_all(billing):
    with billing() as world:
        good, twin = world.claim(), world.claim()
        assert twin.state == "held"
        with pytest.raises(DomainError, match="held, not ready"):
            submit(world, good, twin)
        good.refresh_from_db()
        assert good.state == "ready"
        assert not ClaimBatch.objects.exists()


def test_a_claim_that_became_wrong_stays_behind(billing):
    with billing() as world:
        good = world.claim()
        bad = world.claim(visit=world.visit(patient=world.another_patient(last_name="Aziz")))
        Coverage.objects.filter(patient=bad.patient).update(member_id="")
        sent = submit(world, good, bad)
        assert (sent.sent, [claim.pk for claim in sent.held]) == (1, [bad.pk])
        bad.refresh_from_db()
        assert bad.state == "held"


def test_each_payer_gets_its_own_file(billing):
    with billing() as world:
        first = world.claim()
        other = Payer.objects.create(practice_id=world.actor.practice_id, name="Alder", payer_id="ALD22")
        patient = world.another_patient(last_name="Aziz")
        Coverage.objects.filter(patient=patient).update(payer=other)
        second = world.claim(visit=world.visit(patient=patient))
        sent = submit(world, first, second)
        marks = {batch.payer_id: reveal(batch, "content").split("*")[15] for batch in sent.batches}
        assert marks == {world.payer.pk: "T", other.pk: "P"}


def test_write_batch_takes_what_is_ready(billing):
    with billing() as world:
        world.claim()
        batch = submission.write_batch(world.payer, actor=world.actor)
        assert batch.claim_count == 1
        assert batch.total == Claim.objects.get().total
        assert submission.write_batch(world.payer, actor=world.actor) is None


def test_submitting_is_not_for_everybody(billing):
    physician = actor_named("physician")
    with billing() as world:
        claim = world.claim()
        with pytest.raises(Forbidden):
            submit(world, claim, actor=physician)
        claim.refresh_from_db()
        assert claim.state == "ready"
        assert not ClaimBatch.objects.exists()


def test_claims_of_another_practice_cannot_be_chosen(billing):
    stranger = actor_named("stranger")
    with billing() as world:
        claim = world.claim()
    with in_practice(stranger), pytest.raises(DomainError, match="Choose"):
        submission.submit([claim.pk], actor=stranger)
    with in_practice(world.actor):
        assert Claim.objects.get().state == "ready"


def test_claims_of_another_site_cannot_be_chosen(billing):
    with billing() as world:
        claim = world.claim()
        elsewhere = replace(world.actor, locations=frozenset({world.entity.pk}))
        with pytest.raises(DomainError, match="Choose"):
            submit(world, claim, actor=elsewhere)
        assert not ClaimBatch.objects.exists()


def test_the_file_lies_whole_in_the_outgoing_folder_once(billing):
    with billing() as world:
        batch = submit(world, world.claim()).batches[0]
        folder = submission.outgoing_folder(Practice.objects.get(pk=world.actor.practice_id))
        for _ in range(2):
            path = submission.place_file(batch, folder=folder)
        assert [each.name for each in folder.iterdir()] == [path.name]
        assert path.read_text() == reveal(batch, "content")
        assert submission.mark_written(batch, actor=world.actor) is True
        assert submission.mark_written(batch, actor=world.actor) is False
        assert JobRun.objects.filter(kind="billing.sandbox").count() == 1
