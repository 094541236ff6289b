import os
import subprocess
import sys
from pathlib import Path

import pytest

from practice.launch import cli
from practice.launch.paths import ROOT

RUN = str(ROOT / "run")


def run(*words, env=None, cwd=None, program=RUN):
    return subprocess.run([program, *words], capture_output=True, text=True, env=env, cwd=cwd, check=False)


def test_alone_it_prints_one_line_for_each_command():
    done = run()

    assert done.returncode == 0
    for name in ("demo", "test", "dev", "lint", "doctor", "manage", "lock", "clean"):
        assert f"./run {name} " in done.stdout


def test_what_is_not_built_is_not_offered(tmp_path):
    names = {command.name for command in cli.offered(root=tmp_path)}

    assert names.isdisjoint({"bench", "check-invariants", "verify-audit"})


def test_a_built_command_is_offered(tmp_path):
    command = tmp_path / "finance" / "management" / "commands" / "check_invariants.py"
    command.parent.mkdir(parents=True)
    command.touch()

    assert "check-invariants" in {command.name for command in cli.offered(root=tmp_path)}


def test_an_unknown_command_is_refused_with_the_list():
    done = run("fly")

    assert done.returncode == 2
    assert "there is no such command" in done.stderr
    assert "./run demo" in done.stderr


def test_it_works_from_another_directory_through_a_link(tmp_path):
    (tmp_path / "wellrun").symlink_to(RUN)

    done = run(program=str(tmp_path / "wellrun"), cwd=tmp_path)

    assert done.returncode == 0
    assert "./run demo" in done.stdout


def test_without_a_recent_python_the_cure_is_named(tmp_path):
    for name in ("sh", "dirname", "readlink", "pwd"):
        if found := next((p for p in (f"/usr/bin/{name}", f"/bin/{name}") if os.path.exists(p)), None):
            (tmp_path / name).symlink_to(found)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    (checkout / "run").write_bytes(Path(RUN).read_bytes())
    (checkout / "run").chmod(0o755)

    done = run(program=str(checkout / "run"), env={"PATH": str(tmp_path), "HOME": str(tmp_path)})

    assert done.returncode == 1
    assert "Wellrun needs Python 3.11 or newer" in done.stderr
    assert "apt-get install -y python3" in done.stderr


def test_the_launcher_needs_nothing_but_the_standard_library():
    modules = sorted(
        path.stem for path in (ROOT / "practice" / "launch").glob("*.py") if path.stem != "__main__"
    )
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
    code += "\n".join(f"import practice.launch.{name}" for name in modules if name != "__init__")

    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("words", [("lint", "x"), ("doctor", "x"), ("clean", "x"), ("demo", "--port", "0")])
def test_a_wrong_argument_ends_with_a_sentence_and_not_a_traceback(words, tmp_path):
    done = run(*words, env={**os.environ, "WELLRUN_STATE": str(tmp_path / "state")})

    assert done.returncode != 0
    assert "Traceback" not in done.stderr
