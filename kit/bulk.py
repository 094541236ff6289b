"""One act on many records: each by its own service, permission, condition and savepoint; none is half done."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict

from kit import ports, writes
from kit.errors import DomainError, Forbidden
from kit.forms import FormClass, action_form_class
from kit.resource import BULK_IDS, Action, Resource


def ids_of(texts: Sequence[Any]) -> list[uuid.UUID]:
    """Ids as they were sent, each once. Raises DomainError for what is none, and for too many."""
    try:
        ids = list(dict.fromkeys(uuid.UUID(text) for text in texts))
    except (ValueError, TypeError, AttributeError):
        raise DomainError("Send ids of records", field="ids") from None
    if len(ids) > BULK_IDS:
        raise DomainError(f"Choose at most {BULK_IDS} at a time", field="ids")
    return ids


def answers_of(given: QueryDict | Mapping[str, Any], *, form: FormClass) -> str:
    """What a form was answered, as the text that ``each`` reads: kept until the act is done to the last record."""
    kept = QueryDict(mutable=True)
    for name in form.base_fields:
        value = given.getlist(name) if isinstance(given, QueryDict) else given.get(name)
        values = value if isinstance(value, list) else [value]
        kept.setlist(name, [each for each in values if each is not None])
    return kept.urlencode()


def each(
    action: Action, *, resource: Resource, ids: Iterable[uuid.UUID], actor: Any, answers: str
) -> Iterator[tuple[uuid.UUID, str]]:
    """Act on one record after the other, as they stand by then; yields its id and why it was refused ("" if not)."""
    for pk in ids:
        yield pk, _one(action, resource=resource, pk=pk, actor=actor, data=QueryDict(answers))


def _one(action: Action, *, resource: Resource, pk: uuid.UUID, actor: Any, data: QueryDict) -> str:
    if not all(ports.allowed(actor, permission=p) for p in (resource.view_permission, action.permission)):
        return "Your role does not include this any more"
    record = resource.visible_to(actor).filter(pk=pk).first()
    if record is None:
        return f"This {resource.singular} is no longer there, or not yours to see"
    form = action_form_class(action)(data=data, actor=actor, record=record)
    if not form.is_valid():
        return " ".join(str(text) for texts in form.errors.values() for text in texts)
    try:
        writes.act(action, resource=resource, record=record, actor=actor, values=form.cleaned_data)
    except DomainError as error:
        return error.message
    except Forbidden:
        return "You may not do this to it"
    return ""
