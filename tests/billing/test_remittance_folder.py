"""The incoming folder: each file is taken once and put away; a run that died in between only moves its file."""

import pytest
from django.core.management import call_command

from billing.models import OpenItem, Remittance, RemittanceFile
from billing.services import remittances
from practice.models import JobRun
from practice.transactions import acting_in
from practice.worker import run_waiting
from tests.billing.remittance_text import answer, line, payment, text
from tests.billing.remittance_world import build
from tests.cast import actor_named

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = text(payment(answer("NOBODY", line("99211", "10.00", "10.00"), names=())))


@pytest.fixture
def folder(settings, tmp_path):
    settings.INCOMING = tmp_path
    made = tmp_path / "harbor"
    made.mkdir()
    return made


def look(biller):
    actor = actor_named("biller")
    assert biller.send("billing/remittances/look/").status_code == 302
    run_waiting(practice_id=actor.practice_id)
    with acting_in(actor.practice_id, actor=actor):
        return JobRun.objects.filter(kind="billing.incoming").order_by("-created_at").first()


def names(folder):
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_are_taken_and_put_away(folder, biller):
    (folder / "good.835").write_text(GOOD)
    (folder / "broken.835").write_text("ISA*rubbish")
    (folder / ".half.part").write_text(GOOD)
    job = look(biller)
    assert (job.state, job.result) == ("done", {"done": 1, "refused": 1})
    assert names(folder) == [".half.part", "done/good.835", "refused/broken.835"]
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        assert Remittance.objects.get().file.name == "good.835"
        assert RemittanceFile.objects.get(name="broken.835").error


def test_a_known_file_is_only_moved(folder, biller):
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        remittances.receive(GOOD, name="good.835", actor=actor)
    (folder / "good.835").write_text(GOOD)
    (folder / "done").mkdir()
    (folder / "done" / "good.835").write_text("an older one")
    look(biller)
    assert names(folder) == ["done/good-2.835", "done/good.835"]
    with acting_in(actor.practice_id, actor=actor):
        assert RemittanceFile.objects.count() == 1


def test_who_may_not_import_starts_nothing(folder, front_desk):
    (folder / "good.835").write_text(GOOD)
    assert front_desk.send("billing/remittances/look/").status_code == 403
    assert names(folder) == ["good.835"]


def test_the_command_names_each_practice_and_fails_on_a_difference(capsys):
    actor = actor_named("biller")
    with acting_in(actor.practice_id, actor=actor):
        build(actor).claim("100.00")
    call_command("check_invariants")
    assert "harbor: receivable $100.00, every sum comes out" in capsys.readouterr().out
    with acting_in(actor.practice_id, actor=actor):
        OpenItem.objects.update(balance=99)
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants")
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "$99.00 instead of $100.00" in said
    assert "summit: receivable $0.00, every sum comes out" in said
