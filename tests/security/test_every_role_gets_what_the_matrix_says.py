"""Role × operation: docs/roles.md says what each default role gets from each address and method; here it is asked.

Every operation of the resolver stands in the file and every pair behaves as it says. After a change that is meant:
``WELLRUN_WRITE_ROLES=1 ./run test tests/security/test_every_role_gets_what_the_matrix_says.py`` and read the diff
(``WELLRUN_WRITE_ROLES=new`` asks only addresses the file does not name yet: a minute instead of twenty).
The normal tier asks two roles of a share of the operations, chosen by the run's random seed; the deep tier all of all.
"""

import os
import random
import re
from pathlib import Path

import pytest
from django.db import transaction

from practice.models import Membership, Practice, Role, User
from practice.permissions import DEFAULT_ROLES, all_permissions, default_permissions
from practice.services import people
from tests.cast import Visitor, actor_named, in_practice
from tests.security.test_no_address_shows_another_practice import Rows, filled, practice_addresses
from tests.security.two_practices import tell
from tests.tiers import DEEP, share

FILE = Path(__file__).parents[2] / "docs" / "roles.md"
WRITE = os.environ.get("WELLRUN_WRITE_ROLES", "")
ROLES = [code for code, *_ in DEFAULT_ROLES]
METHODS = {True: ("GET", "POST", "PUT", "PATCH", "DELETE"), False: ("GET", "POST")}
GETS, REFUSED, HIDDEN, NONE = "yes", "no", "404", "405"
SIGN_IN = "/accounts/login/"


def answer_of(response):
    """What a status means for the asker. A 5xx is nobody's answer."""
    if response.status_code >= 500:
        return f"error {response.status_code}"
    if response.status_code in (302, 303) and SIGN_IN in response.get("Location", ""):
        return "sign in"
    return {401: "401", 403: REFUSED, 404: HIDDEN, 405: NONE}.get(response.status_code, GETS)


class Asker:
    """One role's way in: a session for pages, an API token for the REST addresses."""

    def __init__(self, role):
        actor = actor_named("owner")
        with in_practice(actor):
            user = User.objects.create(email=f"{role}@matrix.example", name=f"Matrix {role}")
            self.membership = people.admit(user, roles=[role], actor=actor)
            _, self.token = people.issue_token(role, role=Role.objects.get(code=role), actor=actor)
        self.browser = Visitor(slug="harbor", raise_request_exception=False)
        self.browser.force_login(user)

    def ask(self, method, address, *, api):
        """One request whose effects are undone, so that the next one finds the same practice."""
        undone = transaction.atomic()
        undone._from_testcase = True  # the request's own outer transaction may stand inside this one
        with undone:
            if api:
                client = Visitor(
                    slug="harbor",
                    raise_request_exception=False,
                    headers={"authorization": f"Bearer {self.token}"},
                )
                more = {} if method == "GET" else {"data": "{}", "content_type": "application/json"}
            else:
                client, more = self.browser, {}
            response = (
                client.generic(method, address, **more) if api else getattr(client, method.lower())(address)
            )
            if response.streaming:
                b"".join(response.streaming_content)
            transaction.set_rollback(True)
        return answer_of(response)


def operations():
    """(key, method, address, is it the API) of everything below /p/<slug>/."""
    rows = Rows()
    for name, route, entry in practice_addresses():
        api = "/api/v1/" in route
        for method in METHODS[api]:
            yield f"{method} {name}", method, filled(name, route, entry, rows).format(slug="harbor"), api


def address_of(key):
    """The name of the address in "GET billing:receipt"."""
    return key.partition(" ")[2]


