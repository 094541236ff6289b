"""The background steps of letters: read, render or mail outside of any transaction, keep what came of it."""

from __future__ import annotations

import smtplib
import uuid
from typing import Any

from django.core.mail import EmailMultiAlternatives

from kit.pdf import PdfUnavailable, render_pdf, render_pdfs
from practice import jobs
from practice.models import Letter, LetterBatch, LetterStep
from practice.rules.letter_merge import as_text
from practice.selectors import letter_compose
from practice.selectors.letter_compose import Sheet
from practice.services import letters, print_queue

TEMPLATE = "practice/letter_pdf.html"
# What the mail says when the letter itself stays here: that there is one, and how to get it.
SUBJECTS = {"en": "A letter from {} is waiting for you", "es": "Tiene una carta de {}"}
NOTICES = {
    "en": "{practice} has written you a letter, number {number}.\n\n"
    "For your privacy the letter itself is not in this e-mail. {how}\n\n{practice}\n{site}\n",
    "es": "{practice} le ha escrito una carta, número {number}.\n\n"
    "Para proteger su privacidad, la carta no está en este correo. {how}\n\n{practice}\n{site}\n",
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
    try:
        content = render_pdf(TEMPLATE, context, title=context["title"])
    except PdfUnavailable as error:
        raise jobs.NotAgain(str(error)) from error
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
    try:
        content = render_pdfs(TEMPLATE, contexts, title=str(batch))
    except PdfUnavailable as error:
        raise jobs.NotAgain(str(error)) from error
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
    """E-mail one letter, or that it waits. What the mail server answered is kept either way."""
    letter_id = uuid.UUID(job.args["letter_id"])
    with job.step(read_only=True) as actor:
        letter = Letter.objects.select_related("version", "ref").filter(pk=letter_id).first()
        if letter is None or letter.state != Letter.State.MAILING:
            raise jobs.NotAgain("This letter does not wait to be e-mailed.")
        sheet, whole = letter_compose.opened(letter), letter.version.without_phi
        to = letters.addressee_now(letter, actor=actor).email  # as it is known now
    try:
        message(sheet, to=to, whole=whole).send()
    except (smtplib.SMTPException, OSError) as error:
        failed = type(error).__name__
    else:
        failed = ""
    with job.step() as actor:
        locked = letters.taken(letter)
        if failed:
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
            said = "The letter in full" if whole else "That a letter waits, nothing of what it says"
            letters.note(locked, outcome=LetterStep.Outcome.MAILED, channel="email", said=said, actor=actor)
    return {"outcome": "failed" if failed else "mailed"}


def message(sheet: Sheet, *, to: str, whole: bool) -> EmailMultiAlternatives:
    """The mail of a letter: in full when nothing in it is personal, else only that a letter waits."""
    subject = sheet.subject if whole else SUBJECTS[sheet.language].format(sheet.practice)
    text = as_text(sheet.pieces) if whole else notice(sheet)
    return EmailMultiAlternatives(subject=" ".join(subject.split()), body=text, to=[to])


def notice(sheet: Sheet) -> str:
    """That a letter waits, in its language."""
    with_phone, without = CALLS[sheet.language]
    how = with_phone.format(phone=sheet.phone) if sheet.phone else without
    return NOTICES[sheet.language].format(
        practice=sheet.practice, number=sheet.number, how=how, site=", ".join(sheet.site)
    )
