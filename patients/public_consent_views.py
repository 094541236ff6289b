"""A consent answered from outside: asked for with a date of birth, read, signed by name (and drawn) or declined.

No session, no cookie, no frame; one script of ours draws, and the page works without it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kit.errors import DomainError
from kit.forms import BirthDateField, Form
from patients.models import ConsentLink, PatientConsent
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
        "refuse": "I decline to sign",
        "why_not": "Why? You do not have to say",
        "nobody": "Nobody is turned away for it. This link ends with your answer.",
        "declined": "You declined to sign. The practice knows.",
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
        "refuse": "No quiero firmar",
        "why_not": "¿Por qué? No tiene que decirlo",
        "nobody": "A nadie se le niega la atención por eso. Este enlace termina con su respuesta.",
        "declined": "Usted no quiso firmar. El consultorio lo sabe.",
        "over": "Ya no se puede firmar aquí. Pida un nuevo enlace al consultorio.",
        "recipient": "Puede entregarse a",
        "covers": "Qué puede entregarse",
    },
}
SIGNS, DECLINES = "signs", "declines"  # the buttons; without either only the date of birth was sent
Answer = PatientConsent.Answer


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


def refusal(words: dict[str, str]) -> type[Form]:
    """The form that takes why somebody declines, if they say."""
    reason = forms.CharField(
        max_length=150, required=False, label=words["why_not"], help_text=words["nobody"]
    )
    return type("RefusalForm", (Form,), {"reason": reason})


# Nothing of a session is used: the address and the date that is typed are all that counts.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Any, secret: str) -> HttpResponse:
    """Ask for the date of birth (GET); show the form, or say 403 to another date; take its one answer (POST)."""
    link = link_of(request.actor)
    language = link.version.language if link.version.language in WORDS else "en"
    words, posted = WORDS[language], request.POST if request.method == "POST" else None
    context: dict[str, Any] = {"practice": request.practice.name, "language": language, "words": words}
    if link.consent is not None:
        return _end(link.consent.answer, context)
    asked = question(words)(data=posted, actor=request.actor)
    context["asked"] = asked
    if posted is None or not asked.is_valid():
        return _page("ask", context, status=200 if posted is None else 422)
    if not consent_links.opens(link, born=asked.cleaned_data["born"]):
        asked.add_error("born", words["wrong"])
        return _page("ask", context, status=WRONG)
    signs, declines = SIGNS in posted, DECLINES in posted
    form = signature(words, signer=link.signer)(data=posted if signs else None, actor=request.actor)
    no = refusal(words)(data=posted if declines else None, actor=request.actor)
    said = {"born": asked.cleaned_data["born"], "words": words, "actor": request.actor}
    if not signs and not declines:
        consent_links.note_opened(link)
    elif signs and form.is_valid() and _taken(form, how=consent_links.sign, **said):
        return _end(Answer.SIGNED, context)
    elif declines and no.is_valid() and _taken(no, how=consent_links.decline, **said):
        return _end(Answer.REFUSED, context)
    return _paper(request, link=link, context=context | {"form": form, "no": no})


def _end(answer: str, context: dict[str, Any]) -> HttpResponse:
    said = context["words"]["signed" if answer == Answer.SIGNED else "declined"]
    return _page("end", context | {"said": said})


def _taken(form: Form, *, how: Callable[..., Any], born: Any, words: dict[str, str], actor: Any) -> bool:
    """Whether the answer is kept now; what is in the way stands at its field, in the form's language."""
    try:
        how(born=born, actor=actor, **form.cleaned_data)
    except DomainError as error:
        named = error.field == "signed_by"
        form.add_error("signed_by" if named else None, words["unsigned" if named else "over"])
        return False
    return True


def _paper(request: Any, *, link: ConsentLink, context: dict[str, Any]) -> HttpResponse:
    ours = system_actor(practice_id=request.actor.practice_id, request_id=request.actor.request_id)
    sheet = paper(link.version, patient=link.patient, day=practice_today(ours), actor=ours)
    shown = {"link": link, "sheet": sheet, "signs": SIGNS, "declines": DECLINES}
    wrong = context["form"].errors or context["no"].errors
    return _page("paper", context | shown, status=422 if wrong else 200)


def _page(name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Without the request: no context processor, no session, nothing of whoever is signed in at this browser."""
    return HttpResponse(render_to_string(f"patients/public_consent_{name}.html", context), status=status)
