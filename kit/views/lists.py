"""The list page: tabs, search, filters, table; htmx asks for the table alone."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict

from kit import cells, fields, filters, links, listing, ports, registry
from kit.listing import Asked, Listing
from kit.ports import OwnView, PracticeRequest
from kit.resource import NUMBERED_PAGES, PAGE_SIZES, SHOWN_COLUMNS, Resource
from kit.views import gate

VISIBLE_FILTERS = 4


def partial(request: HttpRequest) -> bool:
    """True when only the table is wanted (a restored history entry wants the page)."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def tabs(
    request: PracticeRequest, *, resource: Resource, asked: Asked, own: Sequence[OwnView]
) -> list[dict[str, Any]]:
    """Declared views, then the practice's and one's own, with counts; a single tab is no choice and not shown."""
    named = next((each.query for each in own if each.query == asked.whole), f"?view={asked.view.slug}")
    declared = [(view.label, f"?view={view.slug}", None) for view in listing.views(resource)]
    every = [*declared, *((each.label, each.query, each) for each in own)]
    found = []
    for label, query, view in every if len(every) > 1 else ():
        tab = listing.ask(resource, params=QueryDict(query[1:]))
        count = listing.capped(listing.size(tab, actor=request.actor))
        found.append({"label": label, "query": query, "count": count, "current": query == named, "own": view})
    return found


def toolbar(request: PracticeRequest, *, resource: Resource, params: Any) -> tuple[list[Any], list[Any]]:
    """The filters as fields: up to four selects in sight, the others and all typed ones under More."""
    declared = {each.name for each in resource.filters}
    hidden = {filters.SEARCH, "updated_since", *registry.parent_fields(resource.name)} - declared
    visible: list[Any] = []
    more: list[Any] = []
    for name, each in filters.filterset_class(resource).base_filters.items():
        if name in hidden or getattr(each, "endless", False):
            continue
        offered, value = each.offered(request.actor), params.get(name, "")
        if value and offered and value not in dict(offered):
            offered.append((value, f"{each.label}: several"))
        field = {"name": name, "label": each.label, "options": offered, "value": value}
        (visible if offered and len(visible) < VISIBLE_FILTERS else more).append(field)
    return visible, more


def headers(found: Listing) -> list[dict[str, Any]]:
    """Column heads with the sort each button asks for next."""
    asked = found.asked
    now, way = asked.sort.lstrip("-"), "descending" if asked.down else "ascending"
    return [
        {
            "label": m.label,
            "numeric": m.numeric,
            "sortable": bool(m.sort),
            "aria": way if m.name == now else "",
            "next": f"-{m.name}" if m.name == now and not asked.down else m.name,
        }
        for m in found.meanings
    ]


def totals(found: Listing) -> list[dict[str, Any]]:
    """The foot of the table: cells from the second column on, empty where nothing is summed."""
    if not found.totals or not found.records:
        return []
    return [{"value": found.totals.get(m.name.replace("__", "_"))} for m in found.meanings]


