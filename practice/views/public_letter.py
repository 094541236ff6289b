"""A letter online: asked for with a date of birth, then shown. No session, no cookie, no frame, no script."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.forms import BirthDateField, Form
from kit.words import us_date
from practice.link_door import WRONG
from practice.models import LetterLink
from practice.selectors import letter_compose
from practice.selectors.days import practice_zone
from practice.selectors.letter_links import link_of
from practice.services import letter_links

WORDS = {
    "en": {
        "title": "A letter for you",
        "why": "For your privacy, tell us the date of birth of the person it was written to.",
        "born": "Date of birth",
        "hint": "MM/DD/YYYY",
        "missing": "Enter the date of birth like 03/04/1980",
        "wrong": "This is not the date of birth we know. After a few wrong dates the letter is shut",
        "open": "Open the letter",
        "keep": "You can print this page or keep it as a PDF. It stays here until {}.",
    },
    "es": {
        "title": "Una carta para usted",
        "why": "Para proteger su privacidad, indique la fecha de nacimiento de la persona a quien va dirigida.",
        "born": "Fecha de nacimiento",
        "hint": "MM/DD/AAAA",
        "missing": "Escriba la fecha de nacimiento así: 03/04/1980",
        "wrong": "No es la fecha de nacimiento que conocemos. Tras varias fechas equivocadas, "
        "la carta ya no se podrá abrir aquí",
        "open": "Abrir la carta",
        "keep": "Puede imprimir esta página o guardarla como PDF. Estará aquí hasta el {}.",
    },
}


def question(words: dict[str, str]) -> type[Form]:
    """The form that asks when the addressee was born, in the letter's language."""
    said = {"required": words["missing"], "invalid": words["missing"]}
    born = BirthDateField(label=words["born"], help_text=words["hint"], error_messages=said)
    return type("BornForm", (Form,), {"born": born})


# Nothing of a session is used: the address and the date that is typed are all that counts.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: Any, secret: str) -> HttpResponse:
    """Ask for the date of birth (GET); show the letter, or say 403 to a date that is another one (POST)."""
    link = link_of(request.actor)
    sheet = letter_compose.opened(link.letter)
    words = WORDS[sheet.language]
    form = question(words)(data=request.POST if request.method == "POST" else None, actor=request.actor)
    context = {"practice": sheet.practice, "sheet": sheet, "words": words, "form": form, "link": link}
    if request.method != "POST":
        return _page("practice/public/letter_ask.html", context, status=200)
    if not form.is_valid():
        return _page("practice/public/letter_ask.html", context, status=422)
    if not letter_links.opens(link, born=form.cleaned_data["born"]):
        form.add_error("born", words["wrong"])
        return _page("practice/public/letter_ask.html", context, status=WRONG)
    return _shown(link, context, actor=request.actor)


def _shown(link: LetterLink, context: dict[str, Any], *, actor: Any) -> HttpResponse:
    letter_links.note_opened(link, actor=actor)
    until = us_date(link.expires_at.astimezone(practice_zone(actor)).date())
    context |= {"logo": letter_compose.logo(), "keep": context["words"]["keep"].format(until)}
    return _page("practice/public/letter.html", context, status=200)


def _page(template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """Without the request: no context processor, no session, nothing of whoever is signed in at this browser."""
    return HttpResponse(render_to_string(template, context), status=status)
