"""The ports as a test can watch them: reads, keys and roles are kept in plain lists."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.http import HttpResponse

from kit.bulk import each
from kit.errors import Forbidden, StepUpNeeded
from kit.ids import uuid7
from kit.ports import Beside, Done, Sentence

ROLES = {
    "owner": {"toy.view", "toy.add", "toy.change", "toy.break", "toy.secret", "maker.view", "maker.add"},
    "clerk": {"toy.view", "maker.view"},
    "visitor": set(),
}
READS: list[tuple[str, tuple, str]] = []
STALE: list[bool] = []
ANSWERS: dict[str, HttpResponse] = {}
SPENT: list[str] = []
SAVED: list = []
OPENED: list = []
LATER: list[dict] = []


@dataclass(frozen=True)
class ToyActor:
    role: str
    practice: str

    def may(self, permission: str) -> bool:
        return permission in ROLES[self.role]

    def require(self, permission: str) -> None:
        if not self.may(permission):
            raise Forbidden(permission)


def allowed(actor, *, permission):
    return actor.may(permission)


def step_up(request):
    if STALE:
        raise StepUpNeeded


def log_read(request, *, kind, ids, action):
    READS.append((kind, tuple(ids), action))


def history(record, *, limit):
    return [Sentence(text="Dana Reyes made it", at=datetime(2026, 3, 4, 19, 10, tzinfo=UTC))][:limit]


def beside(request, *, record):
    return Beside()


def holders(permission):
    return [name for name, held in ROLES.items() if permission in held]


def idempotent(request, *, key, run):
    if key not in ANSWERS:
        ANSWERS[key] = run()
    return ANSWERS[key]


def spend(request, *, budget):
    SPENT.append(budget)


def saved_views(request, *, kind):
    return list(SAVED)


def opened(request, *, kind, pk):
    OPENED.append((kind, pk))


def bulk(request, *, later, **asked):
    if later:
        LATER.append(asked)
        return Done(id=uuid7(), address="/job/")
    action = asked.pop("action")
    outcomes = list(each(action, actor=request.actor, **asked))
    return Done(id=uuid7(), address=f"/ran/?{len(outcomes)}", outcomes=outcomes)