def pager(found: Listing) -> dict[str, Any]:
    """Links to other pages: numbers as far as the capped count proves them, at most twenty, then only Next."""
    asked = found.asked
    count = min(NUMBERED_PAGES, -(-found.count // asked.size))
    following = asked.number + 1
    after = found.after if following > NUMBERED_PAGES else None
    numbers = range(1, count + 1) if count > 1 else ()
    back = str(asked.number - 1) if 1 < asked.number <= NUMBERED_PAGES else ""
    return {
        "pages": [{"number": n, "query": asked.query(page=str(n), after=None)} for n in numbers],
        "next": asked.query(page=str(following), after=after) if found.more else "",
        "previous": asked.query(page=back, after=None) if back else "",
        "sizes": [{"size": s, "query": asked.query(size=str(s), page=None, after=None)} for s in PAGE_SIZES],
    }


def table(request: PracticeRequest, *, resource: Resource, found: Listing) -> dict[str, Any]:
    """What the table alone needs."""
    asked = found.asked
    cleaned = getattr(found.form, "cleaned_data", {})
    applied = filters.chips(resource, cleaned=cleaned, actor=request.actor)
    return {
        "found": found,
        "asked": asked,
        "heads": headers(found),
        "totals": totals(found),
        "pager": pager(found),
        "rows": cells.rows(found.records, resource=resource, meanings=found.meanings, request=request),
        "chips": [
            {"text": text, "query": asked.query(**dict.fromkeys([name, *listing.PLACE]))}
            for name, text in applied
        ],
        "searched": cleaned.get(filters.SEARCH, ""),
        "problems": [message for messages in found.form.errors.values() for message in messages],
        "clear": f"?view={asked.view.slug}",
        "create_url": creating(request, resource=resource),
        "bulk": bulk(request, resource=resource),
    }


def creating(request: PracticeRequest, *, resource: Resource) -> str:
    """Where one is added, "" when this actor may not."""
    if not resource.creatable or not gate.may(request, permission=resource.create_permission):
        return ""
    return links.page(request, resource=resource, name="create")


def bulk(request: PracticeRequest, *, resource: Resource) -> list[dict[str, Any]]:
    """What this actor may do to selected rows; nothing: no row can be selected."""
    return [
        {"action": a, "href": links.page(request, resource=resource, name="bulk", action=a.name)}
        for a in resource.actions
        if a.bulk and gate.may(request, permission=a.permission)
    ]


def pages(request: PracticeRequest, *, resource: Resource) -> list[dict[str, Any]]:
    """The Resource's own pages that this actor may open."""
    allowed = [link for link in resource.links if gate.may(request, permission=link.permission)]
    return [{"link": link, "href": links.to(request, name=link.page)} for link in allowed]


def exports(request: PracticeRequest, *, resource: Resource, query: str) -> list[dict[str, str]]:
    """Sheets of what is listed now."""
    permission = resource.export_permission or resource.view_permission
    if not resource.export or not gate.may(request, permission=permission):
        return []
    return [
        {"label": label, "href": links.page(request, resource=resource, name="export", form=form) + query}
        for form, label in (("csv", "Export as CSV"), ("xlsx", "Export for Excel"))
    ]


def chooser(asked: Asked) -> list[tuple[str, str, bool]]:
    """Name, label and whether it is shown, for lists with more columns than fit."""
    columns = asked.resource.columns
    if len(columns) <= SHOWN_COLUMNS:
        return []
    shown = {column.name for column in asked.columns}
    return [(m.name, m.label, m.name in shown) for m in fields.meanings(asked.resource, columns=columns)]


def _frame(request: PracticeRequest, *, asked: Asked, own: Sequence[OwnView]) -> dict[str, Any]:
    """What stands around the table."""
    resource = asked.resource
    visible, more = toolbar(request, resource=resource, params=request.GET)
    every = tabs(request, resource=resource, asked=asked, own=own)
    return {
        "tabs": every,
        "own_tab": next((each["own"] for each in every if each["current"]), None),
        "filters": visible,
        "more_filters": more,
        "searchable": bool(resource.search or resource.find),
        "links": pages(request, resource=resource),
        "chooser": chooser(asked),
        "exports": exports(request, resource=resource, query=asked.query(page=None, after=None)),
        "density": {
            "label": "Compact rows" if asked.comfortable else "Comfortable rows",
            "query": asked.query(density="compact" if asked.comfortable else "comfortable"),
        },
    }


@gate.page("GET")
def list_page(request: PracticeRequest, *, resource: Resource) -> HttpResponse:
    """Records the actor may see, narrowed by the address; without one, by their own default view."""
    gate.require(request, permission=resource.view_permission)
    whole = not partial(request)
    own = ports.saved_views(request, kind=resource.name) if whole else ()
    default = next((each for each in own if each.default), None)
    if default and not request.GET:
        return HttpResponseRedirect(request.path + default.query)
    asked = listing.ask(resource, params=request.GET, comfortable=request.comfortable)
    found = listing.run(asked, actor=request.actor)
    context = table(request, resource=resource, found=found)
    action = "searched" if context["searched"] else "listed"
    gate.seen(request, resource=resource, ids=[record.pk for record in found.records], action=action)
    if whole:
        context |= _frame(request, asked=asked, own=own)
    template = "kit/list.html" if whole else "kit/_results.html"
    response = gate.show(request, template, resource=resource, **context)
    response["Vary"] = "HX-Request"
    if not whole:
        response["HX-Push-Url"] = request.path + asked.query()
    return response
