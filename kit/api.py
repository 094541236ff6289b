"""REST endpoints from Resources: the same selectors, forms, services and permissions as the pages."""

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from django.db import models
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse
from rest_framework import viewsets
from rest_framework.decorators import action as extra_route
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from kit import bulk, etags, filters, listing, paging, ports, registry, strict, writes
from kit.errors import DomainError, Forbidden
from kit.forms import AnyForm, FormClass, action_form_class, form_class, values_of
from kit.keyed import READS, KeyedView
from kit.resource import BULK_IDS, Action, Resource
from kit.schema import HouseSchema
from kit.serializers import Outcomes, body_shape, columns, input_serializer, output_serializer, shape

# Before the names of a Resource's actions: one called "delete" must not answer the verb of that name.
DO, MANY = "do_", "bulk_"


class ResourceSchema(HouseSchema):
    """Names an operation after its Resource and takes request bodies from its forms."""

    view: "ResourceViewSet"  # type: ignore[override]

    def get_operation_id(self) -> str:
        """``staff_credential_verify``."""
        return f"{self.view.resource.key}_{self.view.step}".replace("-", "_")

    def get_tags(self) -> list[str]:
        """One tag per app."""
        return [self.view.resource.name.split(".")[0]]

    def get_description(self) -> str:  # type: ignore[override]  # drf-spectacular's own signature
        """The consequence of an action, as the page says it; else what the operation does."""
        resource, act = self.view.resource, self.view.act_asked
        if act:
            whom = (
                f"up to {BULK_IDS} {resource.plural}, each by itself" if self.view.many else resource.singular
            )
            return f"{act.label}: {whom}. {act.consequence or act.hint}".strip()
        searched = " With q the first ones that match, in the list's own order." if resource.find else ""
        words = {
            "list": f"Every {resource.singular} you may see, oldest first, a page at a time.{searched}",
            "retrieve": f"One {resource.singular}, with its ETag.",
            "create": f"Add a {resource.singular}.",
            "partial_update": f"Change the given fields of a {resource.singular}; the others stay as they are.",
        }
        return words.get(self.view.step, "")

    def get_request_serializer(self) -> Any:
        """The form of a create, update or action, as a serializer."""
        resource, name, act = self.view.resource, self.view.step, self.view.act_asked
        if act:
            made = input_serializer(
                action_form_class(act), name=f"{resource.key}_{name}_input", many=self.view.many
            )
            return made()
        if name == "create":
            form = form_class(resource)
            return input_serializer(form, name=f"{resource.key}_new", without=form.only_later)()
        if name == "partial_update":
            form = form_class(resource)
            return input_serializer(form, name=f"{resource.key}_change", without=form.only_new)(partial=True)
        return None

    def get_response_serializers(self) -> Any:
        """The record; an action that took it out of the actor's sight answers without one."""
        answer = super().get_response_serializers()
        if self.view.many:
            return {"200": Outcomes}
        if self.view.act_asked:
            gone = OpenApiResponse(description="Done; the record is no longer yours to see")
            return {"200": answer, "204": gone}
        return answer if self.method == "GET" else {"201" if self.view.step == "create" else "200": answer}


