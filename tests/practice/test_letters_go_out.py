"""Post, e-mail, what comes back, what is printed again: every try is in the log, and nothing goes twice."""

import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from pypdf import PdfReader

from kit.errors import Conflict, DomainError
from patients import letters as patient_letters
from practice import jobs
from practice.actor import system_actor
from practice.models import Attachment, JobRun, Letter, LetterBatch, LetterStep, WorkItem
from practice.selectors.days import practice_today
from practice.services import attachments, letters, print_queue
from tests.cast import actor_named, in_practice
from tests.practice.letter_samples import make_letter, make_patient, make_template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []


def do(work, key="owner"):
    with in_practice(actor_named(key)) as actor:
        return work(actor)


class Here(jobs.Job):
    """A job whose steps run in the test's own transaction."""

    @contextmanager
    def step(self, *, read_only=False):
        yield self.actor


def run_jobs(kind):
    """Run what waits of a kind, as a worker would. Returns how many there were."""

    def work(actor):
        waiting = list(JobRun.objects.filter(kind=kind, state="queued"))
        for row in waiting:
            jobs.label_of(kind)  # the kinds are found
            job = Here(
                id=row.id, practice_id=row.practice_id, key=row.key, args=row.args, actor=worker(actor)
            )
            jobs.KINDS[kind].run(job)
            JobRun.objects.filter(pk=row.pk).update(state="done")
        return len(waiting)

    return do(work)


def worker(actor):
    return system_actor(practice_id=actor.practice_id, request_id="job")


def said(letter):
    return do(lambda actor: list(letter.steps.order_by("id").values_list("outcome", "channel")))


def queued(count, **values):
    def work(actor):
        template = make_template(actor)
        made = [
            make_letter(actor, about=make_patient(actor, **values), template=template) for _ in range(count)
        ]
        return [letters.send_by_post(letter, actor=actor) for letter in made]

    return do(work)


def words(content):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_a_reprint_is_the_same_file_and_is_kept():
    letter = do(lambda actor: make_letter(actor, words="Bring <script>alert(1)</script> your card"))
    with pytest.raises(Conflict):
        do(lambda actor: letters.reprint(letter, actor=actor))
    assert run_jobs("practice.letter_pdf") == 1
    first, second = (do(lambda actor: letters.reprint(letter, actor=actor)) for _ in range(2))
    assert first == second
    content = attachments.content_of(first)
    assert content == attachments.content_of(second)
    assert "Bring <script>alert(1)</script> your card" in words(content)
    assert "Nell Reader" in words(content)
    assert said(letter) == [("written", ""), ("reprinted", ""), ("reprinted", "")]


def test_a_print_run_takes_everything_once_and_is_posted_once():
    made = queued(3)
    batch = do(lambda actor: print_queue.print_all(actor=actor))
    with pytest.raises(Conflict):
        do(lambda actor: print_queue.print_all(actor=actor))
    with pytest.raises(Conflict):
        do(lambda actor: print_queue.mark_posted(batch, posted_on=practice_today(actor), actor=actor))
    assert run_jobs("practice.letter_batch_pdf") == 1
    batch = do(lambda actor: LetterBatch.objects.select_related("pdf").get())
    pages = PdfReader(io.BytesIO(attachments.content_of(batch.pdf))).pages
    assert len(pages) == 3
    assert "Page 1 of 1" in pages[2].extract_text()
    with pytest.raises(DomainError):
        do(
            lambda actor: print_queue.mark_posted(
                batch, posted_on=practice_today(actor) + timedelta(1), actor=actor
            )
        )
    do(lambda actor: print_queue.mark_posted(batch, posted_on=practice_today(actor), actor=actor))
    with pytest.raises(Conflict):
        do(lambda actor: print_queue.mark_posted(batch, posted_on=practice_today(actor), actor=actor))
    for letter in made:
        assert said(letter) == [("written", ""), ("queued", "post"), ("printed", "post"), ("posted", "post")]
    assert do(lambda actor: set(Letter.objects.values_list("state", flat=True))) == {"sent"}


