"""A consent signed from outside: asked for with a date of birth, read, signed by a typed name and, if one likes, drawn.

No session, no cookie, no frame; one script of ours draws, and the page works without it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from kit.forms import BirthDateField, Form
from patients.models import ConsentLink
from patients.selectors.consent_links import link_of
from patients.selectors.consents import paper
from patients.services import consent_links
from practice.actor import system_actor
from practice.link_door import WRONG
from practice.selectors.days import practice_today

WORDS = {
    "en": {
        "title": "A form to sign",
        "why": "For your privacy, tell us the patient’s date of birth.",
        "born": "Patient’s date of birth",
        "hint": "MM/DD/YYYY",
        "missing": "Enter the date of birth like 03/04/1980",
        "wrong": "This is not the date of birth we know. After a few wrong dates the form is shut",
        "open": "Open the form",
        "name": "Full name of {}",
        "stands": "Typed by yourself: it stands for your signature",
        "unsigned": "Type your full name as it stands in the question",
        "drawing": "Signature, drawn with finger, pen or mouse",
        "optional": "Not needed: the typed name stands without it",
        "clear": "Clear",
        "sign": "Sign",
        "signed": "Thank you. It is signed.",
        "over": "This can no longer be signed here. Ask the practice for a new link.",
        "recipient": "May go to",
        "covers": "What may go",
    },
    "es": {
        "title": "Un formulario para firmar",
        "why": "Para proteger la privacidad, indique la fecha de nacimiento del paciente.",
        "born": "Fecha de nacimiento del paciente",
        "hint": "MM/DD/AAAA",
        "missing": "Escriba la fecha de nacimiento así: 03/04/1980",
        "wrong": "No es la fecha de nacimiento que conocemos. Tras varias fechas equivocadas, "
        "el formulario ya no se podrá abrir aquí",
        "open": "Abrir el formulario",
        "name": "Nombre completo de {}",
        "stands": "Escrito por usted: vale como su firma",
        "unsigned": "Escriba su nombre completo como está en la pregunta",
        "drawing": "Firma, con el dedo, un lápiz o el ratón",
        "optional": "No es necesaria: el nombre escrito vale sin ella",
        "clear": "Borrar",
        "sign": "Firmar",
        "signed": "Gracias. Está firmado.",
        "over": "Ya no se puede firmar aquí. Pida un nuevo enlace al consultorio.",
        "recipient": "Puede entregarse a",
        "covers": "Qué puede entregarse",
    },
}
SIGNS = "signs"  # the button that signs; without it only the date of birth was sent


def question(words: dict[str, str]) -> type[Form]:
    """The form that asks when the patient was born."""
    said = {"required": words["missing"], "invalid": words["missing"]}
    born = BirthDateField(label=words["born"], help_text=words["hint"], error_messages=said)
    return type("BornForm", (Form,), {"born": born})


def signature(words: dict[str, str], *, signer: str) -> type[Form]:
    """The form that takes the typed name, and what was drawn."""
    name = forms.CharField(
        max_length=120,
        label=words["name"].format(signer),
        help_text=words["stands"],
        error_messages={"required": words["unsigned"]},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    drawing = forms.CharField(required=False, widget=forms.HiddenInput())
    return type("SignatureForm", (Form,), {"signed_by": name, "drawing": drawing})


# Nothing of a session is used: the address and the date that is typed are all that counts.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Any, secret: str) -> HttpResponse:
    """Ask for the date of birth (GET); show the form, or say 403 to another date; sign it once (POST)."""
    link = link_of(request.actor)
    language = link.version.language if link.version.language in WORDS else "en"
    words, posted = WORDS[language], request.POST if request.method == "POST" else None
    context: dict[str, Any] = {"practice": request.practice.name, "language": language, "words": words}
    if link.state == ConsentLink.State.SIGNED:
        return _page("signed", context)
    asked = question(words)(data=posted, actor=request.actor)
    context["asked"] = asked
    if posted is None or not asked.is_valid():
        return _page("ask", context, status=200 if posted is None else 422)
    if not consent_links.opens(link, born=asked.cleaned_data["born"]):
        asked.add_error("born", words["wrong"])
        return _page("ask", context, status=WRONG)
    form = signature(words, signer=link.signer)(data=posted if SIGNS in posted else None, actor=request.actor)
    if SIGNS not in posted:
        consent_links.note_opened(link)
    elif form.is_valid() and _signed(form, born=asked.cleaned_data["born"], words=words, actor=request.actor):
        return _page("signed", context)
    return _paper(request, link=link, context=context | {"form": form})


def _signed(form: Form, *, born: Any, words: dict[str, str], actor: Any) -> bool:
    """Whether it is signed now; what is in the way stands at its field, in the form's language."""
    try:
        consent_links.sign(born=born, actor=actor, **form.cleaned_data)
    except DomainError as error:
        named = error.field == "signed_by"
        form.add_error("signed_by" if named else None, words["unsigned" if named else "over"])
        return False
    return True


def _paper(request: Any, *, link: ConsentLink, context: dict[str, Any]) -> HttpResponse:
    ours = system_actor(practice_id=request.actor.practice_id, request_id=request.actor.request_id)
    sheet = paper(link.version, patient=link.patient, day=practice_today(ours), actor=ours)
    shown = {"link": link, "sheet": sheet, "signs": SIGNS}
    return _page("paper", context | shown, status=422 if context["form"].errors else 200)


def _page(name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the request: no context processor, no session, nothing of whoever is signed in at this browser."""
    return HttpResponse(render_to_string(f"patients/public_consent_{name}.html", context), status=status)
