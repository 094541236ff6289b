"""Text messages: what is posted to a gateway, what its answers mean, and that nothing goes out where none is set up."""

import json

import pytest

from practice import outbound, texting
from practice.outbound import Answer, Refused

ADDRESS = "https://texts.example/send"


@pytest.fixture
def asked(settings, monkeypatch):
    """A gateway that answers what a test says; what it was asked is kept."""
    settings.TEXT_GATEWAY_URL, settings.TEXT_GATEWAY_TOKEN = ADDRESS, "t0ken"
    kept = {"calls": [], "answer": Answer(202, {}, b'{"id": "gw-7"}')}

    def call(url, **request):
        kept["calls"].append((url, request))
        if isinstance(kept["answer"], Exception):
            raise kept["answer"]
        return kept["answer"]

    monkeypatch.setattr(outbound, "call", call)
    return kept


def send():
    return texting.gateway().send(to="9145550148", words="Hello", reference="r-1")


def test_a_text_is_posted_with_its_reference_and_the_token(asked):
    receipt = send()
    ((url, request),) = asked["calls"]
    assert (url, request["method"]) == (ADDRESS, "POST")
    assert json.loads(request["body"]) == {"to": "+19145550148", "text": "Hello", "reference": "r-1"}
    assert request["headers"]["Authorization"] == "Bearer t0ken"
    assert request["headers"]["Idempotency-Key"] == "r-1"
    assert (receipt.outcome, receipt.reference) == ("accepted", "gw-7")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "accepted"),
        (204, "accepted"),
        (302, "refused"),
        (400, "refused"),
        (429, "later"),
        (503, "later"),
    ],
)
def test_every_status_is_one_of_three_outcomes(asked, status, outcome):
    asked["answer"] = Answer(status, {}, b"")
    assert send().outcome == outcome


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(TimeoutError(), "later"), (ConnectionRefusedError(), "later"), (Refused("No."), "refused")],
)
def test_a_network_that_fails_is_tried_again_and_a_forbidden_address_is_not(asked, error, outcome):
    asked["answer"] = error
    assert send().outcome == outcome


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b'{"id": null}', b"[" * 5000])
def test_an_answer_that_names_nothing_keeps_our_reference(asked, body):
    asked["answer"] = Answer(200, {}, body)
    receipt = send()
    assert (receipt.outcome, receipt.reference) == ("accepted", "r-1")


def test_a_gateway_without_tls_is_never_called(asked, settings):
    settings.TEXT_GATEWAY_URL = "http://texts.example/send"
    assert send().outcome == "refused"
    assert asked["calls"] == []


def test_without_a_gateway_a_text_is_only_logged_and_in_production_there_is_none(settings, caplog):
    settings.TEXT_GATEWAY_URL = ""
    texting.SENT.clear()
    with caplog.at_level("INFO"):
        receipt = send()
    assert receipt.outcome == "accepted"
    assert texting.SENT == [("9145550148", "Hello", "r-1")]
    assert not texting.gateway().is_real
    assert "Hello" not in caplog.text
    assert "9145550148" not in caplog.text
    settings.MODE = "production"
    assert texting.gateway() is None
