"""Kinds of approval: what an app lets somebody ask for, that somebody else must agree to first.

An app declares ``KINDS`` in ``<app>/approvals.py``. A kind only names things: the permissions to ask and to decide, and
services by dotted name. Who may decide up to which amount is the practice's own data (``ApprovalLimit``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from django.utils.module_loading import import_string

from kit.errors import DomainError
from practice.actor import Actor

if TYPE_CHECKING:
    from practice.models import ApprovalRequest


class Snapshot(Protocol):
    """``snapshot(subject)``: what is agreed to, as label and words. It is shown to whoever decides, and when a word of
    it has changed since it was asked for, nothing can be approved.
    """

    def __call__(self, subject: Any) -> Mapping[str, str]: ...


class Effect(Protocol):
    """``effect(subject, *, request, actor)``: runs in the transaction of the decision; whatever it raises undoes it.

    For a refusal, a withdrawal or an expiry ``request.state`` says which. The actor is who decided, who may hold none
    of the permissions the act usually takes: the approval is the permission.
    """

    def __call__(self, subject: Any, *, request: ApprovalRequest, actor: Actor) -> None: ...


@dataclass(frozen=True, kw_only=True)
class ApprovalKind:
    """One kind of approval.

    subject: the model that is decided about ("billing.DenialCase"); who cannot see the record cannot decide.
    has_amount: limits by amount apply, and every request says how much. on_refuse: '' when nothing follows.
    """

    key: str
    label: str
    subject: str
    ask_permission: str
    decide_permission: str
    snapshot: str
    on_approve: str
    on_refuse: str = ""
    has_amount: bool = True

    def shown(self, subject: Any) -> Mapping[str, str]:
        """What somebody agrees to, as it is now."""
        taken: Snapshot = import_string(self.snapshot)
        return taken(subject)

    def carry_out(self, subject: Any, *, request: ApprovalRequest, actor: Actor) -> None:
        """Do what was approved."""
        effect: Effect = import_string(self.on_approve)
        effect(subject, request=request, actor=actor)

    def give_up(self, subject: Any, *, request: ApprovalRequest, actor: Actor) -> None:
        """Do what follows when it was not."""
        if self.on_refuse:
            effect: Effect = import_string(self.on_refuse)
            effect(subject, request=request, actor=actor)


@lru_cache(maxsize=1)
def kinds() -> dict[str, ApprovalKind]:
    """Every kind of the house by its key, in ladder order."""
    from practice.discovery import modules

    return {kind.key: kind for module in modules("approvals") for kind in getattr(module, "KINDS", ())}


def kind_of(key: str) -> ApprovalKind:
    """One kind. Raises DomainError for a key that no app declares (any more)."""
    try:
        return kinds()[key]
    except KeyError:
        raise DomainError("Nobody can ask for or decide this any more.") from None
