"""The ladder and the anatomy, by machine (ARCHITECTURE.md 1, 2)."""

import ast
import subprocess
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

ROOT = Path(__file__).parents[2]
FORBIDDEN_NAMES = {"utils.py", "helpers.py", "common.py", "base.py", "misc.py", "extras.py"}
LADDER = [
    {"kit"},
    {"practice"},
    {"staff"},
    {"patients", "finance"},
    {"scheduling"},
    {"billing"},
    {"compliance"},
    {"reports"},
    {"interop"},
]
PYTHON = [
    path
    for app in settings.HOUSE
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]


def short(path):
    return str(path.relative_to(ROOT))


def rung(app):
    return next(number for number, apps_there in enumerate(LADDER) if app in apps_there)


def test_imports_point_down_the_ladder():
    done = subprocess.run(
        ["lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:]


def test_no_foreign_key_points_up():
    ups = []
    for model in apps.get_models():
        app = model._meta.app_label
        for field in model._meta.local_fields:
            other = field.related_model._meta.app_label if field.is_relation else None
            if app in settings.HOUSE and other in settings.HOUSE and rung(other) > rung(app):
                ups.append(f"{model.__name__}.{field.name}")
    assert ups == []


@pytest.mark.parametrize("path", PYTHON, ids=short)
def test_no_file_is_over_400_lines_or_hides_in_a_drawer(path):
    assert path.name not in FORBIDDEN_NAMES
    assert len(path.read_text().splitlines()) <= 400


def test_no_function_is_over_forty_lines():
    long = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = node.end_lineno - node.body[0].lineno + 1  # a long signature is no long function
                if lines > 40:
                    long.append(f"{short(path)}:{node.name} {lines}")
    assert long == []


def test_no_template_is_over_150_lines():
    long = [
        short(path)
        for path in sorted((ROOT / "templates").rglob("*.html"))
        if len(path.read_text().splitlines()) > 150
    ]
    assert long == []


def test_rules_are_pure():
    """Rules import the standard library, each other and the codec only: no ORM, no clock, no settings."""
    impure = []
    for path in PYTHON:
        # <app>/rules.py and <app>/rules/: services/rules.py and its like are about rules that a practice sets.
        if path.relative_to(ROOT).parts[1] not in ("rules", "rules.py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            impure += [
                f"{short(path)}: {name}"
                for name in names
                if name.split(".")[0] in ("django", "rest_framework")
            ]
    assert impure == []


def test_no_signals_and_no_unsafe_markup():
    words = ("django.dispatch", "@receiver(", "|safe}}", "|safe }}", "{% autoescape off")
    found = [
        f"{short(path)}: {word}"
        for path in [*PYTHON, *sorted((ROOT / "templates").rglob("*.html"))]
        for word in words
        if word in path.read_text()
    ]
    assert found == []
