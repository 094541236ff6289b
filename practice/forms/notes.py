"""The form of a note. Who is meant by an @ is settled before anything is kept."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms

from kit.forms import Form
from practice.models import Membership
from practice.rules.mentions import Meant, meant
from practice.selectors.notes import names, unseeing
from practice.selectors.people import members
from practice.services.notes import LONGEST

NOBODY = "nobody"


class NoteForm(Form):
    """A text. Where an @ could be two people it asks which; whom a note would not reach it says before posting."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "data-width": "full"}),
        help_text="@ and a name tells that person, like @Dana Reyes",
        error_messages={"required": "Write the note"},
    )

    def __init__(self, *, about: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.about = about
        self.known: dict[uuid.UUID, str] = names(self.actor) if self.is_bound else {}
        self.meant: tuple[Meant, ...] = (
            meant(str(self.data.get("text", ""))[:LONGEST], names=self.known) if self.is_bound else ()
        )
        for number, one in enumerate(self.meant):
            if not one.sure:
                self.fields[f"who_{number}"] = self._question(one)
        if "anyway" in self.data:
            self.fields["anyway"] = _anyway()

    def _question(self, one: Meant) -> forms.ChoiceField:
        people = [(str(key), self.known[key]) for key in one.people if isinstance(key, uuid.UUID)]
        return forms.ChoiceField(
            label=f"Who is @{one.written}?",
            choices=[("", "Choose"), *people, (NOBODY, "Nobody: leave it as text")],
            error_messages={"required": f"Choose who is meant by @{one.written}"},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        chosen = [
            str(one.people[0]) if one.sure else str(cleaned.get(f"who_{number}", ""))
            for number, one in enumerate(self.meant)
        ]
        keys = {uuid.UUID(key) for key in chosen if key not in ("", NOBODY)}
        people = list(members(self.actor).filter(pk__in=keys).order_by("user__name", "pk"))
        blind = unseeing(people, record=self.about, actor=self.actor)
        agreed = bool(cleaned.get("anyway"))
        if blind and not agreed:
            self._warn(blind)
        return {"text": cleaned.get("text", ""), "mentions": people, "anyway": agreed}

    def _warn(self, blind: list[Membership]) -> None:
        """Say who would not be told, and let the writer decide."""
        who = " and ".join(each.name for each in blind)
        self.fields.setdefault("anyway", _anyway())
        self.add_error("anyway", f"{who} may not see this record and will not be told. Tick to post anyway")


def _anyway() -> forms.BooleanField:
    return forms.BooleanField(label="Post without telling them", required=False)
