# ruff: noqa: S101  these are tests
"""The tests every Resource has by existing. A project subclasses ``ResourceCases`` and sets the ``stage``.

class TestEveryResource(ResourceCases):
    @pytest.fixture
    def stage(self, db): return Stage(...)
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kit import registry
from kit.resource import Resource

FEW, MANY = 3, 12
GONE, REFUSED = (302, 401), 403


@dataclass(frozen=True, kw_only=True)
class Sample:
    """How a test gets records of one Resource.

    make: (actor, count) → that many records of practice A, the way services make them, inside its transaction.
    form: (actor) → texts the create form accepts; None when nobody adds one by hand.
    """

    make: Callable[[Any, int], Sequence[models.Model]]
    form: Callable[[Any], Mapping[str, str]] | None = None


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Who stands on it, and what lies around. Roles are names of practice A's cast, most powerful first."""

    slug: str
    roles: Sequence[str]
    client: Callable[[str], Client]  # a role's browser; "" is nobody, "stranger" owns practice B
    may: Callable[[str, str], bool]  # (role, permission)
    records: Callable[[Resource, int], Sequence[models.Model]]  # through the Resource's Sample
    form: Callable[[Resource], Mapping[str, str] | None]
    count: Callable[[Resource], int]  # rows of its table in practice A

    def with_permission(self, permission: str) -> Client:
        """The browser of somebody who holds it; a permission nobody holds is a mistake in the roles."""
        role = next((role for role in self.roles if self.may(role, permission)), None)
        assert role is not None, f"no role of the cast holds {permission}"
        return self.client(role)

    def without_permission(self, permission: str) -> Client:
        """The browser of somebody who lacks it; skips where everybody holds it."""
        role = next((role for role in reversed(self.roles) if not self.may(role, permission)), None)
        if role is None:
            pytest.skip(f"every role of the cast holds {permission}")
        return self.client(role)

    def at(self, path: str) -> str:
        """An address in practice A."""
        return f"/p/{self.slug}/{path}"


def looks(resource: Resource, *, pk: Any = None) -> list[str]:
    """Addresses that show records: lists without a key, pages of one record with it."""
    endpoints = f"api/v1/{resource.api_path or resource.path}"
    if pk is not None:
        return [f"{resource.path}/{pk}/", *([f"{endpoints}/{pk}/"] if resource.api else [])]
    sheets = [f"{resource.path}/export/csv/", f"{resource.path}/export/xlsx/"] if resource.export else []
    return [f"{resource.path}/", *sheets, *([f"{endpoints}/"] if resource.api else [])]


class ResourceCases:
    """Every Resource × list, detail, new, edit, actions, sheets, API × nobody, wrong, foreign, right."""

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """One run per Resource."""
        if "resource" in metafunc.fixturenames:
            every = registry.every()
            metafunc.parametrize("resource", every, ids=[resource.name for resource in every])

    def test_the_right_role_gets_in_and_nobody_else(self, resource: Resource, stage: Stage) -> None:
        record = stage.records(resource, 1)[0]
        paths = (*looks(resource), *looks(resource, pk=record.pk))
        for path in paths:
            assert stage.client("").get(stage.at(path)).status_code in GONE, path
            assert stage.client("stranger").get(stage.at(path)).status_code == 404, path
        client = stage.with_permission(resource.view_permission)
        tail = "?view=all"
        for path in paths:
            address = stage.at(path) + ("" if path.startswith("api/") else tail)
            assert client.get(address).status_code == 200, path
        assert str(record.pk) in client.get(stage.at(f"{resource.path}/{tail}")).content.decode()
        wrong = stage.without_permission(resource.view_permission)  # where everybody may look, this ends it
        for path in paths:
            assert wrong.get(stage.at(path)).status_code == REFUSED, path

    def test_a_sheet_has_a_line_for_every_row(self, resource: Resource, stage: Stage) -> None:
        if not resource.export:
            pytest.skip("has no sheets")
        client = stage.with_permission(resource.export_permission or resource.view_permission)
        stage.records(resource, FEW)
        body = client.get(stage.at(f"{resource.path}/export/csv/?view=all")).content.decode("utf-8-sig")
        lines = list(csv.reader(io.StringIO(body)))
        assert len(lines[0]) == len(resource.columns)
        assert len(lines) > FEW

    def test_a_list_costs_the_same_for_twelve_rows_as_for_three(
        self, resource: Resource, stage: Stage
    ) -> None:
        client = stage.with_permission(resource.view_permission)
        paths = [f"{resource.path}/?view=all", *(p for p in looks(resource) if p.startswith("api/"))]
        stage.records(resource, FEW)
        for path in paths:
            client.get(stage.at(path))  # sessions and caches settle first
        few = [self._cost(client, stage.at(path)) for path in paths]
        stage.records(resource, MANY - FEW)
        assert [self._cost(client, stage.at(path)) for path in paths] == few

    def test_adding_takes_its_permission_and_adds_one(self, resource: Resource, stage: Stage) -> None:
        form = stage.form(resource)
        if not resource.creatable or form is None:
            pytest.skip("is not added by hand")
        address, before = stage.at(f"{resource.path}/new/"), stage.count(resource)
        assert stage.with_permission(resource.create_permission).get(address).status_code == 200
        answer = stage.with_permission(resource.create_permission).post(address, form)
        assert answer.status_code == 302, answer.content.decode()[-3000:]
        assert stage.count(resource) == before + 1
        refused = stage.without_permission(resource.create_permission).post(address, form)
        assert refused.status_code == REFUSED
        assert stage.count(resource) == before + 1

    def test_changing_takes_its_permission(self, resource: Resource, stage: Stage) -> None:
        if not resource.updatable:
            pytest.skip("is not changed by hand")
        address = stage.at(f"{resource.path}/{stage.records(resource, 1)[0].pk}/edit/")
        assert stage.with_permission(resource.update_permission).get(address).status_code == 200
        assert stage.client("stranger").get(address).status_code == 404
        refused = stage.without_permission(resource.update_permission)
        assert refused.get(address).status_code == REFUSED
        assert refused.post(address, {}).status_code == REFUSED

    def test_every_act_takes_its_permission(self, resource: Resource, stage: Stage) -> None:
        if not resource.actions:
            pytest.skip("has no actions")
        pk = stage.records(resource, 1)[0].pk
        for action in resource.actions:
            address = stage.at(f"{resource.path}/{pk}/do/{action.name}/")
            refused = stage.without_permission(action.permission).post(address, {"reason": "test"})
            assert refused.status_code == REFUSED, action.name
            assert stage.client("stranger").post(address, {"reason": "test"}).status_code == 404

    @staticmethod
    def _cost(client: Client, address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)
