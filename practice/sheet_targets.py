"""What the tenant's own tables take from a sheet."""

from kit.sheet_reader.states import CHOICES
from kit.sheet_target import SheetField, SheetTarget
from practice.models import Payer
from practice.permissions import PracticePermission as P

KINDS: dict[str, tuple[str, ...]] = {
    Payer.Kind.COMMERCIAL: ("ppo", "hmo", "epo", "private", "comm"),
    Payer.Kind.MEDICARE: ("medicare part b", "mb", "mcr"),
    Payer.Kind.MEDICARE_ADVANTAGE: ("ma", "medicare replacement"),
    Payer.Kind.MEDICAID: ("mcd", "state medicaid"),
    Payer.Kind.TRICARE: ("champus", "va"),
    Payer.Kind.WORKERS_COMP: ("wc", "workers comp"),
    Payer.Kind.SELF_PAY: ("self", "cash", "none"),
    Payer.Kind.OTHER: ("misc",),
}

TARGETS = (
    SheetTarget(
        name="practice.payer",
        label="Payers",
        sentence="Health plans with their ids, addresses and limits of days.",
        model="practice.Payer",
        permission=P.CHANGE_SETTINGS,
        view_permission=P.VIEW_SETTINGS,
        form="practice.forms.settings.PayerSheetForm",
        take="practice.services.payer_sheets.take",
        undo="practice.services.payer_sheets.withdraw",
        undo_words="Payers it made are switched off; those in use stay.",
        key=(("name",),),
        fields=(
            SheetField(
                name="name",
                label="Name",
                required=True,
                synonyms=(
                    "payer",
                    "payer name",
                    "insurance",
                    "insurance name",
                    "carrier",
                    "carrier name",
                    "plan",
                    "plan name",
                ),
            ),
            SheetField(
                name="payer_id",
                label="Payer id",
                synonyms=("electronic payer id", "edi id", "clearinghouse id", "payor id", "payer number"),
            ),
            SheetField(
                name="kind",
                label="Kind",
                kind="choice",
                synonyms=("type", "payer type", "plan type", "financial class", "insurance type"),
                choices=tuple(
                    (str(code), str(label), KINDS.get(code, ())) for code, label in Payer.Kind.choices
                ),
            ),
            SheetField(
                name="address_line",
                label="Street and number",
                synonyms=("address", "address 1", "address line 1", "street", "claims address"),
            ),
            SheetField(name="city", label="City", synonyms=("town",)),
            SheetField(
                name="state",
                label="State",
                kind="choice",
                choices=CHOICES,
                synonyms=("st", "province", "us state"),
            ),
            SheetField(
                name="postal_code",
                label="ZIP code",
                kind="zip",
                synonyms=("zip", "postal code", "zipcode", "postcode"),
            ),
            SheetField(
                name="phone", label="Phone", synonyms=("telephone", "phone number", "tel", "provider line")
            ),
            SheetField(
                name="filing_days",
                label="Days to file",
                synonyms=("timely filing", "filing limit", "filing days", "timely filing days"),
            ),
            SheetField(name="appeal_days", label="Days to appeal", synonyms=("appeal limit", "appeal days")),
        ),
    ),
)
