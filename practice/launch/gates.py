"""`./run test`: every gate on a throw-away database, or pytest alone on what is named."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from practice.launch import checks, frontend, paths, schema, system, venv
from practice.launch.checks import Outcome
from practice.launch.console import LaunchError, Steps, say
from practice.launch.paths import ROOT, VENV, State
from practice.launch.services import Services, sweep

NO_TESTS = 5  # pytest's exit code when it collected nothing
TYPO = "./run test --deep needs a name: ./run test --deep NAME"


@dataclass(frozen=True)
class Request:
    """A parsed command line: what goes to pytest, and the deep run's name."""

    words: list[str] = field(default_factory=list)
    deep: str = ""

    @property
    def whole(self) -> bool:
        """Whether this is the whole suite with every gate."""
        return not self.words and not self.deep


@dataclass(frozen=True)
class Counts:
    """pytest's totals; errors count as failures."""

    passed: int
    failed: int
    skipped: int


def parse(argv: Sequence[str]) -> Request:
    """Take --deep NAME out; an app's name stands for its tests; everything else is pytest's."""
    words, deep, rest = [], "", list(argv)
    while rest:
        word = rest.pop(0)
        if word == "--deep":
            if not rest or rest[0].startswith("-"):
                raise LaunchError(TYPO)
            deep = rest.pop(0)
        elif word.startswith("--deep="):
            deep = word.partition("=")[2]
        else:
            words.append(_as_path(word))
    return Request(words=words, deep=deep)


def _as_path(word: str) -> str:
    """`patients` is tests/patients; a path relative to where the person stands is made absolute."""
    if word.startswith("-"):
        return word
    path, _, node = word.partition("::")
    here = Path(os.environ.get("WELLRUN_CWD") or ROOT)
    if (ROOT / "tests" / path).is_dir() and "/" not in path:
        return f"tests/{path}"
    if here != ROOT and (here / path).exists():
        return str(here / path) + (f"::{node}" if node else "")
    return word


def main(argv: Sequence[str]) -> int:
    """Set up, run, clear up. The last line printed is `N passed, M failed`."""
    request = parse(argv)
    steps = Steps(total=4)
    sweep()
    state = paths.throwaway_state("test")
    try:
        browser = _set_up(steps, request=request, log=state.root / "setup.log")
        services = Services(state=state)
        with steps.step("Starting a throw-away PostgreSQL and Valkey"):
            services.__enter__()
        try:
            env = {**services.environment(role="owner"), **browser}
            if request.deep:
                env["WELLRUN_DEEP"] = request.deep
            # Migrating takes a core ten seconds where no dump is kept: the static gates have the other meanwhile.
            with ThreadPoolExecutor(max_workers=1) as beside:
                tables = beside.submit(schema.template, services, env=env)
                gates = checks.static_gates() if request.whole else []
                outcomes = [checks.run_gate(gate, env=env) for gate in gates]
                with steps.step("Preparing the tests' tables"):
                    env["WELLRUN_TEST_TEMPLATE"] = tables.result()
            return _run(request, outcomes, env=env, state=state)
        finally:
            services.__exit__()
    finally:
        paths.remove(state)


def _set_up(steps: Steps, *, request: Request, log: Path) -> dict[str, str]:
    """Packages, front end, system libraries; returns what the tests are told about the browser."""
    with steps.step("Checking the packages"):
        venv.ensure(venv.DEV)
    with steps.step("Checking the front end"):
        _front_end(steps, request=request)
        if request.whole or request.deep or any("browser" in word for word in request.words):
            note = system.ensure_pango(log)
            chromium, missing = system.ensure_chromium(log)
            pooler = system.ensure_pgbouncer(log)
        else:
            note, chromium, missing, pooler = None, system.find_chromium(), None, None
        for text in filter(None, (note, missing, pooler)):
            steps.note(text)
    return {"WELLRUN_BROWSER": "1", "WELLRUN_CHROMIUM": chromium} if chromium else {"WELLRUN_BROWSER": "0"}


def _front_end(steps: Steps, *, request: Request) -> None:
    """Build it; for a few named tests a build that fails is a remark, not the end."""
    try:
        frontend.ensure()
    except LaunchError as error:
        if request.whole or request.deep:
            raise
        steps.note(str(error))


def _run(request: Request, outcomes: list[Outcome], *, env: dict[str, str], state: State) -> int:
    """The gates that need tables (whole suite only), then pytest, then the totals."""
    if request.whole:
        outcomes += [checks.run_gate(gate, env=env) for gate in checks.database_gates()]
    outcome, counts = _pytest(request, env=env, report=state.root / "report.xml")
    outcomes.append(outcome)
    if request.whole:
        say(checks.summary(outcomes))
        if env["WELLRUN_BROWSER"] == "0":
            say("\n** BROWSER TESTS WERE SKIPPED: no Chromium **")
    broken = sum(not one.passed for one in outcomes[:-1])
    if counts.skipped or broken:
        say(f"\n{counts.skipped} tests skipped; {broken} gates failed (counted below)")
    # A pytest that broke without a failing test (collection, coverage) must not read as "0 failed".
    failed = (counts.failed or int(not outcome.passed)) + broken
    say(f"{counts.passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


def _pytest(request: Request, *, env: dict[str, str], report: Path) -> tuple[Outcome, Counts]:
    words = [str(VENV / "bin" / "pytest"), f"--junitxml={report}", "-o", "junit_family=xunit1"]
    if request.whole:
        # In our own order (conftest.py): xdist's begins with the files of most tests, and the workers would end apart.
        # One more than the cores of a small machine: tests that stop and kill things wait a third of their time.
        words += ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    if request.deep:
        words += ["-m", "deep"]
    say("\n== pytest")
    started = time.monotonic()
    done = subprocess.run([*words, *request.words], cwd=ROOT, env=env, check=False)
    counts = read_report(report)
    nothing = done.returncode == NO_TESTS
    if nothing:
        say("No test was found.")
    passed = done.returncode == 0
    return Outcome("pytest", passed=passed, seconds=time.monotonic() - started), counts


def read_report(path: Path) -> Counts:
    """The totals of pytest's own XML report; zeros when it was never written."""
    try:
        root = ElementTree.parse(path).getroot()  # noqa: S314 (our own pytest wrote it)
    except (OSError, ElementTree.ParseError):
        return Counts(passed=0, failed=0, skipped=0)
    total = failed = skipped = 0
    for suite in root.iter("testsuite"):
        total += int(suite.get("tests", 0))
        failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped += int(suite.get("skipped", 0))
    return Counts(passed=max(total - failed - skipped, 0), failed=failed, skipped=skipped)