def test_a_double_click_on_print_makes_one_run(owner):
    queued(2)
    form = {"idempotency_key": "click-1"}
    answers = [owner.send("letters/queue/print/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0]["Location"] == answers[1]["Location"]
    assert owner.send("letters/queue/print/", {"idempotency_key": "click-2"}).status_code == 409
    assert do(lambda actor: LetterBatch.objects.count()) == 1


def test_an_email_says_that_a_letter_waits_and_nothing_of_what_it_says():
    def work(actor):
        about = make_patient(actor, email="nell@example.com")
        return letters.send_by_email(
            make_letter(actor, about=about, words="Your test was positive"), actor=actor
        )

    letter = do(work)
    run_jobs("practice.letter_mail")
    (message,) = mail.outbox
    assert message.to == ["nell@example.com"]
    assert "Harbor Family Medicine" in message.subject
    for word in ("positive", "Reader", "Nell", "A note for"):
        assert word not in message.subject + message.body
    assert not message.attachments
    assert said(letter)[-1] == ("mailed", "email")
    assert do(lambda actor: Letter.objects.get().state) == "sent"


def test_a_letter_without_anything_personal_is_mailed_in_full():
    def work(actor):
        about = make_patient(actor, email="nell@example.com")
        template = make_template(actor, subject="We moved", body="Find us at a new place.", without_phi=True)
        return letters.send_by_email(make_letter(actor, about=about, template=template), actor=actor)

    do(work)
    run_jobs("practice.letter_mail")
    assert (mail.outbox[0].subject, mail.outbox[0].body) == ("We moved", "Find us at a new place.")


def test_a_mail_server_that_refuses_leaves_a_failed_try_and_work(monkeypatch):
    def refuse(self, messages):
        raise OSError("no route")

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    about = do(lambda actor: make_patient(actor, email="nell@example.com"))
    letter = do(lambda actor: letters.send_by_email(make_letter(actor, about=about), actor=actor))
    run_jobs("practice.letter_mail")
    assert said(letter)[-2:] == [("tried", "email"), ("failed", "email")]
    item = do(lambda actor: WorkItem.objects.get(kind="practice.letter_in_trouble"))
    assert (item.state, "Reader" in item.title) == ("open", False)
    do(lambda actor: letters.send_by_post(letter, actor=actor))
    assert do(lambda actor: WorkItem.objects.get(kind="practice.letter_in_trouble").state) == "done"


def test_a_letter_that_comes_back_is_somebodys_work_until_it_is_settled():
    (letter,) = queued(1)
    do(lambda actor: Letter.objects.update(state="sent"))
    do(lambda actor: letters.came_back(letter, reason="Moved, no forwarding", actor=actor))
    assert said(letter)[-1] == ("returned", "post")
    with pytest.raises(Conflict):
        do(lambda actor: letters.came_back(letter, reason="again", actor=actor))
    do(lambda actor: letters.cancel(letter, reason="Told her by phone", actor=actor))
    assert do(lambda actor: (Letter.objects.get().state, WorkItem.objects.get().state)) == (
        "cancelled",
        "done",
    )


def test_a_persons_wishes_and_a_new_address_stop_a_letter(monkeypatch):
    about = do(lambda actor: make_patient(actor, email=""))
    letter = do(lambda actor: make_letter(actor, about=about))
    with pytest.raises(DomainError, match="No e-mail address"):
        do(lambda actor: letters.send_by_email(letter, actor=actor))
    usual = patient_letters.addressee
    with monkeypatch.context() as patched:
        patched.setattr(
            patient_letters, "addressee", lambda one: replace(usual(one), ways=frozenset({"email"}))
        )
        with pytest.raises(DomainError, match="does not want letters by post"):
            do(lambda actor: letters.send_by_post(letter, actor=actor))
    do(lambda actor: type(about).objects.filter(pk=about.pk).update(address_line="2 New Road"))
    with pytest.raises(DomainError, match="address has changed"):
        do(lambda actor: letters.send_by_post(letter, actor=actor))
    assert said(letter) == [("written", "")]


def test_the_file_is_made_once_and_only_for_who_may_see_the_letter(owner, physician, stranger):
    letter = do(lambda actor: make_letter(actor))
    run_jobs("practice.letter_pdf")
    do(lambda actor: letters.keep_pdf(letter.pk, content=b"%PDF-1.7 other", actor=actor))
    (file,) = do(lambda actor: list(Attachment.objects.all()))
    assert owner.at(f"files/{file.pk}/download/").status_code == 200
    assert stranger.at(f"files/{file.pk}/download/").status_code == 404
    assert do(lambda actor: LetterStep.objects.count()) == 1
