"""What the flow board offers, declared for the kit: the practice's own reasons to wait."""

from kit.resource import Column, Filter, FormSpec, Resource, Section
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
)
