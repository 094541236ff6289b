"""A visit confirmed from outside: practice and time, three answers. No session, no cookie, no script, nobody's name."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from kit.words import us_phone
from scheduling.models import Appointment, VisitLink
from scheduling.rules.reminders import language_of, said_when
from scheduling.selectors.telehealth import patients_time
from scheduling.selectors.visit_links import link_of
from scheduling.services import replies
from scheduling.views import public_offer

WORDS = {
    "en": {
        "title": "Your appointment",
        "ask": "Will you come?",
        "confirm": "Yes, I will come",
        "reschedule": "I need another time",
        "cancel": "I cannot come",
        "confirmed": "Thank you. Your appointment is confirmed.",
        "asked": "Thank you. We have your answer and will call you. Until then the time is kept for you.",
        "already": "You have confirmed this appointment.",
        "call": "Questions? Call {}.",
        "wrong": "Choose one of the answers.",
    },
    "es": {
        "title": "Su cita",
        "ask": "¿Va a venir?",
        "confirm": "Sí, voy a venir",
        "reschedule": "Necesito otra hora",
        "cancel": "No puedo venir",
        "confirmed": "Gracias. Su cita está confirmada.",
        "asked": "Gracias. Recibimos su respuesta y le llamaremos. Mientras tanto, su hora queda reservada.",
        "already": "Usted ya confirmó esta cita.",
        "call": "¿Preguntas? Llame al {}.",
        "wrong": "Elija una de las respuestas.",
    },
}


# Nothing of a session is used: the address is all that counts. Looking changes nothing: mail scanners look too.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: Any, secret: str) -> HttpResponse:
    """Ask (GET); take the answer and thank (POST), 422 for one that is none of the three. The same for an offer."""
    link = link_of(request.actor)
    if link.offer is not None:
        return public_offer.answer(request, link=link, offer=link.offer)
    context = _context(request, link=link)
    if request.method != "POST":
        return _page(context, status=200)
    try:
        said = replies.answer(meaning=request.POST.get("answer", ""), actor=request.actor)
    except DomainError as error:
        problem = context["words"]["wrong"] if error.field else error.message
        return _page(context | {"problem": problem}, status=error.status)
    key = "confirmed" if said.meaning == said.Meaning.CONFIRM else "asked"
    return _page(context | {"thanks": context["words"][key]}, status=200)


def _context(request: Any, *, link: VisitLink) -> dict[str, Any]:
    visit: Appointment = link.appointment
    language = language_of("", own=visit.patient.language)
    words, phone = WORDS[language], visit.location.phone
    local, named = patients_time(visit)
    return {
        "practice": request.practice.name,
        "language": language,
        "words": words,
        "when": said_when(local, language=language, zone=named),
        "call": words["call"].format(us_phone(phone)) if phone else "",
        "confirmed": visit.status == Appointment.Status.CONFIRMED,
        "answers": [(name, words[name]) for name in map(str, replies.ASKS)],
    }


def _page(context: dict[str, Any], *, status: int) -> HttpResponse:
    """Without the request: no context processor, no session, nothing of whoever is signed in at this browser."""
    return HttpResponse(render_to_string("scheduling/public_visit.html", context), status=status)
