"""The background steps of letters: read, render or mail outside of any transaction, keep what came of it."""

from __future__ import annotations

import smtplib
import uuid
from datetime import date
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from kit.pdf import render_pdf, render_pdfs
from kit.words import us_date
from practice import jobs
from practice.actor import Actor
from practice.models import Letter, LetterBatch, LetterStep
from practice.rules.letter_merge import as_text
from practice.selectors import letter_compose
from practice.selectors.days import practice_zone
from practice.selectors.letter_compose import Sheet
from practice.services import letter_links, letters, print_queue

TEMPLATE = "practice/letter_pdf.html"
# What the mail says when the letter itself stays here: that there is one, and how to get it.
SUBJECTS = {"en": "A letter from {} is waiting for you", "es": "Tiene una carta de {}"}
NOTICES = {
    "en": "{practice} has written you a letter, number {number}.\n\n"
    "For your privacy the letter itself is not in this e-mail. {how}\n\n{practice}\n{site}\n",
    "es": "{practice} le ha escrito una carta, número {number}.\n\n"
    "Para proteger su privacidad, la carta no está en este correo. {how}\n\n{practice}\n{site}\n",
}
ONLINE = {
    "en": "{practice} has written you a letter, number {number}.\n\n"
    "Read it here until {until}; you will be asked for your date of birth:\n{address}\n\n{practice}\n{site}\n",
    "es": "{practice} le ha escrito una carta, número {number}.\n\n"
    "Puede leerla aquí hasta el {until}; se le pedirá su fecha de nacimiento:\n{address}\n\n{practice}\n{site}\n",
}
CALLS = {
    "en": (
        "Call {phone} and we send it by post or hand it to you.",
        "Ask us and we send it by post or hand it to you.",
    ),
    "es": (
        "Llame al {phone} y se la enviamos por correo postal o se la entregamos.",
        "Pídala y se la entregamos.",
    ),
}


def make_pdf(job: jobs.Job) -> dict[str, Any]:
    """The file of one letter."""
    letter_id = uuid.UUID(job.args["letter_id"])
    with job.step(read_only=True):
        letter = Letter.objects.select_related("version").filter(pk=letter_id).first()
        if letter is None:
            raise jobs.NotAgain("This letter is not there.")
        context = _context(letter)
    content = render_pdf(TEMPLATE, context, title=context["title"])
    with job.step() as actor:
        letters.keep_pdf(letter_id, content=content, actor=actor)
    return {"letter": str(letter_id)}


def make_batch_pdf(job: jobs.Job) -> dict[str, Any]:
    """The file of a print run: every letter from its own first page on."""
    batch_id = uuid.UUID(job.args["batch_id"])
    with job.step(read_only=True):
        batch = LetterBatch.objects.filter(pk=batch_id).first()
        if batch is None:
            raise jobs.NotAgain("This print run is not there.")
        contexts = [_context(each) for each in batch.letters.order_by("number")]
    content = render_pdfs(TEMPLATE, contexts, title=str(batch))
    with job.step() as actor:
        print_queue.keep_pdf(batch_id, content=content, actor=actor)
    return {"batch": str(batch_id), "letters": len(contexts)}


def _context(letter: Letter) -> dict[str, Any]:
    sheet = letter_compose.opened(letter)
    return {
        "sheet": sheet,
        "logo": letter_compose.logo(),
        "title": f"Letter {letter.number}",
        "language": sheet.language,
    }


def mail(job: jobs.Job) -> dict[str, str]:
    """E-mail one letter, its address online, or that it waits. What the mail server answered is kept either way."""
    with job.step() as actor:
        letter, online, written = _written(uuid.UUID(job.args["letter_id"]), actor=actor)
    try:
        written.send()
    except (smtplib.SMTPException, OSError) as error:
        failed = type(error).__name__
    else:
        failed = ""
    with job.step() as actor:
        locked = letters.taken(letter)
        if failed:
            letter_links.end(locked, actor=actor)
            letters.in_trouble(
                locked,
                state=Letter.State.FAILED,
                outcome=LetterStep.Outcome.FAILED,
                why=f"The mail server did not take it ({failed}).",
                actor=actor,
            )
        else:
            locked.state = Letter.State.SENT
            locked.save()
            whole = letter.version.without_phi
            said = "The letter in full" if whole else "That a letter waits, nothing of what it says"
            outcome, channel = LetterStep.Outcome.MAILED, "email"
            if online:
                said = f"Until {us_date(online)}, opened with the date of birth"
                outcome, channel = LetterStep.Outcome.PLACED, "web"
            letters.note(locked, outcome=outcome, channel=channel, said=said, actor=actor)
    return {"outcome": "failed" if failed else "mailed"}


def _written(letter_id: uuid.UUID, *, actor: Actor) -> tuple[Letter, date | None, EmailMultiAlternatives]:
    """The letter, until when it will be online (None when it goes by e-mail), and its mail to the address of today."""
    letter = Letter.objects.select_related("version", "ref").filter(pk=letter_id).first()
    if letter is None or letter.state != Letter.State.MAILING:
        raise jobs.NotAgain("This letter does not wait to be e-mailed.")
    sheet, to = letter_compose.opened(letter), letters.addressee_now(letter, actor=actor)
    asked = letter.steps.filter(outcome=LetterStep.Outcome.TRIED).order_by("-id").first()
    if asked is None or asked.channel != "web":
        return letter, None, message(sheet, to=to.email, whole=letter.version.without_phi)
    if to.born is None:
        raise jobs.NotAgain("The date of birth that opens this letter is not known any more.")
    link, secret = letter_links.make(letter, born=to.born, actor=actor)
    address = f"{settings.BASE_URL}{reverse('public_letter', kwargs={'secret': secret})}"
    until = link.expires_at.astimezone(practice_zone(actor)).date()
    return letter, until, invitation(sheet, to=to.email, address=address, until=until)


def message(sheet: Sheet, *, to: str, whole: bool) -> EmailMultiAlternatives:
    """The mail of a letter: in full when nothing in it is personal, else only that a letter waits."""
    subject = sheet.subject if whole else SUBJECTS[sheet.language].format(sheet.practice)
    text = as_text(sheet.pieces) if whole else notice(sheet)
    return EmailMultiAlternatives(subject=" ".join(subject.split()), body=text, to=[to])


def invitation(sheet: Sheet, *, to: str, address: str, until: date) -> EmailMultiAlternatives:
    """The mail of a letter online: its address and what opens it, nothing of what it says."""
    text = ONLINE[sheet.language].format(
        practice=sheet.practice,
        number=sheet.number,
        address=address,
        until=us_date(until),
        site=", ".join(sheet.site),
    )
    subject = SUBJECTS[sheet.language].format(sheet.practice)
    return EmailMultiAlternatives(subject=" ".join(subject.split()), body=text, to=[to])


def notice(sheet: Sheet) -> str:
    """That a letter waits, in its language."""
    with_phone, without = CALLS[sheet.language]
    how = with_phone.format(phone=sheet.phone) if sheet.phone else without
    return NOTICES[sheet.language].format(
        practice=sheet.practice, number=sheet.number, how=how, site=", ".join(sheet.site)
    )
