"""`./run restore FILE --into DIR`, and `--drill`: a throw-away cluster, restored, proved and removed."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from practice.launch import credentials, paths, venv
from practice.launch.console import LaunchError, say
from practice.launch.credentials import Credentials
from practice.launch.environment import manage
from practice.launch.managing import chosen_state
from practice.launch.paths import ROOT, State
from practice.launch.services import Services, open_services, sweep

# The keys of the data, by the variable that gives them; everything else in the secrets is made new.
KEYS = {
    "SECRET_KEY": "secret_key",
    "PHI_KEYS": "phi_keys",
    "INDEX_KEY": "index_key",
    "FILE_KEYS": "file_keys",
    "BACKUP_KEY": "backup_key",
}
PASSWORDS = "_password"


def arguments(argv: Sequence[str]) -> argparse.Namespace:
    """Parse the command's own words; exactly one of --into and --drill."""
    parser = argparse.ArgumentParser(prog="./run restore", allow_abbrev=False)
    parser.add_argument("file", help="a file made by ./run backup")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--into", metavar="DIR", help="make a new data directory there and restore into it")
    way.add_argument("--drill", action="store_true", help="restore into a throw-away copy and prove it")
    return parser.parse_args(argv)


def main(argv: Sequence[str]) -> int:
    """Restore or drill; the keys come from the environment, else from the data directory in use."""
    chosen = arguments(argv)
    here = Path(os.environ.get("WELLRUN_CWD") or ".")
    file = here.joinpath(chosen.file).absolute()
    if not file.is_file():
        raise LaunchError(f"There is no file {file}.")
    if not venv.is_installed(venv.DEV):
        venv.ensure(venv.RUNTIME)
    source = chosen_state()
    if chosen.drill:
        return drill(file, source=source)
    return into(file, root=here.joinpath(chosen.into).absolute(), source=source)


def keys(source: State) -> dict[str, str]:
    """The keys of the data. Raises LaunchError, naming what is missing."""
    given = {name: os.environ[variable] for variable, name in KEYS.items() if os.environ.get(variable)}
    if source.secrets_file.exists():
        kept = asdict(credentials.load(source.secrets_file))
        return {name: value for name, value in kept.items() if not name.endswith(PASSWORDS)} | given
    needed = [
        variable for variable in KEYS if variable != "SECRET_KEY"
    ]  # sessions end, nothing else leans on it
    if missing := [variable for variable in needed if KEYS[variable] not in given]:
        raise LaunchError(
            f"The keys are not in a backup. Set {', '.join(missing)}, or WELLRUN_STATE to the data directory "
            "the backup was made from."
        )
    return given


def _prepare(state: State, *, kept: dict[str, str]) -> None:
    """A new directory whose secrets are new passwords and the old keys."""
    fresh: Credentials = replace(credentials.generate(), **kept)
    credentials.save(fresh, path=state.secrets_file)


def into(file: Path, *, root: Path, source: State) -> int:
    """Restore into a directory that is empty or not there yet."""
    if root.exists() and any(root.iterdir()):
        raise LaunchError(f"{root} is not empty. A backup is restored into a new directory only.")
    state = State(mode=source.mode, root=root)
    kept = keys(source)
    paths.prepare(state)
    _prepare(state, kept=kept)
    with open_services(state) as services:
        code = _manage(services, "restore", str(file), role="owner")
    if code != 0:
        if not services.admin_url:
            paths.remove(state)
        return code
    say(f"\nLook at it:  WELLRUN_STATE={root} ./run {state.mode}")
    return 0


def drill(file: Path, *, source: State) -> int:
    """Restore into a throw-away cluster, prove it, remove it; the result is kept for the status page."""
    began = time.monotonic()
    sweep()
    kept = keys(source)
    state = paths.throwaway_state("test")
    manifest, result = state.root / "manifest.json", state.root / "drill.json"
    try:
        paths.prepare(state)
        _prepare(state, kept=kept)
        with Services(state=state) as services:
            code = _manage(services, "restore", str(file), "--manifest", str(manifest), role="owner")
            if code == 0:
                say("\nProving the copy")
                code = _manage(services, "drill", str(manifest), "--result", str(result), role="app")
        seconds = round(time.monotonic() - began, 1)
        _record(source, result=result, file=file, seconds=seconds)
    finally:
        paths.remove(state)
    say(f"\nThe drill {'passed' if code == 0 else 'FAILED'} in {seconds:.0f} s.")
    return 1 if code else 0


def _manage(services: Services, *words: str, role: str) -> int:
    done = subprocess.run(manage(*words), cwd=ROOT, env=services.environment(role=role), check=False)
    return done.returncode


def _record(source: State, *, result: Path, file: Path, seconds: float) -> None:
    """Write the outcome where the status page looks for it: in the data directory in use."""
    found = {
        "passed": False,
        "failed": ["Restoring"],
        "at": time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime()),
    }
    if result.exists():
        found = json.loads(result.read_text(encoding="utf-8"))
    found |= {"file": str(file), "seconds": seconds}
    if not source.root.is_dir():
        return
    path = source.root / "backup.json"
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        before = {}
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({**before, "last_drill": found}, indent=1), encoding="utf-8")
    fresh.replace(path)
