"""A time offered to who waits, answered from outside: day, time, site, two buttons; nobody's name, nothing medical."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string

from kit.errors import Conflict, DomainError
from kit.words import us_phone
from practice.letter_subjects import address_lines
from scheduling.models import VisitLink, WaitlistOffer
from scheduling.rules.reminders import language_of, said_when
from scheduling.selectors.telehealth import patients_time
from scheduling.services import replies

State = WaitlistOffer.State
REFUSED = 422
WORDS = {
    "en": {
        "title": "A time has opened",
        "until": "It is kept for you until {}.",
        "take": "Take this time",
        "decline": "No, thank you",
        "accepted": "This time is booked for you. See you then.",
        "declined": "This time goes to somebody else. You stay on our list.",
        "over": "This time is not kept for you any more. You stay on our list.",
        "call": "Questions? Call {}.",
        "wrong": "Choose one of the answers.",
    },
    "es": {
        "title": "Se abrió una hora",
        "until": "La guardamos para usted hasta el {}.",
        "take": "Acepto esta hora",
        "decline": "No, gracias",
        "accepted": "Esta hora está reservada para usted. Le esperamos.",
        "declined": "Esta hora será para otra persona. Usted sigue en nuestra lista.",
        "over": "Esta hora ya no está guardada para usted. Usted sigue en nuestra lista.",
        "call": "¿Preguntas? Llame al {}.",
        "wrong": "Elija una de las respuestas.",
    },
}
MEANT = {State.ACCEPTED: "take", State.DECLINED: "decline"}


def answer(request: Any, *, link: VisitLink, offer: WaitlistOffer) -> HttpResponse:
    """Ask (GET); take or decline (POST), and say what became of it: 422 when it is not what was asked for."""
    status, problem, asked = 200, "", request.POST.get("answer", "")
    if request.method == "POST":
        try:
            replies.answer_offer(meaning=asked, actor=request.actor)
        except Conflict:
            status = REFUSED
        except DomainError:
            status, problem = REFUSED, "wrong"
        offer.refresh_from_db()
        if asked and MEANT.get(State(offer.state)) == asked:
            status = 200  # said twice, or the desk was told the same
    return HttpResponse(
        render_to_string(
            "scheduling/public_offer.html", _context(request, link=link, offer=offer) | {"problem": problem}
        ),
        status=status,
    )


def _context(request: Any, *, link: VisitLink, offer: WaitlistOffer) -> dict[str, Any]:
    visit = link.appointment
    language = language_of("", own=visit.patient.language)
    words, site = WORDS[language], visit.location
    local, named = patients_time(visit)
    ends = said_when(offer.expires_at.astimezone(local.tzinfo), language=language, zone=named)
    became = "" if offer.can_be_answered else offer.state if offer.state in MEANT else "over"
    return {
        "practice": request.practice.name,
        "language": language,
        "words": words,
        "when": said_when(local, language=language, zone=named),
        "where": () if named else (site.name, *address_lines(site)),
        "until": words["until"].format(ends),
        "became": words[became] if became else "",
        "call": words["call"].format(us_phone(site.phone)) if site.phone else "",
    }
