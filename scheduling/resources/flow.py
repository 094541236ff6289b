"""Reasons to wait, and the check-ins that were made, declared for the kit."""

from kit.resource import Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission
from scheduling.permissions import SchedulingPermission as P

REASON = ("name", "is_active")

FLOW = (
    Resource(
        name="scheduling.wait_reason",
        model="scheduling.WaitReason",
        singular="wait reason",
        plural="wait reasons",
        path="settings/wait-reasons",
        nav="settings",
        nav_label="Wait reasons",
        selector="scheduling.selectors.kinds.wait_reasons",
        view_permission=P.VIEW_SCHEDULE,
        columns=(Column("name"), Column("is_active", "In use")),
        filters=(Filter("is_active", "In use"),),
        default_sort="name",
        sections=(Section("Wait reason", REASON),),
        form=FormSpec(fields=REASON),
        create="scheduling.services.flow.add_reason",
        create_permission=PracticePermission.CHANGE_SETTINGS,
        update="scheduling.services.flow.change_reason",
        update_permission=PracticePermission.CHANGE_SETTINGS,
        empty="Why somebody waits longer than usual: what the flow board offers, in your own words.",
    ),
    Resource(
        name="scheduling.check_in",
        model="scheduling.CheckIn",
        singular="check-in",
        plural="check-ins",
        path="scheduling/check-ins",
        nav="schedule",
        nav_label="Check-ins",
        selector="scheduling.selectors.check_in.visible_to",
        listed="scheduling.selectors.check_in.listed",
        view_permission=P.VIEW_SCHEDULE,
        columns=(
            Column("at", "Checked in"),
            Column("appointment__patient", "Patient"),
            Column("standing", "State", kind="status"),
            Column("lacked", "Missing", needs=()),
            Column("reason", "Went on because", sort=""),
            Column("by", "By", sort=""),
            Column("appointment__location", "Location"),
        ),
        find="scheduling.selectors.check_in.search",
        search_hint="the patient’s name, birth date, telephone or record number",
        filters=(Filter("at", "Checked in"),),
        views=(
            SavedView(
                slug="missing",
                label="Something missing",
                narrow="scheduling.selectors.check_in.with_something_missing",
                sort="-at",
                done="Nothing was missing at any check-in.",
            ),
        ),
        default_sort="-at",
        status="standing",
        sections=(
            Section(
                "Check-in",
                (
                    Column("appointment__patient", "Patient"),
                    Column("appointment", "Visit"),
                    "at",
                    "by",
                    Column("lacked", "Not in order", needs=()),
                    "reason",
                ),
            ),
        ),
        api_fields=("id", "appointment", "at", "by", "missing", "reason", "created_at", "updated_at"),
        empty="Every check-in at the desk: what was confirmed, what was missing, and why the visit went on.",
        phi=True,
    ),
)
