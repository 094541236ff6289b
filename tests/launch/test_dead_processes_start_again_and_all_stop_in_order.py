import os
import signal
import subprocess
import sys
import time

import pytest

from practice.launch import processes
from practice.launch.services import read_runtime
from practice.launch.supervisor import Spec, Supervisor

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
NOTE = """
import os, signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2])
    os._exit(0)
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""
STUBBORN = (sys.executable, "-c", DEAF)


@pytest.fixture
def supervisor(running):
    made = Supervisor(services=running)
    yield made
    made.stop()


def pid_of(running, name):
    return read_runtime(running.state)["children"][name][0]


def wait_for_text(supervisor, name, text):
    assert processes.wait_until(lambda: text in supervisor.log(name).read_text(), seconds=10)


def spec(name, argv, *, grace=2.0):
    return Spec(name, tuple(argv), dict(os.environ), grace=grace)


def test_a_dead_process_starts_again_after_a_pause(running, supervisor, capsys):
    supervisor.add([spec("one", SLEEP)])
    first = pid_of(running, "one")
    os.kill(first, signal.SIGKILL)
    assert processes.wait_until(lambda: supervisor.has_died("one"), seconds=5)

    supervisor.look()
    assert supervisor.has_died("one")  # not at once: a process that cannot start must not spin
    time.sleep(1.1)
    supervisor.look()

    assert not supervisor.has_died("one")
    assert pid_of(running, "one") != first
    assert "one ended (exit -9)" in capsys.readouterr().out


def test_they_stop_in_the_order_they_were_added(supervisor, tmp_path):
    order = tmp_path / "order"
    for name in ("web", "beat", "worker"):
        supervisor.add([spec(name, (sys.executable, "-c", NOTE, str(order), name + " "))])
        wait_for_text(supervisor, name, "up")

    supervisor.stop()

    assert order.read_text() == "web beat worker "


def test_a_process_that_ignores_the_signal_is_killed_when_its_time_is_up(running, supervisor):
    supervisor.add([spec("deaf", STUBBORN, grace=0.5)])
    wait_for_text(supervisor, "deaf", "deaf")
    pid = pid_of(running, "deaf")
    started = time.monotonic()

    supervisor.stop()

    assert time.monotonic() - started < 3
    assert not processes.alive(pid)


def test_a_leftover_of_a_crash_is_ended_but_a_stranger_with_its_number_is_not():
    left = subprocess.Popen(SLEEP, start_new_session=True)
    stranger = subprocess.Popen(SLEEP, start_new_session=True)

    processes.end_group(left.pid, mark=processes.birth(left.pid))
    processes.end_group(stranger.pid, mark="another start time")

    assert left.wait(timeout=5) == -signal.SIGTERM
    assert stranger.poll() is None
    stranger.kill()
    stranger.wait()