def written():
    """The committed matrix: key -> role -> answer."""
    rows = re.findall(r"^\| `([^`]+)` \|(.+)\|$", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {
        key: dict(zip(ROLES, (cell.strip() for cell in cells.split("|")), strict=True)) for key, cells in rows
    }


def as_text(matrix):
    """docs/roles.md."""
    lines = [
        "# Who may do what",
        "",
        f"Made by `tests/security/{Path(__file__).name}`; the suite asks every pair. These are the",
        "roles a practice starts with; it may change them. `yes`: served (or a form's errors), `no`: refused with 403",
        "and the permission's name, `404`: looks unknown. Another practice's people get 404 everywhere.",
        "",
    ]
    known = all_permissions()
    for code, name, purpose, above in DEFAULT_ROLES:
        sentences = sorted(known[value].sentence for value in default_permissions(code))
        lines += [f"## {name}", "", purpose + (f" Escalates to {above}." if above else ""), ""]
        lines += [f"May {'; '.join(sentences)}.", ""]
    head = " | ".join(ROLES)
    lines += ["## Operations", "", f"| operation | {head} |", "|---" * (len(ROLES) + 1) + "|"]
    for key, row in sorted(matrix.items(), key=lambda pair: pair[0].split(" ")[::-1]):
        lines.append(f"| `{key}` | " + " | ".join(row[role] for role in ROLES) + " |")
    return "\n".join(lines) + "\n"


def as_said(answer, said):
    """Whether an answer is the file's. What the file leaves out is a method that nobody gets anything from.

    Whether a row is served or hidden (404) depends on whose row the story told first; that hidden rows stay hidden
    is asked by the walks over restricted patients and over another practice's ids. A refusal is never anything else.
    """
    if said is None:
        return answer in (NONE, REFUSED, HIDDEN)
    return answer == said or {answer, said} == {GETS, HIDDEN}


@pytest.fixture
def story(settings, tmp_path, transactional_db):
    settings.MEDIA_ROOT, settings.OUTGOING, settings.INCOMING = tmp_path / "m", tmp_path / "o", tmp_path / "i"
    tell("harbor", number=1)


@pytest.mark.deep
def test_every_pair_behaves_as_the_matrix_says(story, evidence, request):
    askers = {role: Asker(role) for role in ROLES}
    seed = getattr(request.config.option, "randomly_seed", 0)
    rng = random.Random(int(seed) if str(seed).isdigit() else 0)
    matrix, asked, found = ({} if WRITE == "1" else written()), 0, {}
    named = {address_of(key) for key in matrix}
    asked_now = (
        [each for each in operations() if address_of(each[0]) not in named]
        if WRITE
        else share(operations(), one_in=60)
    )
    for key, method, address, api in asked_now:
        roles = ROLES if DEEP or WRITE else rng.sample(ROLES, 2)
        found[key] = {role: askers[role].ask(method, address, api=api) for role in roles}
        asked += len(roles)
    if WRITE:
        offered = {key: row for key, row in found.items() if NONE not in row.values() or GETS in row.values()}
        every = {address_of(key) for key, *_ in operations()}
        kept = {key: row for key, row in matrix.items() if address_of(key) in every}
        FILE.write_text(as_text(kept | offered), encoding="utf-8")
        pytest.skip(f"{FILE} was written: read the diff")
    differ = [
        f"{key} as {role}: {answer}, not {matrix.get(key, {}).get(role, 'in the file')}"
        for key, row in found.items()
        for role, answer in row.items()
        if not as_said(answer, matrix.get(key, {}).get(role))
    ]
    assert differ == [], f"seed {seed}"
    every = {key for key, *_ in operations()}
    gone = {key for key in matrix if key not in every}
    assert gone == set()
    evidence(operations=len(matrix), roles=len(ROLES), pairs_asked=asked, differences=0)


def test_an_ended_member_finds_nothing_at_any_address(story):
    asker = Asker("manager")
    owner = actor_named("owner")
    with in_practice(owner):
        people.end_membership(Membership.objects.get(pk=asker.membership.pk), actor=owner)
    served = []
    for key, method, address, _ in share(operations(), one_in=60):
        if method in ("GET", "POST"):
            answer = asker.ask(method, address, api=False)
            served += [f"{key}: {answer}"] if answer not in (HIDDEN, "sign in", "401") else []
    assert served == []


def test_who_works_for_two_practices_has_each_ones_rights_only(story):
    """The same person: biller here, owner there."""
    stranger = actor_named("stranger")
    owner = actor_named("owner")
    with in_practice(owner):
        user = User.objects.get(pk=stranger.user_id)
        people.admit(user, roles=["biller"], actor=owner)
    visitor = Visitor(slug="harbor")
    visitor.force_login(user)
    assert visitor.at("billing/claims/").status_code == 200
    assert visitor.at("settings/tokens/").status_code == 403
    visitor.slug = "summit"
    assert visitor.at("settings/tokens/").status_code in (200, 302)
    assert Practice.objects.count() == 2


def test_the_sentences_of_the_file_are_those_of_the_code():
    text = FILE.read_text(encoding="utf-8")
    known = all_permissions()
    for code, name, *_ in DEFAULT_ROLES:
        part = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        for value in default_permissions(code):
            assert known[value].sentence in part, (code, value)
