"""A published form with a link, and a browser of somebody outside."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from kit import clock
from practice.forms import public as pages
from practice.models import FormField, FormSection
from practice.selectors.forms import draft_of
from practice.services import forms, public_links

SLOW = timedelta(seconds=20)


def make_form(actor, *, purpose="practice.feedback", extra=(), name="Feedback"):
    """A published form; ``extra`` questions are (key, kind, values)."""
    form = forms.add_form(name=name, purpose=purpose, actor=actor)
    draft = draft_of(form)
    section = FormSection.objects.get(version=draft)
    for key, kind, given in extra:
        values = dict(given)
        label = values.pop("label", key.capitalize())
        forms.save_question(
            draft, actor=actor, section=section, key=key, kind=kind, label=label,
            **{"help_text": "", "is_required": False, "is_sensitive": False, **values},
        )  # fmt: skip
    forms.publish(draft, actor=actor)
    return form


def make_link(actor, form, **more):
    """A link and the path of its address."""
    link, raw = public_links.make("Poster", form=form, actor=actor, **{"days": 30, **more})
    return link, f"/f/{raw}/"


class Outsider(Client):
    """Somebody with an address and no account."""

    def __init__(self, path, **kwargs):
        super().__init__(enforce_csrf_checks=True, raise_request_exception=False, **kwargs)
        self.path = path

    def token(self):
        """The token of a freshly opened page."""
        page = self.get(self.path).content.decode()
        return re.search(r'name="page" value="([^"]+)"', page)[1]

    def send(self, *, token=None, later=SLOW, files=None, **answers):
        """Send the form some time after it was opened."""
        token = self.token() if token is None else token
        data = {f"q-{key}": value for key, value in answers.items()} | {"page": token}
        for key, (name, content) in (files or {}).items():
            data[f"q-{key}"] = SimpleUploadedFile(name, content)
        with clock.at(clock.now() + later):
            return self.post(self.path, data)


KINDS = FormField.Kind
TRAP = pages.TRAP
