"""The access lab: supply against demand by kind of visit, the wait, and what a change would do to both."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from kit.forms import Form
from scheduling.permissions import SchedulingPermission
from scheduling.selectors import access as found
from scheduling.selectors.preview import types_in_use

PAST = timedelta(days=28)


class WhatIfForm(Form):
    """What might change, for one kind of visit or for all."""

    type = forms.ChoiceField(required=False, label="Visit type")
    hours = forms.DecimalField(
        required=False, min_value=-200, max_value=200, decimal_places=1, label="Hours more a week",
        help_text="Below 0: fewer",
    )  # fmt: skip
    overbook = forms.DecimalField(
        required=False, min_value=0, max_value=100, decimal_places=0, label="Overbooked by percent"
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        every = [("", "All of them"), *((str(each.pk), each.name) for each in types_in_use())]
        self.fields["type"].choices = every  # type: ignore[attr-defined]

    def what_if(self) -> found.WhatIf:
        """The change as a value; none for what is not filled in."""
        given = self.cleaned_data
        return found.WhatIf(
            type_id=uuid.UUID(given["type"]) if given.get("type") else None,
            minutes=int((given.get("hours") or 0) * 60),
            overbook=(given.get("overbook") or Decimal(0)) / 100,
        )


@require_GET
def lab(request: Any) -> HttpResponse:
    """Everything as it is; with a what-if in the address, as it would be. Nothing is written."""
    actor = request.actor
    actor.require(SchedulingPermission.VIEW_ACCESS)
    asked = any(request.GET.get(name) for name in ("type", "hours", "overbook"))
    form = WhatIfForm(actor=actor, data=request.GET if asked else None)
    valid = asked and form.is_valid()
    lab_ = found.lab(actor, what_if=form.what_if() if valid else found.WhatIf())
    yesterday = lab_.as_of - timedelta(days=1)
    figures = found.figures(actor, first=lab_.as_of - PAST, last=yesterday)
    context = {
        "lab": lab_,
        "form": form,
        "asked": valid,
        "tiles": [_tile(name, share=figures[key]) for key, name in TILES],
        "lines": [_line(each) for each in lab_.lines],
        "types": [each.type for each in lab_.lines],
        "providers": [_provider(resource, thirds=thirds, lab_=lab_) for resource, thirds in lab_.providers],
        "lookahead": found.lookahead(lab_.as_of),
        "problem": asked and not valid,
    }
    return render(request, "scheduling/access.html", context, status=422 if asked and not valid else 200)


TILES = (
    ("fill", "Template fill"),
    ("utilization", "Provider utilization"),
    ("lead_time", "Booking lead time"),
    ("no_show", "No-show rate"),
)


def _tile(name: str, *, share: found.Share) -> dict[str, str]:
    if share.value is None:
        return {"name": name, "value": "n/a", "of": "Nothing to count"}
    value = f"{share.value:,.1f}" + ("%" if share.percent else " days")
    return {"name": name, "value": value, "of": f"{share.numerator:,.0f} ÷ {share.denominator:,.0f}"}


def _line(each: found.TypeAccess) -> dict[str, Any]:
    known = [days for days in each.third if days is not None]
    return {
        "type": each.type,
        "week": each.week,
        "hours": f"{each.minutes / 60:,.1f}",
        "no_show": f"{each.no_show * 100:.0f}%",
        "overbook": f"{each.overbook * 100:.0f}%",
        "missing": f"{each.missing / 60:,.1f} h" if each.missing else "",
        "first": min(known, default=None),
        "middle": each.middle,
        "none": len(each.third) - len(known),
        "short": each.week.gap < 0,
    }


def _provider(resource: Any, *, thirds: Any, lab_: found.Lab) -> dict[str, Any]:
    by_type = {kind.pk: days for kind, days in thirds}
    cells = [{"offered": each.type.pk in by_type, "days": by_type.get(each.type.pk)} for each in lab_.lines]
    return {"resource": resource, "cells": cells}
