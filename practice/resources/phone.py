"""The message pad, declared for the kit."""

from kit.resource import Action, Child, Column, Filter, FormSpec, Resource, SavedView, Section
from practice.permissions import PracticePermission as P

FOR = Column("receiver", "For", sort="", kind="text", needs=("member__user", "role"))
NUMBER = Column("phone", "Number", kind="phone", sort="")
TEXT = Column("lines", "Message", kind="lines")
TAKEN_BY = Column("taken_by", "Taken by", needs=("taken_by__user",))


def _tab(slug: str, label: str, narrow: str, done: str) -> SavedView:
    return SavedView(
        slug=slug, label=label, narrow=f"practice.selectors.phone.{narrow}", sort="call_back_by", done=done
    )


PHONE_MESSAGE = Resource(
    name="practice.phone_message",
    model="practice.PhoneMessage",
    singular="phone message",
    plural="phone messages",
    path="phone-messages",
    nav="today",
    selector="practice.selectors.phone.visible_to",
    view_permission=P.VIEW_PHONE,
    columns=(
        Column("number", "No.", kind="text"),
        Column("caller", sort=""),
        NUMBER,
        Column("category"),
        Column("call_back_by", "Call back by"),
        FOR,
        Column("state"),
        Column("taken_at", "Taken"),
    ),
    filters=(Filter("category"), Filter("urgency"), Filter("state")),
    views=(
        _tab("mine", "Mine", "mine", "Nobody waits for your call."),
        _tab("roles", "My roles", "of_my_roles", "Nobody waits for a call of your roles."),
        _tab("overdue", "Overdue", "overdue", "Every caller was reached in time."),
        _tab("open", "Open", "still_open", "No message is open."),
        SavedView(slug="closed", label="Closed", where={"state": "closed"}, sort="-taken_at"),
    ),
    default_sort="-taken_at",
    status="state",
    subtitle=(Column("caller"), Column("category")),
    sections=(
        Section("Message", ("caller", NUMBER, "category", TEXT, Column("taken_at", "Taken"), TAKEN_BY)),
        Section(
            "Call back",
            (
                FOR, "urgency", Column("call_back_by", "By"), Column("reached_at", "Reached"), "outcome",
                Column("closed_at", "Closed"),
            ),
        ),
    ),
    children=(Child("practice.call_attempt", "message", "Calls made"),),
    form=FormSpec(form="practice.forms.phone.TakeForm"),
    create="practice.services.phone.take",
    create_permission=P.TAKE_PHONE,
    update="practice.services.phone.change",
    update_permission=P.TAKE_PHONE,
    actions=(
        Action(
            name="call",
            label="Call back",
            service="practice.services.phone.call_back",
            permission=P.ANSWER_PHONE,
            when="is_open",
            form="practice.forms.phone.CallBackForm",
            done="The call is kept",
        ),
        Action(
            name="route",
            label="Hand over",
            service="practice.services.phone.route",
            permission=P.ANSWER_PHONE,
            when="is_open",
            form="practice.forms.phone.RouteForm",
            done="Handed over",
        ),
        Action(
            name="close",
            label="Close",
            service="practice.services.phone.close",
            permission=P.ANSWER_PHONE,
            when="is_open",
            form="practice.forms.phone.CloseForm",
            done="Closed",
        ),
    ),
    api_fields=(
        "id", "number", "taken_at", "caller", "phone", "category", "text", "urgency", "role", "member",
        "call_back_by", "state", "reached_at", "outcome", "closed_at", "created_at", "updated_at",
    ),
    phi=True,
    empty="Calls that somebody took down, each with who calls back and by when.",
)  # fmt: skip

CALL_ATTEMPT = Resource(
    name="practice.call_attempt",
    model="practice.CallAttempt",
    singular="call",
    plural="calls made",
    path="phone-messages/calls",
    selector="practice.selectors.phone.attempts",
    view_permission=P.VIEW_PHONE,
    columns=(
        Column("created_at", "When"),
        Column("result"),
        Column("note", sort=""),
        Column("by", "Who", needs=("by__user",)),
        Column("message"),
    ),
    filters=(Filter("result"),),
    default_sort="-created_at",
    title="result",
    sections=(Section("Call", ("message", "result", "note", "created_at")),),
    phi=True,
    empty="Each try to reach a caller.",
)

PHONE = (PHONE_MESSAGE, CALL_ATTEMPT)
