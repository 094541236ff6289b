"""Hand one message to the text gateway or the mail server, and say what they said. Never inside a transaction."""

from __future__ import annotations

import smtplib

from django.core.mail import EmailMultiAlternatives

from practice.texting import Receipt, gateway


def by_text(*, to: str, words: str, reference: str) -> Receipt:
    """One text to ten digits; the same ``reference`` twice is the same text."""
    found = gateway()
    if found is None:
        return Receipt(outcome="refused", why="No text gateway is set up.")
    return found.send(to=to, words=words, reference=reference)


def by_mail(*, to: str, subject: str, body: str) -> Receipt:
    """One e-mail of plain words."""
    mail = EmailMultiAlternatives(subject=" ".join(subject.split()), body=body, to=[to])
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused:
        return Receipt(outcome="refused", why="The mail server did not take the address.")
    except (smtplib.SMTPException, OSError) as error:
        return Receipt(outcome="later", why=f"The mail server did not take it ({type(error).__name__}).")
    return Receipt(outcome="accepted")
