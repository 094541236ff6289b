"""Own values of rules, and the practice's closed days, declared for the kit. The catalogue of rules is its own page."""

from kit.resource import Action, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

VALUE = ("code", "value", "jurisdiction", "effective_from", "effective_to", "reason", "source", "set_by")
HOLIDAY = ("day", "name", "status", "location")

RULES = (
    Resource(
        name="practice.rule_value",
        model="practice.RuleValue",
        singular="own rule value",
        plural="own rule values",
        path="settings/rule-values",
        selector="practice.selectors.rules.own_values",
        view_permission=P.VIEW_RULES,
        columns=(
            Column("code", "Rule"),
            Column("value"),
            Column("jurisdiction", "State"),
            Column("effective_from", "From"),
            Column("effective_to", "Until"),
            Column("reason"),
            Column("set_by", "Set by"),
        ),
        default_sort="code",
        filters=(Filter("effective_from", "From"),),
        views=(
            SavedView(
                slug="planned",
                label="Planned",
                narrow="practice.selectors.rules.planned",
                sort="effective_from",
                done="No change of a rule is planned.",
            ),
        ),
        sections=(Section("Value", VALUE),),
        form=FormSpec(form="practice.forms.rules.RuleValueForm"),
        create="practice.services.rule_values.set_value",
        create_permission=P.CHANGE_RULES,
        actions=(
            Action(
                name="end",
                label="End",
                service="practice.services.rule_values.end",
                permission=P.CHANGE_RULES,
                form="practice.forms.rules.EndForm",
                consequence="From the day after, what was in force without it counts again.",
                done="Ends on that day",
            ),
            Action(
                name="withdraw",
                label="Take back",
                service="practice.services.rule_values.withdraw",
                permission=P.CHANGE_RULES,
                danger=True,
                consequence="Only before its first day: the change does not happen, the value before it goes on.",
                done="The planned change is taken back",
            ),
        ),
        empty="Until you set a value of your own, the shipped ones are in force.",
    ),
    Resource(
        name="practice.holiday",
        model="practice.Holiday",
        singular="closed day",
        plural="closed days",
        path="settings/closed-days",
        nav="settings",
        selector="practice.selectors.rules.holidays",
        view_permission=P.VIEW_RULES,
        columns=(Column("day"), Column("name"), Column("status", "Open or closed"), Column("location")),
        default_sort="-day",
        status="status",
        filters=(Filter("day"), Filter("status", "Open or closed"), Filter("location")),
        views=(
            SavedView(
                slug="coming",
                label="Coming",
                narrow="practice.selectors.rules.coming_holidays",
                sort="day",
                done="No own closed day lies ahead. Weekends and federal holidays are known by themselves.",
            ),
        ),
        sections=(Section("Day", HOLIDAY),),
        form=FormSpec(fields=HOLIDAY),
        create="practice.services.holidays.add",
        create_permission=P.CHANGE_SETTINGS,
        update="practice.services.holidays.change",
        update_permission=P.CHANGE_SETTINGS,
        actions=(
            Action(
                name="remove",
                label="Remove",
                service="practice.services.holidays.remove",
                permission=P.CHANGE_SETTINGS,
                danger=True,
                consequence="Deadlines counted from now on no longer skip it; those on file stay.",
                done="Removed",
            ),
        ),
        empty="Days you are closed beside weekends and federal holidays, and holidays on which you work.",
    ),
)
