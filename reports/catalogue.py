"""The key figures: what each one is, word for word. Nothing else in the house defines a KPI.

A definition is frozen: change a formula and raise ``version``; stored figures carry the version they were made
with. Sources stand in DOMAIN.md section 1; worked figures in docs/algorithms/kpis.md are the tests' fixture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Unit = Literal["days", "minutes", "percent", "count"]
Direction = Literal["lower", "higher", "none"]
Kind = Literal["flow", "stock"]
PartUnit = Literal["money", "count", "days", "minutes"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Numerator or denominator: what it is called, in what unit, and which facts (selectors.facts) it adds up."""

    name: str
    fact: str
    unit: PartUnit


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One key figure.

    ``flow``: numerators and denominators of days and sites are summed, then divided. ``stock``: the sites' last
    values of the period are summed, then divided. ``scale`` names a parameter the quotient is multiplied by.
    ``target_low`` and ``target_high`` name parameters; none means a trend without a target.
    """

    code: str
    name: str
    unit: Unit
    direction: Direction
    kind: Kind
    formula: str
    date_basis: str
    exclusions: str
    source: str
    numerator: Part
    denominator: Part | None
    scale: str = ""
    target_low: str = ""
    target_high: str = ""
    version: int = 1

    @property
    def rolls_up(self) -> str:
        """How days and sites become one figure, in words."""
        if self.kind == "stock":
            return "The sites' values on the last day of the period are added up, then divided."
        if self.denominator is None:
            return "Days and sites are added up."
        return "Numerators and denominators of all days and sites are added up, then divided; never averaged."


_CHARGES = Part(name="Gross charges", fact="gross_charges", unit="money")
_VISITS = Part(name="Completed visits", fact="visits", unit="count")
_RECEIPTS = Part(name="Payments less refunds", fact="receipts", unit="money")
_BOOKABLE = Part(name="Bookable minutes", fact="bookable_minutes", unit="count")
_BEGUN = Part(name="Visits begun", fact="visits_begun", unit="count")
_ARRIVALS = Part(name="Patients who came", fact="arrivals", unit="count")
_RECEIVABLE = Part(name="A/R", fact="ar", unit="money")

KPIS: Final[tuple[Kpi, ...]] = (
    Kpi(
        code="days_in_ar",
        name="Days in A/R",
        unit="days",
        direction="lower",
        kind="stock",
        formula="A/R at the end of the period ÷ (gross charges of the window ÷ days of the window).",
        date_basis="Accounting day (posted on). The window is kpi.days_in_ar.window_days, ending on the last day.",
        exclusions="Credits are netted, money not yet applied to a charge too; no capitation, no agency accounts.",
        source="MGMA cost and revenue formulas; target: AAFP practice finances.",
        numerator=_RECEIVABLE,
        denominator=Part(name="Gross charges of the window", fact="charges_window", unit="money"),
        scale="kpi.days_in_ar.window_days",
        target_low="kpi.days_in_ar.target_low",
        target_high="kpi.days_in_ar.target_high",
    ),
    Kpi(
        code="gross_collection",
        name="Gross collection rate",
        unit="percent",
        direction="none",
        kind="flow",
        formula="(Payments of payers and patients − refunds) ÷ gross charges.",
        date_basis="Accounting day (posted on) of both, so a month can exceed 100%.",
        exclusions="Reversals take back what they reverse. A trend only: the fee schedule drives it.",
        source="MGMA cost and revenue formulas.",
        numerator=_RECEIPTS,
        denominator=_CHARGES,
    ),
    Kpi(
        code="net_collection",
        name="Net collection rate",
        unit="percent",
        direction="higher",
        kind="flow",
        formula="(Payments − refunds) ÷ (gross charges − contractual adjustments).",
        date_basis="Accounting day (posted on) of all of them, so a month can exceed 100%.",
        exclusions="Write-offs (bad debt, timely filing, courtesy) stay in the denominator: they are lost money.",
        source="MGMA and AAFP formulas.",
        numerator=_RECEIPTS,
        denominator=Part(name="Charges less contractual adjustments", fact="collectible", unit="money"),
        target_low="kpi.net_collection.target_low",
        target_high="kpi.net_collection.target_high",
    ),
    Kpi(
        code="denial_rate",
        name="Denial rate",
        unit="percent",
        direction="lower",
        kind="flow",
        formula="Claims with a denial in their first answer ÷ claims first answered.",
        date_basis="The day the first remittance of the claim was posted, in the practice's time zone.",
        exclusions=(
            "Rejections at the front door, contractual and patient-share amounts, reversals and "
            "predeterminations. Imported claims have no remittance and are not counted."
        ),
        source="HFMA MAP key AR-5; target: AAFP.",
        numerator=Part(name="Claims denied", fact="claims_denied", unit="count"),
        denominator=Part(name="Claims first answered", fact="claims_answered", unit="count"),
        target_high="kpi.denial_rate.target_high",
    ),
    Kpi(
        code="charge_lag",
        name="Charge lag",
        unit="days",
        direction="lower",
        kind="flow",
        formula="Sum of (day posted − day of service) ÷ charges posted; a mean.",
        date_basis="Accounting day (posted on) of the charge.",
        exclusions="Voided charges; imported visits, whose export does not tell when charges were entered.",
        source="Vendor benchmarks: 3 days or fewer.",
        numerator=Part(name="Days from service to posting", fact="charge_lag", unit="days"),
        denominator=Part(name="Charges posted", fact="charges_posted", unit="count"),
        target_high="kpi.charge_lag.target_high",
    ),
    Kpi(
        code="payment_lag",
        name="Payment lag",
        unit="days",
        direction="lower",
        kind="flow",
        formula="Sum of (first insurance payment − first submission) ÷ claims first paid; a mean.",
        date_basis="Accounting day (posted on) of the claim's first insurance payment.",
        exclusions=(
            "Claims never submitted from here; imported claims, whose export tells only the last billing day."
        ),
        source="Noridian clean-claim page: electronic about 14 days, under 30.",
        numerator=Part(name="Days from submission to payment", fact="payment_lag", unit="days"),
        denominator=Part(name="Claims first paid", fact="claims_paid", unit="count"),
        target_high="kpi.payment_lag.target_high",
    ),
    Kpi(
        code="visits",
        name="Visits",
        unit="count",
        direction="higher",
        kind="flow",
        formula="Completed visits.",
        date_basis="The day at the site.",
        exclusions="Booked, cancelled, missed and mistaken visits; patients who left without being seen.",
        source="Own definition.",
        numerator=_VISITS,
        denominator=None,
    ),
    Kpi(
        code="no_show",
        name="No-show rate",
        unit="percent",
        direction="lower",
        kind="flow",
        formula="No-shows ÷ visits due (completed, missed, or cancelled late by the patient).",
        date_basis="The day at the site.",
        exclusions=(
            "Cancellations in time or by the practice, rescheduled visits, patients who left without being seen."
        ),
        source="MGMA via vendors: 5 to 7 percent.",
        numerator=Part(name="No-shows", fact="no_shows", unit="count"),
        denominator=Part(name="Visits due", fact="visits_due", unit="count"),
        target_high="kpi.no_show.target_high",
    ),
    Kpi(
        code="new_patient_share",
        name="New-patient share",
        unit="percent",
        direction="none",
        kind="flow",
        formula="Completed visits of patients not seen here before within kpi.new_patient_years ÷ completed visits.",
        date_basis="The day at the site; earlier visits at any site of the practice count.",
        exclusions="The specialty is not looked at: the whole practice is one group.",
        source="CPT's idea of a new patient: not seen in the group for three years.",
        numerator=Part(name="New patients' visits", fact="new_visits", unit="count"),
        denominator=_VISITS,
    ),
    Kpi(
        code="third_next_available",
        name="Third next available",
        unit="days",
        direction="lower",
        kind="flow",
        formula="Sum of calendar days to the third open slot ÷ pairs of provider at a site and visit type; a mean.",
        date_basis="The night it was taken, on the day of the week that access.sample_day names.",
        exclusions=(
            "Held time, released or not; types a provider does not take. Without a third slot within "
            "access.lookahead_days, those days count. Rooms and devices are not looked at."
        ),
        source="IHI: third next available appointment; primary care 0, specialty 2 days.",
        numerator=Part(name="Days to the third open slot", fact="third_next_days", unit="days"),
        denominator=Part(name="Providers × visit types sampled", fact="third_next_pairs", unit="count"),
        target_high="kpi.third_next.target_high",
    ),
    Kpi(
        code="template_fill",
        name="Template fill",
        unit="percent",
        direction="higher",
        kind="flow",
        formula="Booked minutes ÷ bookable minutes (template and extra sessions less what is blocked or closed).",
        date_basis="The day at the site.",
        exclusions=(
            "Cancelled, rescheduled and mistaken visits, holds; imported visits, which come without a template. "
            "Missed visits were booked and count; so do visits outside the hours, so it can exceed 100%."
        ),
        source="Vendor benchmarks: 85 to 92 percent.",
        numerator=Part(name="Booked minutes", fact="booked_minutes", unit="count"),
        denominator=_BOOKABLE,
        target_low="kpi.fill.target_low",
        target_high="kpi.fill.target_high",
    ),
    Kpi(
        code="utilization",
        name="Provider utilization",
        unit="percent",
        direction="higher",
        kind="flow",
        formula="Minutes of completed visits ÷ bookable minutes.",
        date_basis="The day at the site.",
        exclusions="Imported visits. Booked length counts, not how long the visit took.",
        source="Practice custom: 80 to 90 percent.",
        numerator=Part(name="Minutes of completed visits", fact="completed_minutes", unit="count"),
        denominator=_BOOKABLE,
        target_low="kpi.utilization.target_low",
        target_high="kpi.utilization.target_high",
    ),
    Kpi(
        code="lead_time",
        name="Booking lead time",
        unit="days",
        direction="none",
        kind="flow",
        formula="Sum of (day of the visit − day it was booked) ÷ visits booked; a mean.",
        date_basis="The day of the visit at the site; the day of booking in the practice's time zone.",
        exclusions="Cancelled, rescheduled and mistaken visits, holds; imported visits.",
        source="Own definition. A trend only: planned check-ups are booked long ahead.",
        numerator=Part(name="Days from booking to visit", fact="lead_days", unit="days"),
        denominator=Part(name="Visits booked", fact="lead_visits", unit="count"),
    ),
    Kpi(
        code="door_to_room",
        name="Door to room",
        unit="minutes",
        direction="lower",
        kind="flow",
        formula="Sum of minutes from arrival to the room ÷ visits roomed; a mean.",
        date_basis="The day at the site. Who comes early waits from the booked time on.",
        exclusions="Visits that were never roomed; imported visits.",
        source="IHI: office visit waits; 15 minutes or less.",
        numerator=Part(name="Minutes from door to room", fact="door_to_room_minutes", unit="minutes"),
        denominator=Part(name="Visits roomed", fact="door_to_room_visits", unit="count"),
        target_high="kpi.door_to_room.target_high",
    ),
    Kpi(
        code="room_to_provider",
        name="Room to provider",
        unit="minutes",
        direction="lower",
        kind="flow",
        formula="Sum of minutes from the room until the provider begins ÷ such visits; a mean.",
        date_basis="The day at the site.",
        exclusions="Visits without a room or without a beginning; imported visits.",
        source="IHI: office visit waits; 15 minutes or less.",
        numerator=Part(name="Minutes from room to provider", fact="room_to_provider_minutes", unit="minutes"),
        denominator=Part(name="Visits begun in a room", fact="room_to_provider_visits", unit="count"),
        target_high="kpi.room_to_provider.target_high",
    ),
    Kpi(
        code="cycle_time",
        name="Cycle time",
        unit="minutes",
        direction="lower",
        kind="flow",
        formula="Sum of minutes from arrival to the end of the visit ÷ completed visits; a mean.",
        date_basis="The day at the site. Who comes early counts from the booked time on.",
        exclusions="Visits whose arrival was not noted; imported visits. Laboratory and imaging are not taken out.",
        source="IHI: office visit cycle time; 30 minutes in primary care.",
        numerator=Part(name="Minutes from door to door", fact="cycle_minutes", unit="minutes"),
        denominator=Part(name="Visits completed", fact="cycle_visits", unit="count"),
        target_high="kpi.cycle_time.target_high",
    ),
    Kpi(
        code="on_time_start",
        name="On-time start",
        unit="percent",
        direction="higher",
        kind="flow",
        formula="Visits begun by the provider within flow.on_time_minutes of the booked time ÷ visits begun.",
        date_basis="The day at the site.",
        exclusions="Visits whose beginning was not noted; imported visits. Late patients count: the day runs late too.",
        source="Own definition.",
        numerator=Part(name="Begun on time", fact="on_time_starts", unit="count"),
        denominator=_BEGUN,
    ),
    Kpi(
        code="late_arrival",
        name="Late arrivals",
        unit="percent",
        direction="lower",
        kind="flow",
        formula="Patients who came more than flow.late_arrival_minutes after the booked time ÷ patients who came.",
        date_basis="The day at the site.",
        exclusions="Visits whose arrival was not noted; imported visits.",
        source="Own definition.",
        numerator=Part(name="Came late", fact="late_arrivals", unit="count"),
        denominator=_ARRIVALS,
    ),
    Kpi(
        code="left_unseen",
        name="Left without being seen",
        unit="percent",
        direction="lower",
        kind="flow",
        formula="Patients who came and left before the provider began ÷ patients who came.",
        date_basis="The day at the site.",
        exclusions="Visits whose arrival was not noted; imported visits.",
        source="Own definition, after the measure of emergency departments.",
        numerator=Part(name="Left", fact="left_unseen", unit="count"),
        denominator=_ARRIVALS,
    ),
    Kpi(
        code="ar_over_90",
        name="A/R over 90 days",
        unit="percent",
        direction="lower",
        kind="stock",
        formula="Balances older than kpi.ar_old_days ÷ A/R, both on the last day of the period.",
        date_basis="Age from the day first billed to that party, else the day of service; never re-aged.",
        exclusions="Credits are netted on both sides. No A/R, or more credit than debt: n/a.",
        source="Vendor benchmarks: under 12 to 15 percent.",
        numerator=Part(name="A/R over 90 days", fact="ar_old", unit="money"),
        denominator=_RECEIVABLE,
        target_high="kpi.ar_over_90.target_high",
    ),
)
BY_CODE: Final[dict[str, Kpi]] = {kpi.code: kpi for kpi in KPIS}
FLOWS: Final[tuple[str, ...]] = tuple(kpi.code for kpi in KPIS if kpi.kind == "flow")
STOCKS: Final[tuple[str, ...]] = tuple(kpi.code for kpi in KPIS if kpi.kind == "stock")
# Rules the stored figures are made with: a new value makes its days be computed again.
MAKING: Final[tuple[str, ...]] = (
    "kpi.days_in_ar.window_days", "kpi.ar_old_days", "kpi.new_patient_years", "flow.on_time_minutes",
    "flow.late_arrival_minutes",
)  # fmt: skip
