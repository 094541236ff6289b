"""The editor of a template's week, and what publishing it would change."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from kit import clock, etags, links, registry, words
from kit.errors import Conflict, DomainError
from kit.views import gate
from patients.pages import declines
from practice.audit import note_read
from scheduling.forms_supply import BlockRows, CopyForm
from scheduling.models import AppointmentType, ScheduleTemplate
from scheduling.permissions import SchedulingPermission
from scheduling.rules.weeks import WeekBlock, WeekError
from scheduling.selectors.appointments import zone_of
from scheduling.selectors.preview import Hours, effect_of, types_in_use
from scheduling.selectors.templates import get_template, week_of
from scheduling.services import templates
from scheduling.views.weeks import grids

RESOURCE = "scheduling.template"


@require_http_methods(["GET", "POST"])
@declines
def week(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Draw the week or type it; save, copy a day or a week, go on to the preview."""
    request.actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    template = get_template(pk, actor=request.actor)
    if not template.is_draft:
        raise Conflict("This version is published and never changes. Begin a new draft from it.")
    types = types_in_use()
    if request.method != "POST":
        rows = _rows(template, types=types, actor=request.actor)
        return _page(request, template=template, rows=rows, types=types)
    rows = BlockRows(
        request.POST, form_kwargs=_how(template, types=types, actor=request.actor), prefix="blocks"
    )
    return gate.once(request, run=lambda: _save(request, template=template, rows=rows, types=types))


def _save(
    request: Any, *, template: ScheduleTemplate, rows: Any, types: list[AppointmentType]
) -> HttpResponse:
    copy = CopyForm(weeks=template.cycle_weeks, data=request.POST, actor=request.actor)
    shown = {"template": template, "rows": rows, "types": types, "copy": copy}
    if not (rows.is_valid() and copy.is_valid()):
        return _page(request, **shown, said="Mend the marked blocks.", status=422)
    entered = [(row, block) for row in rows if (block := row.block()) is not None]
    try:
        etags.check_version(request.POST.get("_version"), record=template, singular="template")
        with transaction.atomic():
            templates.set_week(template, blocks=[block for _, block in entered], actor=request.actor)
            said = _copied(request, template=template, given=copy.cleaned_data)
    except WeekError as error:
        entered[error.row][0].add_error(error.field, error.message)
        return _page(request, **shown, said="Mend the marked blocks.", status=422)
    except DomainError as error:
        return _page(request, **shown, said=error.message, status=error.status)
    name = "template_preview" if request.POST.get("do") == "preview" else "template_week"
    messages.success(request, said)
    return redirect(links.to(request, name=f"scheduling:{name}", pk=template.pk))


def _copied(request: Any, *, template: ScheduleTemplate, given: dict[str, Any]) -> str:
    """Copy what the button says; what was done, in words."""
    if request.POST.get("do") == "copy_day":
        if not given["copy_to"]:
            raise DomainError("Choose the days to copy to.", field="copy_to")
        templates.copy_day(template, weekday=given["copy_from"], to=given["copy_to"], actor=request.actor)
        return "Day copied."
    if request.POST.get("do") == "copy_week":
        templates.copy_week(template, week=given["week_from"], to=given["week_to"], actor=request.actor)
        return f"Week {given['week_from']} copied to week {given['week_to']}."
    return "Week saved."


def _how(template: ScheduleTemplate, *, types: list[AppointmentType], actor: Any) -> dict[str, Any]:
    return {"actor": actor, "weeks": template.cycle_weeks, "codes": {each.code: each.pk for each in types}}


def _rows(template: ScheduleTemplate, *, types: list[AppointmentType], actor: Any) -> Any:
    codes = {each.pk: each.code for each in types}
    initial = [_initial(block, codes=codes) for block in week_of(template)]
    how = _how(template, types=types, actor=actor)
    return BlockRows(initial=initial, form_kwargs=how, prefix="blocks")


def _initial(block: WeekBlock, *, codes: dict[uuid.UUID, str]) -> dict[str, Any]:
    names = ("weekday", "cycle_week", "kind", "capacity", "release_hours_before", "label")
    return {name: getattr(block, name) for name in names} | {
        "starts_at": words.us_time(block.starts_at),
        "ends_at": words.us_time(block.ends_at),
        "types": " ".join(sorted(codes[pk] for pk in block.types if pk in codes)),
    }


def _page(
    request: Any,
    *,
    template: ScheduleTemplate,
    rows: Any,
    types: list[AppointmentType],
    copy: CopyForm | None = None,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    weeks = template.cycle_weeks
    context = {
        "template": template,
        "rows": rows,
        "copy": copy or CopyForm(weeks=weeks, actor=request.actor),
        "weeks": range(1, weeks + 1),
        "grid": grids(week_of(template), weeks=weeks, types={each.pk: each for each in types})[0],
        "types": types,
        "said": said,
        "problem": status != 200,
        "nonce": gate.nonce(request),
        "version": request.POST.get("_version", "") or etags.etag_of(template),
        "back": _detail(request, template=template),
    }
    return render(request, "scheduling/template_week.html", context, status=status)


def _detail(request: Any, *, template: ScheduleTemplate) -> str:
    return links.page(request, resource=registry.get(RESOURCE), name="detail", pk=template.pk)


@require_GET
@declines
def preview(request: Any, pk: uuid.UUID) -> HttpResponse:
    """Hours gained and lost by kind of visit, and the visits that would lie outside, before anything is published."""
    request.actor.require(SchedulingPermission.CHANGE_TEMPLATES)
    template = get_template(pk, actor=request.actor)
    if not template.is_draft:
        raise Conflict("This version is published already.")
    effect = effect_of(template, actor=request.actor)
    note_read(request, what="Visits a template displaces", patient_ids=[v.patient_id for v in effect.outside])
    zone = zone_of(template.resource.location)
    context = {
        "template": template,
        "effect": effect,
        "rows": [_row(each) for each in effect.rows],
        "outside": [(visit, words.us_time(visit.starts_at.astimezone(zone))) for visit in effect.outside],
        "more": effect.outside_count - len(effect.outside) - effect.hidden,
        "nonce": gate.nonce(request),
        "publish": links.page(
            request, resource=registry.get(RESOURCE), name="action", pk=template.pk, action="publish"
        ),
        "back": _detail(request, template=template),
        "today": clock.today(zone),
    }
    return render(request, "scheduling/template_preview.html", context)


def _row(hours: Hours) -> dict[str, str]:
    sign = "+" if hours.change > 0 else "−" if hours.change < 0 else ""
    return {
        "name": hours.name,
        "before": _length(hours.before),
        "after": _length(hours.after),
        "change": f"{sign}{_length(abs(hours.change))}" if hours.change else "No change",
    }


def _length(minutes: int) -> str:
    """ "38 h 20 min"."""
    hours, rest = divmod(minutes, 60)
    return f"{hours:,} h" + (f" {rest} min" if rest else "")
