"""The list page: tabs, search, filters, table; htmx asks for the table alone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kit import cells, fields, filters, links, listing, registry
from kit.listing import Asked, Listing
from kit.ports import PracticeRequest
from kit.resource import NUMBERED_PAGES, PAGE_SIZES, SHOWN_COLUMNS, Resource
from kit.views import gate

VISIBLE_FILTERS = 4


def partial(request: HttpRequest) -> bool:
    """True when only the table is wanted (a restored history entry wants the page)."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def tabs(request: PracticeRequest, *, resource: Resource, current: str) -> list[dict[str, Any]]:
    """The saved views with their counts; a single tab is no choice and is not shown."""
    every = listing.views(resource)
    return (
        [
            {
                "label": view.label,
                "slug": view.slug,
                "current": view.slug == current,
                "count": listing.capped(
                    listing.count(listing.narrowed(resource, view=view, actor=request.actor))
                ),
            }
            for view in every
        ]
        if len(every) > 1
        else []
    )


def toolbar(request: PracticeRequest, *, resource: Resource, params: Any) -> tuple[list[Any], list[Any]]:
    """The filters as fields: up to four selects in sight, the others and all typed ones under More."""
    declared = {each.name for each in resource.filters}
    hidden = {filters.SEARCH, "updated_since", *registry.parent_fields(resource.name)} - declared
    visible: list[Any] = []
    more: list[Any] = []
    for name, each in filters.filterset_class(resource).base_filters.items():
        if name in hidden:
            continue
        offered = filters.options(resource, name=name, actor=request.actor)
        value = params.get(name, "")
        if value and offered and value not in dict(offered):
            offered.append((value, f"{each.label}: several"))
        field = {"name": name, "label": each.label, "options": offered, "value": value}
        (visible if offered and len(visible) < VISIBLE_FILTERS else more).append(field)
    return visible, more


def headers(found: Listing) -> list[dict[str, Any]]:
    """Column heads with the sort each button asks for next."""
    asked = found.asked
    heads = []
    for meaning in found.meanings:
        current = asked.sort.lstrip("-") == meaning.name
        down = asked.sort.startswith("-")
        heads.append(
            {
                "label": meaning.label,
                "numeric": meaning.numeric,
                "sortable": bool(meaning.sort),
                "aria": ("descending" if down else "ascending") if current else "",
                "next": meaning.name if (current and down) or not current else f"-{meaning.name}",
            }
        )
    return heads


def totals(found: Listing) -> list[dict[str, Any]]:
    """The foot of the table: cells from the second column on, empty where nothing is summed."""
    if not found.totals or not found.records:
        return []
    return [
        {"name": m.name, "kind": m.kind, "value": found.totals.get(m.name.replace("__", "_"))}
        for m in found.meanings
    ]


def numbers(found: Listing) -> list[int]:
    """Page numbers to offer: as many as the capped count proves, at most twenty."""
    pages = min(NUMBERED_PAGES, -(-found.count // found.asked.size))
    return list(range(1, pages + 1)) if pages > 1 else []


def pager(found: Listing) -> dict[str, Any]:
    """Links to other pages; past the numbered ones only Next remains."""
    asked = found.asked
    following = asked.number + 1
    after = found.after if following > NUMBERED_PAGES else None
    return {
        "pages": [{"number": n, "query": asked.query(page=str(n), after=None)} for n in numbers(found)],
        "next": asked.query(page=str(following), after=after) if found.more else "",
        "previous": asked.query(page=str(asked.number - 1), after=None)
        if 1 < asked.number <= NUMBERED_PAGES
        else "",
        "sizes": [{"size": s, "query": asked.query(size=str(s), page=None, after=None)} for s in PAGE_SIZES],
    }


def table(request: PracticeRequest, *, resource: Resource, found: Listing) -> dict[str, Any]:
    """What the table alone needs."""
    asked = found.asked
    cleaned = getattr(found.form, "cleaned_data", {})
    applied = filters.chips(resource, cleaned=cleaned, actor=request.actor)
    return {
        "resource": resource,
        "found": found,
        "asked": asked,
        "heads": headers(found),
        "totals": totals(found),
        "pager": pager(found),
        "rows": cells.rows(found.records, resource=resource, meanings=found.meanings, request=request),
        "chips": [
            {
                "text": c.text,
                "label": c.label,
                "query": asked.query(**dict.fromkeys([*c.params, "page", "after"])),
            }
            for c in applied
        ],
        "searched": cleaned.get(filters.SEARCH, ""),
        "problems": [message for messages in found.form.errors.values() for message in messages],
        "clear": f"?view={asked.view.slug}",
        "create_url": creating(request, resource=resource),
    }


def creating(request: PracticeRequest, *, resource: Resource) -> str:
    """Where one is added, "" when this actor may not."""
    if not resource.creatable or not gate.may(request, permission=resource.create_permission):
        return ""
    return links.page(request, resource=resource, name="create")


def exports(request: PracticeRequest, *, resource: Resource, query: str) -> list[dict[str, str]]:
    """Sheets of what is listed now."""
    if not resource.export or not gate.may(
        request, permission=resource.export_permission or resource.view_permission
    ):
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


@gate.page("GET")
def list_page(request: PracticeRequest, *, resource: Resource) -> HttpResponse:
    """Records the actor may see, narrowed by the address."""
    gate.require(request, permission=resource.view_permission)
    asked = listing.ask(resource, params=request.GET)
    found = listing.run(asked, actor=request.actor)
    context = table(request, resource=resource, found=found)
    action = "searched" if context["searched"] else "listed"
    gate.seen(request, resource=resource, ids=[record.pk for record in found.records], action=action)
    if not partial(request):
        visible, more = toolbar(request, resource=resource, params=request.GET)
        context |= {
            "tabs": tabs(request, resource=resource, current=asked.view.slug),
            "filters": visible,
            "more_filters": more,
            "searchable": bool(resource.search),
            "chooser": chooser(asked),
            "exports": exports(request, resource=resource, query=asked.query(page=None, after=None)),
            "density": {
                "label": "Compact rows" if asked.comfortable else "Comfortable rows",
                "query": asked.query(density=None if asked.comfortable else "comfortable"),
            },
        }
    response = render(request, "kit/_results.html" if partial(request) else "kit/list.html", context)
    response["Vary"] = "HX-Request"
    if partial(request):
        response["HX-Push-Url"] = request.path + asked.query()
    return response
