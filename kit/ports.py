"""What the kit needs from below the pages: holes that ``practice`` fills at start-up.

A hole that nobody filled raises ``PortMissingError`` when it is used: nothing defaults to "allowed".
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast
from uuid import UUID

from django.db.models import Model
from django.http import HttpRequest, HttpResponse

from kit import clock


class Actor(Protocol):
    """Whoever acts: a user, token, job or public link inside one practice."""

    def may(self, permission: str) -> bool:
        """True when the actor holds the permission."""
        ...

    def require(self, permission: str) -> None:
        """Raise ``kit.errors.Forbidden`` unless the actor holds the permission."""
        ...


class Tenant(Protocol):
    """The practice a request is in: all the kit reads of it is the slug its addresses start with."""

    slug: str


class PracticeRequest(HttpRequest):
    """A request below ``/p/<slug>/``, as the practice middleware hands it to a view (for typing only)."""

    actor: Actor
    practice: Tenant
    comfortable: bool  # the row height this person likes


class PortMissingError(RuntimeError):
    """The kit was used before ``practice`` filled this port."""


@dataclass(frozen=True, kw_only=True)
class Sentence:
    """One line of a record's history: "Dana Reyes voided the claim", and when (aware datetime)."""

    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class OwnView:
    """A saved view of somebody's own: an address of a list under a name. mine: may be renamed and deleted here."""

    id: UUID
    label: str
    query: str
    shared: bool = False
    mine: bool = True
    default: bool = False


@dataclass(frozen=True, kw_only=True)
class Done:
    """What became of an act on many records: ``address`` tells it; id and refusal of each, empty when it goes on."""

    id: UUID
    address: str
    outcomes: Sequence[tuple[UUID, str]] = ()


class Allowed(Protocol):
    def __call__(self, actor: Actor, *, permission: str) -> bool: ...


class LogRead(Protocol):
    def __call__(self, request: HttpRequest, *, kind: str, ids: Iterable[UUID], action: str) -> None: ...