class ResourceViewSet(KeyedView, viewsets.GenericViewSet[models.Model]):
    """One Resource as endpoints; ``router`` makes a subclass of it for each."""

    resource: Resource
    schema = ResourceSchema()
    pagination_class = paging.Pages
    filter_backends = [DjangoFilterBackend]
    lookup_value_converter = "uuid"

    @property
    def step(self) -> str:
        """``list``, ``retrieve``, ``create``, ``partial_update``, or an action's name, for many with ``bulk_``."""
        return (self.action or "").removeprefix(DO)

    @property
    def many(self) -> bool:
        """Whether an action is asked for many records at once."""
        return self.step.startswith(MANY)

    @property
    def act_asked(self) -> Action | None:
        """The action that is asked for."""
        return self.resource.action(self.step.removeprefix(MANY))

    def needs_key(self, *, method: str) -> bool:
        """As the Resource or its action declares."""
        act = self.act_asked
        return act.keyed if act else self.step == "create" and self.resource.keyed

    def needs_match(self, *, method: str) -> bool:
        """Changes of a contested record."""
        return self.step == "partial_update" and self.resource.contested

    def parameters(self, *, method: str) -> Collection[str]:
        """A list knows its filters and its paging; nothing else knows any."""
        if self.step != "list" or method not in READS:
            return ()
        return (*filters.filterset_class(self.resource).base_filters, *paging.PARAMETERS)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse who may not see this kind of record before anything is read."""
        super().initial(request, *args, **kwargs)
        self._require(self.resource.view_permission)

    def get_queryset(self) -> models.QuerySet[models.Model]:
        """What the actor may see, with the links the answer names."""
        if getattr(self, "swagger_fake_view", False):
            return self.resource.model_class._default_manager.none()
        return self.resource.visible_to(self.actor)

    def list(self, request: Request, **kwargs: Any) -> Response:
        """A page of records, oldest first."""
        queryset = self.filter_queryset(self.get_queryset())
        if named := columns(self.resource):
            queryset = queryset.select_related(None).only(*named)
        if self.resource.find and request.query_params.get(filters.SEARCH, "").strip():
            return self._searched(queryset, size=paging.Pages().get_page_size(request))
        found = self.paginate_queryset(queryset) or []
        self._seen([record.pk for record in found], action="listed")
        return self.get_paginated_response(self._written(found))

    def _searched(self, queryset: models.QuerySet[models.Model], *, size: int) -> Response:
        """The first page of what was searched for, in the order of the list: an index finds these and reads no more."""
        order = listing.order(self.resource, sort=self.resource.default_sort)
        found = list(order.apply(queryset)[:size])
        self._seen([record.pk for record in found], action="searched")
        return Response({"next": None, "previous": None, "results": self._written(found)})

    def retrieve(self, request: Request, pk: uuid.UUID, **kwargs: Any) -> Response:
        """One record and its ETag."""
        return self._answer(self._found(pk))

    def act(self, act: Action, *, pk: uuid.UUID) -> Response:
        """Run one of the Resource's actions."""
        self._require(act.permission)
        record = self._found(pk)
        etags.check_match(self.request.headers.get("If-Match"), record=record, required=False)
        form = self._form(action_form_class(act), record=record, start={})
        actor = self.actor
        writes.act(act, resource=self.resource, record=record, actor=actor, values=form.cleaned_data)
        again = self.resource.visible_to(actor).filter(pk=pk).first()
        return self._answer(again) if again else Response(status=204)

    def act_on_many(self, act: Action) -> Response:
        """Run an action on each of the named records, as the page does for selected rows."""
        self._require(act.permission)
        given = self._given(action_form_class(act), many=True)
        ids = given.get("ids")
        if not isinstance(ids, list) or not ids:
            raise DomainError("Send the ids of the records as a list", field="ids")
        done = ports.bulk(
            self.request._request,
            resource=self.resource,
            action=act,
            ids=bulk.ids_of(ids),
            answers=bulk.answers_of(given, form=action_form_class(act)),
            later=False,
        )
        refused = [{"id": str(pk), "detail": why} for pk, why in done.outcomes if why]
        return Response({"done": [str(pk) for pk, why in done.outcomes if not why], "refused": refused})

    def _require(self, permission: str) -> None:
        if not ports.allowed(self.actor, permission=permission):
            raise Forbidden(permission)

    def _found(self, pk: uuid.UUID) -> models.Model:
        record = self.get_queryset().filter(pk=pk).first()
        if record is None:
            raise Http404
        return record

    def _given(self, made: FormClass, *, many: bool = False) -> dict[str, Any]:
        given = self.request.data
        if not isinstance(given, dict):
            raise ParseError("Send a JSON object")
        without = {"create": made.only_later, "partial_update": made.only_new}.get(self.step, ())
        name = f"{self.resource.key}_{self.step}_typed"
        described = body_shape(made, name=name, many=many, without=without)
        unknown = set(given) - set(described.fields)
        if unknown:
            raise DomainError(f"Unknown field: {', '.join(sorted(map(str, unknown)))}")
        # Each of many would be refused alone, and none of them if there are none.
        wrong = strict.mistakes(described, data=given) or (
            strict.missing(described, data=given) if many else {}
        )
        if wrong:
            raise ValidationError(wrong)
        return given

    def _form(self, made: FormClass, *, record: models.Model | None, start: dict[str, Any]) -> AnyForm:
        form = made(data={**start, **self._given(made)}, actor=self.actor, record=record)
        if not form.is_valid():
            raise FormRefused(form)
        return form

    def _written(self, records: Iterable[models.Model]) -> Sequence[Any]:
        out = shape(self.resource)
        return [out.to_representation(record) for record in records]

    def _answer(self, record: models.Model, *, status: int = 200) -> Response:
        self._seen([record.pk], action="opened")
        (written,) = self._written([record])
        return Response(written, status=status, headers={"ETag": etags.etag_of(record)})

    def _seen(self, ids: Sequence[Any], *, action: str) -> None:
        if self.resource.phi and ids:
            ports.log_read(self.request._request, kind=self.resource.name, ids=ids, action=action)


