"""How a form field is shown: classes, width, hint, the words of its problem. No layout here."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

WIDTHS: Final = ("6", "10", "16", "24", "full")
US_DATE: Final = "%m/%d/%Y"
US_DATETIME: Final = "%m/%d/%Y %I:%M %p"


@dataclass(frozen=True, slots=True)
class Problem:
    """One line of the summary: what to do, and the id of the field to do it in ("" for the whole form)."""

    text: str
    target: str


def field_parts(field: BoundField, *, width: str = "") -> dict[str, Any]:
    """Everything the field template needs. Raises ValueError on an unknown width."""
    widget = _widget(field)
    attrs = _attrs(field, widget=widget, width=width or str(widget.attrs.pop("data-width", "")))
    return {
        "field": field,
        "control": SafeString(field.as_widget(widget=widget, attrs=attrs)),
        "hint": _hint(field),
        "errors": field.errors,
        "optional": not field.field.required and not _is_tick(widget) and not field.field.disabled,
        "group": widget.use_fieldset,
        "tick": _is_tick(widget),
        "hidden": widget.is_hidden,
        "show_password": isinstance(widget, forms.PasswordInput),
    }


def _is_tick(widget: forms.Widget) -> bool:
    return isinstance(widget, forms.CheckboxInput)


def _widget(field: BoundField) -> forms.Widget:
    """A copy of the widget; dates are written as people here type them."""
    widget: forms.Widget = copy.deepcopy(field.field.widget)
    widget.attrs.pop("placeholder", None)  # a placeholder is no label, and no hint either (UI.md)
    if isinstance(widget, forms.DateTimeInput):
        widget.format = widget.format or US_DATETIME
    elif isinstance(widget, forms.DateInput):
        widget.format = widget.format or US_DATE
    return widget


def _hint(field: BoundField) -> str:
    if field.help_text:
        return str(field.help_text)
    if type(field.field.widget) is forms.DateInput:
        return "MM/DD/YYYY"
    return ""


def _classes(widget: forms.Widget, *, width: str) -> str:
    given = str(widget.attrs.get("class", ""))
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{given} form-check-input".strip()
    kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
    return f"{given} {kind} wr-w-{width}".strip()


def _natural_width(widget: forms.Widget) -> str:
    """A field is as wide as its answer."""
    if isinstance(widget, forms.Textarea | forms.ClearableFileInput):
        return "full"
    if isinstance(widget, forms.DateInput | forms.TimeInput | forms.NumberInput):
        return "10"
    longest = int(widget.attrs.get("maxlength") or 0)
    for limit, width in ((6, "6"), (12, "10"), (24, "16")):
        if 0 < longest <= limit:
            return width
    return "24"


def _attrs(field: BoundField, *, widget: forms.Widget, width: str) -> dict[str, Any]:
    width = width or _natural_width(widget)
    if width not in WIDTHS:
        raise ValueError(f"width {width!r} is none of {WIDTHS}")
    attrs: dict[str, Any] = {"class": _classes(widget, width=width)}
    if isinstance(widget, forms.DateInput):
        attrs |= {"inputmode": "numeric", "autocomplete": widget.attrs.get("autocomplete", "off")}
    described = [f"{field.auto_id}_helptext"] if _hint(field) else []
    if field.errors:
        described.append(f"{field.auto_id}_error")
    if described and not widget.use_fieldset:
        attrs["aria-describedby"] = " ".join(described)
    return attrs


def problems(shown: list[BaseForm]) -> list[Problem]:
    """Every problem of the forms in the order of their fields, those of a whole form first."""
    found: list[Problem] = []
    for form in shown:
        found += [Problem(text=str(text), target="") for text in form.non_field_errors()]
        for field in form:
            target = _first_id(field)
            found += [Problem(text=str(text), target=target) for text in field.errors]
    return found


def _first_id(field: BoundField) -> str:
    """Where focus goes: the control, or the first button of a radio group."""
    if field.is_hidden:
        return ""
    if field.field.widget.use_fieldset and field.subwidgets:
        return str(field.subwidgets[0].data.get("attrs", {}).get("id") or field.auto_id)
    return str(field.id_for_label or field.auto_id)
