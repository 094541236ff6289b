"""`{% load kit_format %}`: figures, dates, statuses, addresses, form fields, written one way."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms import BaseForm, BoundField
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from kit import formview, icons, links, words
from kit.status import Status, status_of

register = template.Library()

Number = Decimal | int | None


def _unknown() -> SafeString:
    return format_html(
        '<span aria-hidden="true">{}</span><span class="wr-hidden">Not known</span>', words.DASH
    )


def _missing(value: object) -> bool:
    return value is None or value == ""


def _checked(value: object) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"figures are Decimal or int, not {type(value).__name__}")
    return value


@register.filter
def money(value: Number) -> str:
    """`$1,234.56`, `−$45.00`; a missing amount is a dash with hidden words."""
    return _unknown() if _missing(value) else words.dollars(_checked(value))


@register.filter
def signed_money(value: Number) -> str:
    """`+$7,075.00` or `−$17,413.00`: a change or a variance."""
    return _unknown() if _missing(value) else words.dollars(_checked(value), signed=True)


@register.filter
def whole_money(value: Number) -> str:
    """`$59,763`: tiles only, the exact figure stands beneath or behind the link."""
    return _unknown() if _missing(value) else words.dollars(_checked(value), whole=True)


@register.filter
def pnl_money(value: Number) -> str:
    """P&L only: `76,512`, negative `(17,413)`."""
    return _unknown() if _missing(value) else words.pnl_dollars(_checked(value))


@register.filter
def percent(value: Number) -> str:
    """A ratio as percent: 0.958 is `95.8%`."""
    return _unknown() if _missing(value) else words.percent(_checked(value))


@register.filter
def signed_percent(value: Number) -> str:
    """A ratio as a change in percent: `−21.9%`, `+3.0%`."""
    return _unknown() if _missing(value) else words.percent(_checked(value), signed=True)


@register.filter
def count(value: Number) -> str:
    """A whole number with separators: `41,206`."""
    return _unknown() if _missing(value) else f"{_checked(value):,}"


@register.filter
def known(value: object) -> object:
    """The value, or a dash with the hidden words `Not known` when there is none."""
    return _unknown() if _missing(value) else value


def _local(value: datetime, *, zone: str = "") -> datetime:
    return timezone.localtime(value, ZoneInfo(zone) if zone else None) if timezone.is_aware(value) else value


def _day(value: date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@register.filter
def isodate(value: date | None) -> str:
    """`2026-03-04`, for attributes and exports."""
    return "" if _missing(value) or value is None else _day(value).isoformat()


@register.filter
def usdate(value: date | None) -> SafeString:
    """`<time datetime="2026-03-04">03/04/2026</time>`; a moment is taken in the current zone."""
    if value is None or _missing(value):
        return _unknown()
    return format_html('<time datetime="{}">{}</time>', isodate(value), words.us_date(_day(value)))


@register.filter
def longdate(value: date | None) -> SafeString:
    """`March 4, 2026` in a `<time>`, for prose."""
    if value is None or _missing(value):
        return _unknown()
    return format_html('<time datetime="{}">{}</time>', isodate(value), words.long_date(_day(value)))


@register.filter
def ustime(value: datetime | None, zone: str = "") -> SafeString:
    """`2:10 PM` in the current zone or in the one given; another zone is named (`2:10 PM EST`)."""
    if value is None or _missing(value):
        return _unknown()
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), _clock(value, zone=zone))


@register.filter
def usdatetime(value: datetime | None, zone: str = "") -> SafeString:
    """`03/04/2026 2:10 PM`, zones as in ustime."""
    if value is None or _missing(value):
        return _unknown()
    text = f"{words.us_date(_local(value, zone=zone))} {_clock(value, zone=zone)}"
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), text)


def _clock(value: datetime, *, zone: str) -> str:
    local = _local(value, zone=zone)
    elsewhere = zone and timezone.is_aware(value) and local.utcoffset() != _local(value).utcoffset()
    return words.us_time(local) + (f" {local:%Z}" if elsewhere else "")


@register.filter
def phone(value: str | None) -> str:
    """`(207) 555-0148`."""
    return _unknown() if value is None or _missing(value) else words.us_phone(value)


@register.filter
def plural(value: int, forms: str) -> str:
    """`{{ n|plural:"claim,claims" }}` is `1 claim` or `42 claims`."""
    one, _, many = forms.partition(",")
    return words.counted(value, one=one, many=many or one + "s")


@register.inclusion_tag("shell/status.html")
def status(thing: object, pill: bool = False) -> dict[str, Any]:
    """Shape, word and tone of an enum member, a Status or a record; `pill=True` once, beside h1."""
    return {"status": status_of(thing), "pill": pill}


@register.simple_tag
def badge(word: str, tone: str = "muted") -> Status:
    """Make a Status in a template: `{% badge "Overdue" "bad" as late %}{% status late %}`."""
    return status_of(Status(word=word, tone=tone))  # type: ignore[arg-type]  # status_of refuses unknown tones


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon beside words: `{% icon "calendar" %}`. Unknown names raise KeyError."""
    return icons.icon(name)


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, **kwargs: Any) -> str:
    """The address of a page in this request's practice: `{% to "scheduling:day" day=day %}`."""
    request: HttpRequest = context["request"]
    return links.to(request, name=name, **kwargs)


@register.inclusion_tag("shell/field.html")
def form_field(field: BoundField, width: str = "") -> dict[str, Any]:
    """One field with label, hint, problem and `optional`. Width 6, 10, 16, 24 or full (or data-width)."""
    return formview.field_parts(field, width=width)


@register.inclusion_tag("shell/problem_summary.html")
def problem_summary(*forms: BaseForm | None) -> dict[str, Any]:
    """`There is a problem`, with a link to each field. Nothing when all is well."""
    return {"problems": formview.problems([form for form in forms if form is not None])}


@register.inclusion_tag("shell/empty.html")
def empty_state(
    title: str,
    text: str = "",
    action_label: str = "",
    action_url: str = "",
    icon: str = "",
    small: bool = False,
) -> dict[str, Any]:
    """In place of a table: what will be here, why it is empty, one action."""
    return {
        "title": title,
        "text": text,
        "action_label": action_label,
        "action_url": action_url,
        "icon": icon,
        "small": small,
    }


@register.inclusion_tag("shell/heat.html")
def heat(drawn: Any, id: str, link_label: str = "", link_url: str = "", **empty: str) -> dict[str, Any]:  # noqa: A002
    """A heat table in its box; ``empty_title`` and ``empty_text`` stand there when it has no rows."""
    return {"heat": drawn, "id": id, "link_label": link_label, "link_url": link_url, **empty}


@register.inclusion_tag("shell/chart.html")
def chart(drawn: Any, note: str = "", heading: str = "h2") -> dict[str, Any]:
    """A chart in its box with the finding as heading and the same figures as a table."""
    return {"chart": drawn, "note": note, "heading": heading}
