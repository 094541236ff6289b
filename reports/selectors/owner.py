"""The owners' page: at most eight numbers of a month, each against its target and the year before."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.safestring import SafeString

from kit.charts import Band, Chart, Point, line, sparkline
from practice.actor import Actor
from practice.models import WorkItem
from practice.selectors.work import waiting_for
from reports.catalogue import BY_CODE, Kpi
from reports.models import VarianceReport
from reports.rules import kpi as rules
from reports.rules import kpi_words as words
from reports.rules.kpi import Standing, Target
from reports.selectors import kpis, pnl
from reports.selectors.kpis import Figure

# The last one gives way to net income in months that have a P&L report.
ON_PAGE = ("net_collection", "days_in_ar", "ar_over_90", "denial_rate", "visits", "no_show", "charge_lag")
CASH = "gross_collection"  # its numerator is the cash collected
TREND = "ar_over_90"
ASKS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number: name, value, target, change, sparkline, status, and where its rows stand."""

    name: str
    value: str
    target: str
    change: str
    standing: Standing | None
    spark: SafeString | None
    url_name: str
    code: str = ""
    month: date | None = None


@dataclass(frozen=True, slots=True)
class Asks:
    """What waits for the reader: the first few, and how many there are (counted up to a hundred)."""

    first: list[WorkItem]
    count: int


def series(
    actor: Actor, *, month: date, upto: date, location: uuid.UUID | None, kpis_wanted: Sequence[Kpi]
) -> dict[str, list[Figure]]:
    """Thirteen months of figures that end with ``month``."""
    starts = rules.trailing(month)
    return kpis.months(actor, starts=starts, upto=upto, location=location, kpis=kpis_wanted)


def owners_figures(
    actor: Actor, *, month: date, upto: date, location: uuid.UUID | None
) -> dict[str, list[Figure]]:
    """What the page's tiles and its trend are made of."""
    wanted = [BY_CODE[code] for code in (CASH, *ON_PAGE)]
    return series(actor, month=month, upto=upto, location=location, kpis_wanted=wanted)


def tile(figures: list[Figure], *, partial: bool) -> Tile:
    """A key figure's tile from its thirteen months. A month not over yet is not compared with a whole one."""
    now, then = figures[-1], figures[0]
    kpi = now.kpi
    before = then.value if then.known else None
    change = words.moved(now.value, then=before, month=then.first, unit=kpi.unit, direction=kpi.direction)
    return Tile(
        name=kpi.name,
        value=words.written(now.value, unit=kpi.unit),
        target=words.target(now.target, unit=kpi.unit),
        change=f"Month to {now.last:%m/%d/%Y}" if partial and kpi.unit == "count" else change,
        standing=now.standing,
        spark=_spark(
            [each.value for each in _since_known(figures)], target=now.target, standing=now.standing
        ),
        url_name="reports:kpi",
        code=kpi.code,
    )


def cash_tile(figures: list[Figure], *, partial: bool) -> Tile:
    """Payments less refunds of the month: the numerator of the collection rates."""
    now, then = figures[-1], figures[0]
    before = then.numerator if then.known else None
    change = words.moved(now.numerator, then=before, month=then.first, unit="money", direction="higher")
    return Tile(
        name="Cash collected",
        value=words.written(now.numerator, unit="money"),
        target=f"{words.part(now.denominator, unit='money')} charged",
        change=f"Month to {now.last:%m/%d/%Y}" if partial else change,
        standing=None,
        spark=_spark([each.numerator for each in _since_known(figures)], target=Target(), standing=None),
        url_name="reports:kpi",
        code=CASH,
    )


def report_of(month: date, *, actor: Actor) -> VarianceReport | None:
    """The month's newest P&L report: accrual, else cash."""
    found = pnl.visible_to(actor).filter(month=month).order_by("basis", "-version")
    return found.first()


def income_tile(shown: pnl.Report) -> Tile:
    """Net income of the month's P&L report against its budget and the year before."""
    values = shown.total("net_income").values
    now = (values.actual if values else None) or Decimal(0)
    budget, prior = (values.budget, values.prior_year) if values else (None, None)
    year_ago = rules.shift(shown.head.month, months=-12)
    target, standing = "No budget", None
    if budget is not None:
        share = f", {abs(now - budget) / abs(budget) * 100:.1f}%" if budget else ""
        verdict = rules.judged(now - budget, direction="higher")
        off = words.written(now - budget, unit="money")
        target = f"Budget {words.written(budget, unit='money')}: {off}{share} {verdict}".strip()
        band = Target(low=budget)
        standing = rules.standing(now, target=band, direction="higher")
    return Tile(
        name="Net income",
        value=words.written(now, unit="money"),
        target=target,
        change=words.moved(now, then=prior, month=year_ago, unit="money", direction="higher"),
        standing=standing
        and Standing("On budget" if standing.tone == "ok" else standing.word, standing.tone),
        spark=None,
        url_name="reports:pnl_report",
        code=str(shown.head.pk),
    )


def trend(figures: list[Figure]) -> Chart | None:
    """A figure's thirteen months with its target, titled by what they show; None when no two have a figure."""
    kpi = figures[-1].kpi
    known = _since_known(figures)
    points = [Point(f"{each.first:%b}", each.value) for each in known if each.value is not None]
    if len(points) < 2:
        return None
    target, standing = figures[-1].target, figures[-1].standing
    band = Band(low=target.low, high=target.high, label=words.target(target, unit=kpi.unit))
    has_band = target.low is not None or target.high is not None
    return line(
        points,
        title=finding(figures),
        band=band if has_band else None,
        tone=standing.tone if standing else "muted",
        write=lambda value: words.written(Decimal(value), unit=kpi.unit),
        value_name=kpi.name,
    )


def finding(figures: list[Figure]) -> str:
    """What thirteen months show, in a sentence: since when the figure is off its target, or that it is not."""
    now = figures[-1]
    name = now.kpi.name
    if now.value is None:
        return f"{name}: no figure for {now.first:%B %Y}"
    written = words.written(now.value, unit=now.kpi.unit)
    if now.standing is None:
        return f"{name} was {written} in {now.first:%B %Y}"
    if now.standing.word == "In band":
        return f"{name} is in its target band, at {written}"
    since = now
    for figure in reversed(figures):
        if figure.standing is None or figure.standing.word != now.standing.word:
            break
        since = figure
    if since is now:
        return f"{name} is {now.standing.word.lower()} its target, at {written}"
    return f"{name} has been {now.standing.word.lower()} its target since {since.first:%B %Y}"


def asks(actor: Actor, *, today: date) -> Asks:
    """The most urgent things that wait for the reader."""
    waiting = waiting_for(actor, today=today)
    return Asks(first=list(waiting[:ASKS]), count=waiting[:100].count())


def _since_known(figures: list[Figure]) -> list[Figure]:
    """The months from the first one any night has written: the empty years before are no zeros."""
    first = next((index for index, each in enumerate(figures) if each.known), len(figures))
    return figures[first:]


def _spark(values: list[Decimal | None], *, target: Target, standing: Standing | None) -> SafeString | None:
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    band = (
        Band(low=target.low, high=target.high) if target.low is not None or target.high is not None else None
    )
    return sparkline(known, band=band, tone=standing.tone if standing else "muted")
