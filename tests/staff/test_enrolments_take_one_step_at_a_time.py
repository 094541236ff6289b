"""The enrolment state machine: what may follow, which dates it needs, and that a refusal changes nothing."""

from datetime import date

import pytest

from kit.errors import Conflict, DomainError, Forbidden
from staff.models import PayerEnrolment
from staff.rules import ENROLMENT_STEPS
from staff.services import enrolments
from tests.staff.samples import make_enrolments


def walk(enrolment, *steps, actor):
    for step in steps:
        enrolments.change_state(enrolment, actor=actor, state=step)


def test_every_state_has_a_way_on():
    assert set(ENROLMENT_STEPS) == set(PayerEnrolment.State.values)
    assert all(ENROLMENT_STEPS.values())


def test_from_the_first_paper_to_effective(acting):
    with acting("owner") as actor:
        made = make_enrolments(actor, 1)[0]
        walk(made, "collecting", "submitted", "info_requested", "review", "approved", actor=actor)
        enrolments.change_state(made, actor=actor, state="effective", effective_on=date(2026, 4, 1))
        made.refresh_from_db()
        assert (made.state, made.effective_on) == ("effective", date(2026, 4, 1))


@pytest.mark.parametrize("step", ["effective", "approved", "denied", "not_started", "nonsense"])
def test_a_skipped_step_is_refused(acting, step):
    with acting("owner") as actor:
        made = make_enrolments(actor, 1)[0]
        with pytest.raises(Conflict):
            enrolments.change_state(made, actor=actor, state=step, effective_on=date(2026, 4, 1))
        made.refresh_from_db()
        assert (made.state, made.effective_on) == ("not_started", None)


def test_effective_needs_its_first_day_and_terminated_its_last(acting):
    with acting("owner") as actor:
        made = make_enrolments(actor, 1)[0]
        walk(made, "collecting", "submitted", "approved", actor=actor)
        with pytest.raises(DomainError) as refused:
            enrolments.change_state(made, actor=actor, state="effective")
        assert refused.value.field == "effective_on"
        enrolments.change_state(made, actor=actor, state="effective", effective_on=date(2026, 4, 1))
        for last in (None, date(2026, 3, 31)):
            with pytest.raises(DomainError) as refused:
                enrolments.change_state(made, actor=actor, state="terminated", ends_on=last)
            assert refused.value.field == "ends_on"
        made.refresh_from_db()
        assert (made.state, made.ends_on) == ("effective", None)


def test_the_same_enrolment_twice_is_refused(acting):
    with acting("owner") as actor:
        made = make_enrolments(actor, 1)[0]
        with pytest.raises(DomainError):
            enrolments.add(actor=actor, provider=made.provider, payer=made.payer)
        assert PayerEnrolment.objects.count() == 1


def test_a_biller_sees_them_and_may_not_move_them(biller, acting):
    with acting("owner") as actor:
        made = make_enrolments(actor, 1)[0]
    assert biller.at(f"staff/enrolments/{made.pk}/").status_code == 200
    assert biller.send(f"staff/enrolments/{made.pk}/do/move/", {"state": "collecting"}).status_code == 403
    with acting("biller") as actor, pytest.raises(Forbidden):
        enrolments.change_state(made, actor=actor, state="collecting")
    with acting("owner"):
        assert PayerEnrolment.objects.get().state == "not_started"
