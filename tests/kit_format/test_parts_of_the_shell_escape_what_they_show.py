"""Icons, empty states, messages, the frame of a page."""

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.template import Context, Template
from django.test import RequestFactory

from kit import icons
from kit.shell import layout_for
from kit.svg import element


def shown(source: str, **values: object) -> str:
    return Template("{% load kit_format kit_shell %}" + source).render(Context(values))


@pytest.mark.parametrize("name", sorted(icons.PATHS))
def test_an_icon_is_hidden_from_screen_readers(name: str) -> None:
    html = icons.icon(name)
    assert html.startswith("<svg ")
    assert 'aria-hidden="true"' in html
    assert f'<path d="{icons.PATHS[name]}"/>' in html


def test_an_unknown_icon_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        shown('{% icon "unicorn" %}')


def test_the_builder_escapes_text_and_attributes() -> None:
    html = element(
        "text",
        attrs={"aria-label": '"><script>', "x": None},
        children=["<b>", element("tspan", children=["&"])],
    )
    assert html == '<text aria-label="&quot;&gt;&lt;script&gt;">&lt;b&gt;<tspan>&amp;</tspan></text>'


@pytest.mark.parametrize(("name", "attrs"), [("a b", {}), ("g", {'x" onload="y': 1}), ("", {})])
def test_the_builder_refuses_names_that_are_none(name: str, attrs: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="name"):
        element(name, attrs=attrs)


def test_an_empty_state_says_what_why_and_one_action() -> None:
    html = shown(
        '{% empty_state "No claims yet" text "New claim" "/new/" icon="receipt" small=True %}',
        text="<i>why</i>",
    )
    assert "<h2>No claims yet</h2>" in html
    assert "&lt;i&gt;why&lt;/i&gt;" in html
    assert '<a class="btn btn-primary" href="/new/">New claim</a>' in html
    assert "wr-empty--small" in html


def test_an_empty_state_without_action_has_no_button() -> None:
    assert "btn" not in shown('{% empty_state "No denials waiting" %}')


@pytest.mark.parametrize(
    ("level", "tone"),
    [
        (constants.SUCCESS, "ok"),
        (constants.WARNING, "warn"),
        (constants.ERROR, "bad"),
        (constants.INFO, "info"),
        (99, "info"),
    ],
)
def test_a_message_has_the_tone_of_its_level(level: int, tone: str) -> None:
    assert shown("{{ m|message_tone }}", m=Message(level, "Saved")) == tone


def test_the_side_panel_gets_the_page_without_the_frame() -> None:
    factory = RequestFactory()
    assert layout_for(factory.get("/")) == "base.html"
    assert layout_for(factory.get("/", headers={"HX-Target": "results"})) == "base.html"
    assert layout_for(factory.get("/", headers={"HX-Target": "panel-body"})) == "shell/panel.html"
