"""The Monday brief: ranked, honest about what it could not check, put aside with a reason, kept, mailed without PHI."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core import mail

from kit import clock
from kit.errors import DomainError, Forbidden
from patients.services import complaints, patients
from practice import jobs
from practice.brief import BriefLine, at, who
from practice.models import Brief, BriefEntry, BriefMail, BriefMark, JobRun, Practice
from practice.selectors import brief as found
from practice.services import brief as service
from practice.services import work_desk
from practice.transactions import acting_in
from practice.worker import run_waiting
from tests.cast import actor_named, in_practice

NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2026, 3, 9)
CANARY = "Quixworth"


def moment(day, hour=10):
    return datetime.combine(day, datetime.min.time().replace(hour=hour), tzinfo=NEW_YORK)


def line(key, **more):
    values = {"sentence": key, "severity": "warn", "permission": "practice.view_work", "path": "work/"}
    return BriefLine(key=key, **{**values, **more})


def quiet(*, actor, today):
    return []


def three(*, actor, today):
    yield line("small", amount=Decimal("10.00"), due_on=today + timedelta(days=4))
    yield line("urgent", severity="bad")
    yield line("large", amount=Decimal("9000.00"), due_on=today + timedelta(days=16))
    yield line("secret", permission="practice.destroy_practice")


def broken(*, actor, today):
    raise RuntimeError("away")


def use(settings, *lines, boxes=()):
    names = [f"{__name__}.{each.__name__}" for each in lines]
    settings.CONTRIBUTIONS = {**settings.CONTRIBUTIONS, "brief_lines": names, "brief_boxes": list(boxes)}


@pytest.mark.django_db
def test_urgent_first_then_what_is_most_worth_and_nothing_one_may_not_see(settings, acting, manager):
    use(settings, three)
    with clock.at(moment(MONDAY)), acting("manager") as actor:
        told = found.this_week(actor, today=MONDAY)
    assert [each.key for each in told.lines] == ["urgent", "large", "small"]
    assert (told.urgent, told.amount, told.week) == (1, Decimal("9010.00"), MONDAY)
    page = manager.at("brief/").content.decode()
    assert page.index("large") < page.index("small")
    assert "secret" not in page


@pytest.mark.django_db
def test_what_cannot_be_checked_is_said_and_never_fine(settings, acting, manager):
    use(settings, broken, quiet)
    page = manager.at("brief/").content.decode()
    assert "could not be checked" in page
    assert "Nothing asks for you this week" not in page
    with acting("owner") as actor:
        kept = service.keep(MONDAY, actor=actor)
        assert [row.failed for row in kept.entries.all()] == [True]


@pytest.mark.django_db
def test_a_line_is_put_aside_with_a_reason_and_comes_back_by_itself(settings, acting, manager, biller):
    use(settings, three)
    with clock.at(moment(MONDAY)):
        refused = manager.send("brief/snooze/", {"key": "large", "until": "03/12/2026", "reason": " "})
        assert refused.status_code == 422
        assert biller.send("brief/snooze/", {"key": "large"}).status_code == 403
        assert (
            manager.send("brief/snooze/", {"key": "secret", "until": "03/12/2026", "reason": "x"}).status_code
            == 404
        )
        with acting("manager") as actor:
            assert not BriefMark.objects.exists()
            with pytest.raises(DomainError):
                service.snooze(line("large"), until=MONDAY, reason="x", actor=actor)
        given = {"key": "large", "until": "03/12/2026", "reason": "Waits for the contract"}
        assert manager.send("brief/snooze/", given).status_code == 302
        page = manager.at("brief/").content.decode()
        assert "Waits for the contract" in page
        assert "2 items" in page

        def keys(day):
            with clock.at(moment(day)), acting("manager") as actor:
                return [each.key for each in found.this_week(actor, today=day).lines]

        assert keys(MONDAY + timedelta(days=2)) == ["urgent", "small"]
        assert keys(MONDAY + timedelta(days=3)) == ["urgent", "large", "small"]
        assert manager.send("brief/back/", {"key": "large"}).status_code == 302
        assert keys(MONDAY) == ["urgent", "large", "small"]
        assert manager.send("brief/done/", {"key": "urgent"}).status_code == 302
        assert keys(MONDAY + timedelta(days=6)) == ["large", "small"]
        assert keys(MONDAY + timedelta(days=7)) == ["urgent", "large", "small"]


@pytest.mark.django_db
def test_last_mondays_brief_stays_as_it_was(settings, acting, manager, stranger):
    use(settings, three)
    before = MONDAY - timedelta(days=7)
    with clock.at(moment(before)), acting("owner") as actor:
        first = service.keep(before, actor=actor)
        use(settings, quiet)
        assert service.keep(before, actor=actor).pk == first.pk
        assert Brief.objects.count() == 1
    with clock.at(moment(MONDAY)):
        page = manager.at("brief/").content.decode()
        assert "2026-03-02" in page
        kept = manager.at("brief/2026-03-02/")
        assert "large" in kept.content.decode()
        assert "secret" not in kept.content.decode()
        assert manager.at("brief/2026-03-03/").status_code == 404
        assert manager.at("brief/soon/").status_code == 404
        assert stranger.at("brief/2026-03-02/").status_code == 404
    with in_practice(actor_named("owner")):
        assert BriefEntry.objects.count() == 4, "who may see what is decided when it is read"


@pytest.mark.django_db
def test_who_may_not_see_the_brief_gets_none(front_desk, acting):
    assert front_desk.at("brief/").status_code == 403
    assert front_desk.send("brief/send/").status_code == 403
    with acting("front_desk") as actor, pytest.raises(Forbidden):
        service.choose_mail(by_mail=True, actor=actor)


def harbor():
    return Practice.objects.get(slug="harbor")


@pytest.mark.django_db(transaction=True)
def test_on_monday_at_the_practices_own_hour_it_goes_out_once_without_a_patient(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    boss, mara = actor_named("owner"), actor_named("manager")
    with clock.at(moment(MONDAY - timedelta(days=20))), acting_in(boss.practice_id, actor=boss):
        person = patients.register(
            actor=boss, first_name=CANARY, last_name=CANARY, birth_date=date(1980, 3, 4), phone="2075550148"
        )
        complaints.receive(
            actor=boss,
            channel="letter",
            category="billing",
            summary=f"{CANARY} was billed twice",
            patient=person,
        )
        work_desk.add(title=f"Call {CANARY}", record=person, due_on=MONDAY - timedelta(days=10), actor=boss)
    with acting_in(mara.practice_id, actor=mara):
        service.choose_mail(by_mail=True, actor=mara)
    night = moment(MONDAY, hour=2)
    with clock.at(night), acting_in(boss.practice_id, actor=boss):
        jobs.enqueue("practice.brief", actor=boss, key=MONDAY.isoformat())
    with clock.at(night):
        run_waiting(practice_id=boss.practice_id)
    with acting_in(boss.practice_id, actor=boss):
        planned = JobRun.objects.get(kind="practice.brief_week")
        assert planned.run_after == moment(MONDAY, hour=6)
        JobRun.objects.filter(pk=planned.pk).update(
            run_after=moment(MONDAY)
        )  # the test's clock is not the database's
    with clock.at(moment(MONDAY, hour=6)):
        run_waiting(practice_id=boss.practice_id)
        with acting_in(boss.practice_id, actor=boss):
            JobRun.objects.update(state="queued")
        run_waiting(practice_id=boss.practice_id)
    assert [each.to for each in mail.outbox] == [["manager@harbor.example"]]
    [letter] = mail.outbox
    text = "".join([letter.subject, letter.body, *(str(body) for body, _ in letter.alternatives)])
    assert "1 complaint is past the day" in text
    assert "overdue" in text
    assert "/p/harbor/patients/complaints/?view=overdue" in text
    assert CANARY not in text
    with acting_in(boss.practice_id, actor=boss):
        assert BriefMail.objects.count() == 1
        assert Brief.objects.get().week == MONDAY
        assert not any(CANARY in f"{row.sentence}{row.detail}" for row in BriefEntry.objects.all())


@pytest.mark.django_db(transaction=True)
def test_a_brief_that_is_two_days_late_is_kept_and_not_mailed(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mara = actor_named("manager")
    with acting_in(mara.practice_id, actor=mara):
        service.choose_mail(by_mail=True, actor=mara)
    with clock.at(moment(MONDAY + timedelta(days=2))):
        with acting_in(mara.practice_id, actor=mara):
            jobs.enqueue("practice.brief_week", actor=mara, key="2026-03-09", args={"week": "2026-03-09"})
        run_waiting(practice_id=mara.practice_id)
    assert mail.outbox == []
    with acting_in(mara.practice_id, actor=mara):
        assert Brief.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_whoever_asks_on_the_page_gets_it_now_and_may_change_their_mind(settings, manager):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert manager.send("brief/send/").status_code == 302
    assert manager.send("brief/choose/", {"by_mail": "1"}).status_code == 302
    assert "No more mail on Mondays" in manager.at("brief/").content.decode()
    manager.send("brief/choose/", {"by_mail": "0"})
    assert "Mail me this every Monday" in manager.at("brief/").content.decode()
    run_waiting(practice_id=harbor().id)
    assert [each.to for each in mail.outbox] == [["manager@harbor.example"]]


@pytest.mark.django_db
def test_every_room_answers_and_links_to_a_list_that_opens(manager, acting):
    with acting("manager") as actor:
        told = found.this_week(actor, today=found.monday_of(clock.now().date()))
    assert told.unchecked == []
    for each in told.lines:
        assert manager.at(each.path).status_code == 200, each.key


def test_addresses_and_owners_are_written_one_way():
    assert at("practice:work", view="all", due="") == "work/?view=all"
    assert (who([]), who(["Ann", "Ann"]), who(["Ann", "Bo", ""])) == ("", "Ann", "2 people")
