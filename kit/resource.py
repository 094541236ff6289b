"""A Resource: one record type said once. Lists, pages, forms, sheets, API and tests are made from it.

These classes only NAME things: models, selectors, services, forms and permissions as dotted strings, fields
by their names. They hold no behaviour, no HTML and no lambdas; ``kit.registry`` resolves and checks the names
when the process starts. docs/kit.md has a worked example.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from django.apps import apps
from django.db import models
from django.utils.module_loading import import_string

Kind = Literal[
    "text", "money", "number", "date", "datetime", "bool", "status", "choice", "link", "lines", "phone"
]
CAP = 1_000  # lists count up to here and then say "1,000+"
EXPORT_ROWS = 10_000
BULK_IDS = 500  # as many records as one call of the API may name
PAGE_SIZES = (50, 100)
SHOWN_COLUMNS = 7
NUMBERED_PAGES = 20


@dataclass(frozen=True)
class Column:
    """A value of a record: ``number``, ``patient__last_name`` or a property; its kind follows from the model.

    sort: what to order by instead (a COLLATE "C" twin; several fields, "last_key,first_key", of one index), "" for
    never. total: sum it under the list.
    """

    name: str
    label: str = ""
    kind: Kind | None = None
    sort: str | None = None
    total: bool = False
    needs: tuple[str, ...] = ()  # relations a property reads, for select_related


@dataclass(frozen=True)
class Filter:
    """A field a list can be narrowed by; how follows from the model (choice, link, yes/no, date range)."""

    name: str
    label: str = ""


@dataclass(frozen=True)
class Link:
    """A page of one's own that a list offers beside "New": by its URL name, to the holders of a permission.

    post: a button that asks nothing and changes something.
    """

    label: str
    page: str
    permission: str
    post: bool = False


@dataclass(frozen=True, kw_only=True)
class SavedView:
    """A tab above the list: ``where`` filters, or ``narrow``: a dotted ``(queryset, *, actor) -> queryset``.

    done: the good news when the tab is empty ("No denials waiting.").
    """

    slug: str
    label: str
    where: Mapping[str, Any] = field(default_factory=dict)
    narrow: str = ""
    sort: str = ""
    done: str = ""


@dataclass(frozen=True)
class Section:
    """A box of label/value pairs on the detail page, or a numbered group of fields in a form."""

    title: str
    fields: tuple[str | Column, ...]
    permission: str = ""


@dataclass(frozen=True)
class Child:
    """A table of related records on the detail page: a Resource's name and its field that points here."""

    resource: str
    field: str
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class FormSpec:
    """The form of create and update: ``form`` (dotted, a kit.forms form) or ``fields`` of the model."""

    form: str = ""
    fields: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Action:
    """A guarded act on one record: ``service(record, *, actor, **answers)``.

    when: a property of the model that says whether it is possible now. reason: ask why. consequence: the
    sentence shown before it happens. keyed: the API demands an Idempotency-Key. bulk: can be done to many
    selected rows at once. undo: the action of this Resource that takes it back, offered as soon as it is done.
    """

    name: str
    label: str
    service: str
    permission: str
    when: str = ""
    hint: str = ""
    reason: bool = False
    danger: bool = False
    consequence: str = ""
    form: str = ""
    done: str = ""
    keyed: bool = False
    bulk: bool = False
    undo: str = ""

    @property
    def asks(self) -> bool:
        """True when there is something to read or answer before it happens."""
        return bool(self.reason or self.danger or self.consequence or self.form)


@dataclass(frozen=True, kw_only=True, eq=False)
class Resource:
    """Everything the kit needs to know about one record type. Empty means: there is no such page.

    find: a dotted ``(queryset, *, text, actor) -> queryset`` instead of ``search``, where typed text means more than
    the start of a column. listed: the selector of list and sheets where they show more than ``selector`` has: figures
    of each row, or rows that not everybody may open.
    """

    name: str
    model: str
    singular: str
    plural: str
    path: str
    selector: str
    view_permission: str
    columns: tuple[Column, ...]
    nav: str = ""
    nav_label: str = ""
    parent: str = ""  # the field of the record it belongs to: adding and acting lead back to that one's page
    search: tuple[str, ...] = ()
    search_hint: str = ""
    find: str = ""
    listed: str = ""
    links: tuple[Link, ...] = ()
    filters: tuple[Filter, ...] = ()
    views: tuple[SavedView, ...] = ()
    default_sort: str = "-id"
    title: str = ""
    status: str = ""
    subtitle: tuple[Column, ...] = ()
    facts: tuple[Column, ...] = ()
    sections: tuple[Section, ...] = ()
    children: tuple[Child, ...] = ()
    form: FormSpec | None = None
    create: str = ""
    create_label: str = ""  # "Register patient"; otherwise "New …" and "Add …"
    update: str = ""
    create_permission: str = ""
    update_permission: str = ""
    export_permission: str = ""
    actions: tuple[Action, ...] = ()
    empty: str = ""
    api: bool = True
    api_path: str = ""  # where the endpoints do not stand at ``path``
    api_fields: tuple[str, ...] = ()
    phi: bool = False
    export: bool = True
    contested: bool = False  # updates over the API need If-Match
    keyed: bool = False  # creates over the API need an Idempotency-Key

    @cached_property
    def model_class(self) -> type[models.Model]:
        """The model, once the app registry is ready."""
        return apps.get_model(self.model)

    @property
    def key(self) -> str:
        """``staff_credential``: the start of every URL name."""
        return self.name.replace(".", "_")

    @property
    def creatable(self) -> bool:
        """True when people can add one."""
        return bool(self.create and self.form)

    @property
    def adding(self) -> str:
        """The words on the way to a new one: "New claim", or the declared ones."""
        return self.create_label or f"New {self.singular}"

    @property
    def updatable(self) -> bool:
        """True when people can change one."""
        return bool(self.update and self.form)

    def action(self, name: str) -> Action | None:
        """The action of that name, if there is one."""
        return next((action for action in self.actions if action.name == name), None)

    def load(self, dotted: str) -> Any:
        """What a dotted name of this declaration stands for; ImportError when it stands for nothing."""
        return import_string(dotted)

    def visible_to(self, actor: Any) -> models.QuerySet[models.Model]:
        """Every record of this kind the actor may see: the only door to them."""
        return self._own(self.load(self.selector)(actor), actor=actor)

    def listed_to(self, actor: Any) -> models.QuerySet[models.Model]:
        """The rows of list and sheets: what the actor may see, or what is declared for them."""
        return self._own(self.load(self.listed or self.selector)(actor), actor=actor)

    def _own(self, queryset: models.QuerySet[models.Model], *, actor: Any) -> models.QuerySet[models.Model]:
        """Row-level security keeps practices apart; this says which one as a value. Only so the planner knows how many
        rows there are: without it a page deep in a large list is sorted out of all of them, joins and all.
        """
        known = any(each.attname == "practice_id" for each in self.model_class._meta.local_fields)
        return queryset.filter(practice_id=actor.practice_id) if known else queryset
