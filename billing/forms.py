"""Forms of charges and claims: what a person may type, as values for the services."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms

from billing.services.charges import ChargeLine
from kit.forms import Form

_APART = re.compile(r"[\s,;]+")
ROWS = 4


class ChargeRow(Form):
    """One line of the charge entry; an empty code is an empty row."""

    code = forms.CharField(label="Code", max_length=30, required=False)
    units = forms.DecimalField(label="Units", max_digits=8, decimal_places=2, required=False)
    modifiers = forms.CharField(label="Modifiers", max_length=15, required=False)
    diagnoses = forms.CharField(label="Diagnoses", max_length=110, required=False)
    amount = forms.DecimalField(label="Amount", max_digits=12, decimal_places=2, required=False)

    def clean(self) -> dict[str, Any]:
        """Values without a code are forgotten codes, not empty rows."""
        given = super().clean() or {}
        if not given.get("code") and any(given.get(name) for name in ("modifiers", "diagnoses", "amount")):
            self.add_error("code", "Enter the procedure code of this row")
        return given

    def line(self) -> ChargeLine | None:
        """The row as the service takes it, None for an empty one."""
        given = self.cleaned_data
        if not given.get("code"):
            return None
        return ChargeLine(
            code=given["code"],
            units=given["units"] if given["units"] is not None else Decimal(1),
            modifiers=tuple(each for each in _APART.split(given["modifiers"]) if each),
            diagnoses=tuple(each for each in _APART.split(given["diagnoses"]) if each),
            amount=given["amount"],
        )


class MapForm(Form):
    """What a foreign code is billed as."""

    billable_code = forms.CharField(label="CPT or HCPCS code", max_length=5)
