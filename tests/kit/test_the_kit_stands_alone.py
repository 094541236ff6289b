"""The kit's own suite, in a process and with settings of its own: it knows no app of the product."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_kit_works_without_any_app_of_the_product():
    environment = {
        key: value for key, value in os.environ.items() if not key.startswith(("DJANGO_", "PYTEST_", "COV_"))
    }
    command = [sys.executable, "-m", "pytest", "-c", "tests/kit/pytest.ini", "tests/kit", "-q"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
