import socket

import pytest

from practice.launch import ports
from practice.launch.console import LaunchError


@pytest.fixture
def taken():
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        yield server.getsockname()[1]


def test_a_wanted_port_that_is_taken_is_refused_with_its_number(taken):
    with pytest.raises(LaunchError, match=f"Port {taken} is in use"):
        ports.web_port(taken)


def test_without_a_wish_the_next_free_port_is_taken(taken, monkeypatch):
    monkeypatch.setattr(ports, "WEB_PORT", taken)

    found = ports.web_port()

    assert taken < found < taken + 100


@pytest.mark.parametrize("number", [0, -1, 70000])
def test_an_impossible_port_is_refused(number):
    with pytest.raises(LaunchError, match="is not a port number"):
        ports.web_port(number)


def test_a_free_port_can_be_bound_and_nobody_answers_there():
    port = ports.free_port()

    assert ports.is_free(port)
    assert not ports.answers(port)


def test_waiting_for_a_port_ends_when_the_time_is_up():
    assert not ports.wait_for(ports.free_port(), seconds=0.2)


def test_waiting_for_a_port_that_answers_ends_at_once(taken):
    assert ports.wait_for(taken, seconds=5)
