"""A list as a sheet: the same rows in the same order, every declared column."""

from django.http import Http404, HttpResponse
from django.utils.text import slugify

from kit import cells, clock, fields, listing, ports, sheets
from kit.errors import DomainError
from kit.ports import PracticeRequest
from kit.resource import EXPORT_ROWS, Resource
from kit.views import gate


@gate.page("GET")
def export_page(request: PracticeRequest, *, resource: Resource, form: str) -> HttpResponse:
    """At most 10,000 rows in one answer; more than that asks for a narrower list."""
    if form not in sheets.WRITERS or not resource.export:
        raise Http404("No such sheet")
    gate.require(request, permission=resource.view_permission)
    gate.require(request, permission=resource.export_permission or resource.view_permission)
    ports.step_up(request)
    ports.spend(request, budget="export")
    asked = listing.ask(resource, params=request.GET)
    queryset, _ = listing.matching(asked, actor=request.actor)
    joins = fields.joins(resource, columns=resource.columns)
    queryset = asked.order.apply(queryset).select_related(*joins)
    records = list(queryset[: EXPORT_ROWS + 1])
    if len(records) > EXPORT_ROWS:
        raise DomainError(
            f"More than {EXPORT_ROWS:,} {resource.plural} match. Narrow the list, then export again"
        )
    gate.seen(request, resource=resource, ids=[record.pk for record in records], action="exported")
    meanings = fields.meanings(resource, columns=resource.columns)
    lines = ([_plain(cells.cell(r, meaning=m)) for m in meanings] for r in records)
    body = sheets.WRITERS[form](headers=[m.label for m in meanings], lines=lines)
    response = HttpResponse(body, content_type=sheets.TYPES[form])
    name = f"{slugify(resource.plural)}-{clock.now():%Y-%m-%d}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _plain(cell: cells.Cell) -> object:
    """Numbers and dates stay what they are; everything else leaves as its words."""
    return cell.value if cell.kind in ("money", "number", "date", "datetime", "bool") else cell.text