class History(Protocol):
    def __call__(self, record: Model, *, limit: int) -> Sequence[Sentence]: ...


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What other rooms show on a record's page: marks beside its heading, figures in its strip, boxes, buttons
    (``practice.panels``).
    """

    facts: Sequence[Any] = ()
    boxes: Sequence[Any] = ()
    steps: Sequence[Any] = ()
    marks: Sequence[Any] = ()


class BesideRecord(Protocol):
    def __call__(self, request: HttpRequest, *, record: Model) -> Beside: ...


class Holders(Protocol):
    def __call__(self, permission: str) -> Sequence[str]: ...


class StepUp(Protocol):
    def __call__(self, request: HttpRequest) -> None: ...


class Idempotent(Protocol):
    def __call__(
        self, request: HttpRequest, *, key: str, run: Callable[[], HttpResponse]
    ) -> HttpResponse: ...


class Spend(Protocol):
    def __call__(self, request: HttpRequest, *, budget: str) -> None: ...


class SavedViews(Protocol):
    def __call__(self, request: HttpRequest, *, kind: str) -> Sequence[OwnView]: ...


class Opened(Protocol):
    def __call__(self, request: HttpRequest, *, kind: str, pk: UUID) -> None: ...


class Bulk(Protocol):
    def __call__(
        self,
        request: HttpRequest,
        *,
        resource: Any,
        action: Any,
        ids: Sequence[UUID],
        answers: str,
        later: bool,
    ) -> Done: ...


_held: dict[str, Callable[..., Any]] = {}


def provide(
    *,
    allowed: Allowed | None = None,
    log_read: LogRead | None = None,
    history: History | None = None,
    beside: BesideRecord | None = None,
    holders: Holders | None = None,
    idempotent: Idempotent | None = None,
    step_up: StepUp | None = None,
    spend: Spend | None = None,
    saved_views: SavedViews | None = None,
    opened: Opened | None = None,
    bulk: Bulk | None = None,
    now: Callable[[], datetime] | None = None,
) -> None:
    """Fill the ports that are given; called by ``practice.apps`` when the process starts.

    allowed: does this actor hold the permission. log_read: note that records were seen ("listed", "opened",
    "searched", "exported"). history: newest sentences about a record. beside: what other rooms
    show on a record's page. holders: names of the roles that have a
    permission, for the refusal page. idempotent: run once per key and replay the stored answer afterwards
    (409 while a twin runs is the provider's business, 422 for the same key and another body). step_up: raise
    ``StepUpNeeded`` when whoever asks must first prove again who they are. spend: count a costly request, raise
    ``TooMany`` when there were too many. saved_views: shared and own views of a list, shared ones first. opened:
    remember that a record was opened, for "recent". bulk: run ``kit.bulk.each`` now, or ``later`` in the
    background, and keep what became of each record. now: the clock.
    """
    given = {
        "allowed": allowed,
        "log_read": log_read,
        "history": history,
        "beside": beside,
        "holders": holders,
        "idempotent": idempotent,
        "step_up": step_up,
        "spend": spend,
        "saved_views": saved_views,
        "opened": opened,
        "bulk": bulk,
    }
    _held.update({name: function for name, function in given.items() if function is not None})
    if now is not None:
        clock.source(now)


def _port(name: str) -> Callable[..., Any]:
    try:
        return _held[name]
    except KeyError:
        raise PortMissingError(f"kit.ports.provide({name}=...) was never called") from None


def allowed(actor: Actor, *, permission: str) -> bool:
    """May this actor do that? An empty permission is never held."""
    return bool(permission) and bool(_port("allowed")(actor, permission=permission))


def log_read(request: HttpRequest, *, kind: str, ids: Iterable[UUID], action: str) -> None:
    """Note who saw these records; the note is written before the answer leaves."""
    _port("log_read")(request, kind=kind, ids=list(ids), action=action)


def history(record: Model, *, limit: int = 20) -> Sequence[Sentence]:
    """The newest changes of one record as sentences, newest first."""
    return cast("Sequence[Sentence]", _port("history")(record, limit=limit))


def beside(request: HttpRequest, *, record: Model) -> Beside:
    """What other rooms show on this record's page."""
    return cast("Beside", _port("beside")(request, record=record))


def holders(permission: str) -> Sequence[str]:
    """Names of this practice's roles that hold the permission."""
    return cast("Sequence[str]", _port("holders")(permission))


def step_up(request: HttpRequest) -> None:
    """Before data leave in bulk: raise ``StepUpNeeded`` unless the person proved lately who they are."""
    _port("step_up")(request)


def spend(request: HttpRequest, *, budget: str) -> None:
    """Count a costly request of this actor; raises TooMany when there were too many of them."""
    _port("spend")(request, budget=budget)


def saved_views(request: HttpRequest, *, kind: str) -> Sequence[OwnView]:
    """The views of a list that this person saved or may use."""
    return cast("Sequence[OwnView]", _port("saved_views")(request, kind=kind))


def opened(request: HttpRequest, *, kind: str, pk: UUID) -> None:
    """Remember what was opened last."""
    _port("opened")(request, kind=kind, pk=pk)


def bulk(
    request: HttpRequest, *, resource: Any, action: Any, ids: Sequence[UUID], answers: str, later: bool
) -> Done:
    """Act on many records, now or in the background."""
    given = {"resource": resource, "action": action, "ids": ids, "answers": answers, "later": later}
    return cast("Done", _port("bulk")(request, **given))


def idempotent(request: HttpRequest, *, key: str, run: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer a request once per key; without a key it simply runs.

    The key is the header Idempotency-Key or a form's ``idempotency_key``. For the API ``request.api_data``
    holds the body as text, so that the provider can tell another request that reuses the key.
    """
    if not key:
        return run()
    return cast("HttpResponse", _port("idempotent")(request, key=key, run=run))
