"""kit.status and the status tag."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template

from kit.status import Status, StatusChoices, status_of


class ClaimStatus(StatusChoices):
    DRAFT = "draft", "Draft", "muted"
    DENIED = "denied", "Denied", "bad"


class Claim:
    class Status(StatusChoices):
        PAID = "paid", "Paid", "ok"

    status = "paid"


class Job:
    class State(StatusChoices):
        WAITING = "waiting", "Waiting", "info"

    state = "waiting"


def shown(source: str, **values: object) -> str:
    return Template("{% load kit_format %}" + source).render(Context(values)).strip()


def test_members_keep_value_and_label_as_django_knows_them() -> None:
    assert ClaimStatus.choices == [("draft", "Draft"), ("denied", "Denied")]
    assert ClaimStatus("denied") is ClaimStatus.DENIED
    assert ClaimStatus.DENIED == "denied"


def test_a_member_carries_its_tone() -> None:
    assert ClaimStatus.DENIED.tone == "bad"
    assert ClaimStatus.DRAFT.tone == "muted"


@pytest.mark.parametrize("member", [("x", "X"), ("x", "X", "purple"), "x"])
def test_a_member_without_a_known_tone_cannot_be_declared(member: object) -> None:
    with pytest.raises(TypeError, match="needs \\(value, label, tone\\)"):
        type(StatusChoices)("Bad", (StatusChoices,), _body(member))


def _body(member: object) -> object:
    body = type(StatusChoices).__prepare__("Bad", (StatusChoices,))
    body["X"] = member
    return body


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (ClaimStatus.DENIED, Status("Denied", "bad")),
        (Status("Open", "info"), Status("Open", "info")),
        (Claim(), Status("Paid", "ok")),
        (Job(), Status("Waiting", "info")),
        (SimpleNamespace(label="Late", tone="warn"), Status("Late", "warn")),
    ],
)
def test_the_status_of_a_thing_is_found(thing: object, expected: Status) -> None:
    assert status_of(thing) == expected


@pytest.mark.parametrize("thing", ["denied", None, SimpleNamespace(label="x", tone="purple")])
def test_a_word_without_a_tone_is_refused(thing: object) -> None:
    with pytest.raises(TypeError, match="neither"):
        status_of(thing)


def test_the_badge_says_the_word_and_has_the_class_of_its_tone() -> None:
    html = shown("{% status s %}", s=ClaimStatus.DENIED)
    assert html == '<span class="wr-status wr-status--bad">Denied</span>'


def test_the_pill_stands_beside_the_heading() -> None:
    assert "wr-status--pill" in shown("{% status s pill=True %}", s=Status("Open", "ok"))


def test_a_badge_made_in_a_template_needs_a_known_tone() -> None:
    assert "wr-status--bad" in shown('{% badge "Overdue" "bad" as late %}{% status late %}')
    with pytest.raises(TypeError):
        shown('{% badge "Overdue" "pink" as late %}')


def test_the_word_is_escaped() -> None:
    assert "&lt;b&gt;" in shown("{% status s %}", s=Status("<b>", "ok"))
