"""A production process does not start with a weak key or without https; a good one does."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = {"WELLRUN_MODE": "production", "SECRET_KEY": "k" * 64, "WELLRUN_BASE_URL": "https://books.example"}


def start(tmp_path, **changes):
    env = {**os.environ, **GOOD, "WELLRUN_STATE": str(tmp_path), **changes}
    command = [sys.executable, "-c", "import practice.settings"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


def test_a_well_kept_process_starts(tmp_path):
    done = start(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "changes",
    [{"SECRET_KEY": "short"}, {"WELLRUN_BASE_URL": "http://books.example"}, {"WELLRUN_MODE": "live"}],
    ids=["weak key", "no https", "unknown mode"],
)
def test_a_weak_one_does_not(tmp_path, changes):
    done = start(tmp_path, **changes)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr


def test_demo_data_is_refused_in_production(settings):
    from django.core.management import CommandError, call_command

    settings.MODE = "production"
    with pytest.raises(CommandError, match="refused"):
        call_command("seed_demo")
