"""Killed in any step and started again, an import ends with the same rows; undone, the counts are as before."""

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patients.models import Patient
from practice import jobs, sheet_registry
from practice.actor import system_actor
from practice.models import ImportedRecord, ImportFile, ImportRun, Practice
from practice.services import import_engine, import_runs, import_undo, sheet_uploads
from practice.transactions import acting_in

pytestmark = pytest.mark.django_db(transaction=True)
ROWS = 7


class Killed(BaseException):
    """The process is gone: nothing after this runs, and the open transaction is rolled back."""


class Mortal(jobs.Job):
    """A job that dies in its nth step, before or after that step's work, as a power cut would have it."""

    dies_in, left = 0, 0

    def step(self, *, read_only=False):
        from contextlib import contextmanager

        @contextmanager
        def inner():
            type(self).left -= 1
            if type(self).left == 0 and not self.late:
                raise Killed
            with jobs.Job.step(self, read_only=read_only) as actor:
                yield actor
                if type(self).left == 0:
                    raise Killed

        return inner()

    late = False


def within():
    practice = Practice.objects.get(slug="harbor")
    return system_actor(practice_id=practice.pk, request_id="test")


def sheet(mark, *, rows=ROWS):
    lines = [f"{mark}-{n},Last{n},First{mark},01/0{n % 9 + 1}/1980" for n in range(rows)]
    lines.insert(3, f"{mark}-bad,,First,soon")
    lines.insert(5, lines[0])
    return "\n".join(["MRN,Last,First,DOB", *lines]).encode()


def prepared(mark):
    actor = within()
    target = sheet_registry.sheet_target("patients.patient")
    with acting_in(actor.practice_id, actor=actor):
        run = sheet_uploads.upload(
            io.BytesIO(sheet(mark)), name="x.csv", target=target, source=mark, actor=actor
        )
        import_runs.dry_run(run, actor=actor)
    import_engine.carry_out(job_for(run, actor=actor, rehearsal=True))
    with acting_in(actor.practice_id, actor=actor):
        import_runs.take(run, actor=actor)
    return run


def job_for(run, *, actor, kind=jobs.Job, **args):
    return kind(
        id=run.pk,
        practice_id=actor.practice_id,
        key=str(run.pk),
        args={"run_id": str(run.pk), **args},
        actor=actor,
    )


def outcome(run, *, mark):
    actor = within()
    with acting_in(actor.practice_id, actor=actor):
        file = ImportFile.objects.get(run=run, is_rehearsal=False)
        people = Patient.objects.filter(first_name=f"First{mark}", entered_in_error=False)
        return (
            ImportRun.objects.get(pk=run.pk).state,
            sorted(people.values_list("last_name", "birth_date")),
            ImportedRecord.objects.filter(run=run).count(),
            (file.rows_read, file.rows_new, file.rows_changed, file.rows_known, file.rows_refused),
            [(one.row_number, one.field) for one in file.refusals.all()],
        )


def counts():
    actor = within()
    with acting_in(actor.practice_id, actor=actor):
        return Patient.objects.filter(entered_in_error=False).count()


@pytest.fixture
def steps_of_two(monkeypatch):
    target = sheet_registry.sheet_target("patients.patient")
    monkeypatch.setitem(target.__dict__, "step_rows", 2)
    return target


def deaths(work, *, step, late):
    """Die in a step, and again in the next life's, until nothing is left to die in."""
    died = 0
    while True:
        Mortal.left, Mortal.late = step, late
        try:
            work()
        except Killed:
            died += 1
            if died > 60:
                raise AssertionError("it never comes to an end") from None
            step += 1  # the next life is granted more, or none would ever get anywhere
            continue
        return died


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(step=st.integers(1, 11), late=st.booleans(), mark=st.uuids().map(lambda key: key.hex[:8]))
def test_killed_anywhere_it_ends_as_if_nothing_had_been(steps_of_two, step, late, mark):
    before = counts()
    whole, often = prepared(f"{mark}w"), prepared(f"{mark}k")
    import_engine.carry_out(job_for(whole, actor=within()))
    deaths(lambda: import_engine.carry_out(job_for(often, actor=within(), kind=Mortal)), step=step, late=late)
    expected, found = outcome(whole, mark=f"{mark}w"), outcome(often, mark=f"{mark}k")
    assert found == expected
    assert expected[0] == "done"
    assert expected[3] == (ROWS + 2, ROWS, 0, 1, 1)
    assert counts() == before + 2 * ROWS
    for run in (whole, often):
        actor = within()
        with acting_in(actor.practice_id, actor=actor):
            import_runs.undo(run, reason="test", actor=actor)
        deaths(
            lambda run=run: import_undo.carry_out(job_for(run, actor=within(), kind=Mortal)),
            step=2,
            late=late,
        )
    assert counts() == before