class Addable(ResourceViewSet):
    """POST on the list, for a Resource with a create service."""

    def create(self, request: Request, **kwargs: Any) -> Response:
        """Add a record."""
        self._require(self.resource.create_permission)
        form = self._form(form_class(self.resource), record=None, start={})
        record = writes.create(self.resource, actor=self.actor, values=form.cleaned_data)
        return self._answer(record, status=201)


class Changeable(ResourceViewSet):
    """PATCH on a record, for a Resource with an update service."""

    def partial_update(self, request: Request, pk: uuid.UUID, **kwargs: Any) -> Response:
        """Change the given fields of a record."""
        self._require(self.resource.update_permission)
        record = self._found(pk)
        etags.check_match(request.headers.get("If-Match"), record=record, required=self.resource.contested)
        made = form_class(self.resource)
        form = self._form(made, record=record, start=values_of(record, form=made))
        writes.update(self.resource, record=record, actor=self.actor, values=form.cleaned_data)
        return self._answer(self._found(pk))


class FormRefused(ValidationError):
    """A form's mistakes as a 422."""

    def __init__(self, form: AnyForm) -> None:
        super().__init__({name: [str(text) for text in texts] for name, texts in form.errors.items()})


def _route(act: Action, *, many: bool = False) -> Callable[..., Response]:
    def run(self: ResourceViewSet, request: Request, pk: uuid.UUID | None = None, **kwargs: Any) -> Response:
        return self.act(act, pk=pk) if pk else self.act_on_many(act)

    run.__name__ = f"{DO}{MANY * many}{act.name}"
    run.__doc__ = act.consequence or act.hint or act.label
    name = f"bulk/{act.name}" if many else act.name
    return extra_route(detail=not many, methods=["post"], url_path=name, url_name=name.replace("/", "-"))(run)


def viewset(resource: Resource) -> type[ResourceViewSet]:
    """The endpoints one declaration asks for."""
    given: dict[str, Any] = {
        "resource": resource,
        "serializer_class": output_serializer(resource),
        "schema": ResourceSchema(),
        "filterset_class": filters.filterset_class(resource),
        "queryset": resource.model_class._default_manager.none(),
        "__doc__": f"{resource.plural.capitalize()}.",
    }
    given |= {f"{DO}{act.name}": _route(act) for act in resource.actions}
    given |= {f"{DO}{MANY}{act.name}": _route(act, many=True) for act in resource.actions if act.bulk}
    able = [Addable] * resource.creatable + [Changeable] * resource.updatable
    return type(f"{resource.key}_api", (*able, ResourceViewSet), given)


def router() -> SimpleRouter:
    """Routes of every Resource with an API; URL names ``api:<app>_<noun>-list|detail|<action>``."""
    made = SimpleRouter(use_regex_path=False)
    for resource in registry.every():
        if resource.api:
            made.register(resource.api_path or resource.path, viewset(resource), basename=resource.key)
    return made
