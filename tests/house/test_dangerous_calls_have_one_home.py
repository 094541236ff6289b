"""What can leak or run things has one home each (ARCHITECTURE.md 11); anywhere else it fails here."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).parents[2]
SOURCES = [
    path
    for app in settings.HOUSE
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and "launch" not in path.parts
]
# name -> (what is forbidden, as a dotted name or its beginning; where it lives, with the reason)
BANS = {
    "weasyprint": (("weasyprint",), {"kit/pdf.py": "the one PDF helper"}),
    "outbound HTTP": (
        ("requests", "urllib.request", "urllib3", "http.client", "httpx", "socket"),
        {
            "practice/outbound.py": "the one HTTP helper",
            "practice/walk.py": "./run demo --check is a user with a browser on loopback",
        },
    ),
    "sheet writers": (
        ("csv.writer", "csv.DictWriter", "xlsxwriter"),
        {"kit/sheets.py": "the one sheet writer"},
    ),
    "sheet readers": (("openpyxl",), {"kit/sheet_reader/workbook.py": "the one reader of uploads"}),
    "the wall clock": (
        (
            "datetime.date.today",
            "datetime.datetime.now",
            "datetime.datetime.today",
            "datetime.datetime.utcnow",
            "django.utils.timezone.localdate",
            "django.utils.timezone.now",
            "time.localtime",
        ),
        {
            "kit/clock.py": "the one clock",
            "practice/models/draft.py": "a column's default, which a migration names",
        },
    ),
    "unsafe markup": (("django.utils.safestring.mark_safe",), {"kit/svg.py": "escapes every part"}),
    "XML without defusedxml": (("xml.etree", "xml.dom", "xml.sax", "lxml"), {}),
    "code from data": (("pickle", "marshal", "shelve", "yaml.load", "eval", "exec"), {}),
    "processes": (
        ("subprocess", "os.system", "os.popen"),
        {
            "practice/migration_rules.py": "squawk, before a release",
            "practice/services/backups.py": "pg_dump",
            "practice/services/restores.py": "pg_restore",
            "practice/services/drills.py": "a throw-away cluster",
        },
    ),
    "settings that outlive the transaction": (("SET SESSION",), {}),
}
# A walk is told by the demo's clock; it types what a person would read off the wall.
WALKS = re.compile(r"^\w+/walk\.py$")


def imported(tree):
    """What each local name stands for: ``from datetime import date`` makes ``date`` ``datetime.date``."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                names[alias.asname or alias.name.split(".")[0]] = (
                    alias.name if alias.asname else alias.name.split(".")[0]
                )
                names.setdefault(alias.name, alias.name)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def dotted(node):
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def used(source):
    """Every dotted name that a source imports or touches, spelt out in full."""
    tree = ast.parse(source)
    names = imported(tree)
    found = set(names.values())
    for node in ast.walk(tree):
        name = dotted(node) if isinstance(node, ast.Attribute | ast.Name) else ""
        head, _, rest = name.partition(".")
        found.add(f"{names.get(head, head)}.{rest}" if rest else names.get(head, head))
    return found


def broken(source, *, where):
    """The bans that a source breaks."""
    touched = used(source)
    found = []
    for ban, (words, homes) in BANS.items():
        at_home = where in homes or (ban == "the wall clock" and WALKS.match(where))
        found += [
            f"{where}: {ban} ({word})"
            for word in (() if at_home else words)
            if any(f"{name}.".startswith(f"{word}.") for name in touched) or (" " in word and word in source)
        ]
    if re.search(r"set_config\([^)]*,\s*false\s*\)", source, re.IGNORECASE):
        found.append(f"{where}: set_config(..., false) leaks into other people's transactions")
    return found


def test_every_dangerous_call_is_at_home():
    assert [
        fault for path in SOURCES for fault in broken(path.read_text(), where=str(path.relative_to(ROOT)))
    ] == []


PLANTED = {
    "weasyprint": "from weasyprint import HTML\n",
    "outbound HTTP": "import urllib.request as r\nr.urlopen('https://x')\n",
    "sheet writers": "import csv\ncsv.writer(out)\n",
    "sheet readers": "import openpyxl\n",
    "the wall clock": "from datetime import date as d\nd.today()\n",
    "unsafe markup": "from django.utils.safestring import mark_safe\n",
    "XML without defusedxml": "import xml.etree.ElementTree as ET\n",
    "code from data": "x = eval('1')\n",
    "processes": "import os\nos.system('ls')\n",
    "settings that outlive the transaction": "cursor.execute('SET SESSION x = 1')\n",
}


@pytest.mark.parametrize("ban", BANS)
def test_the_ban_finds_what_it_forbids(ban):
    assert any(f": {ban} (" in fault for fault in broken(PLANTED[ban], where="billing/planted.py"))


def test_a_leaking_setting_is_found():
    assert broken("c.execute(\"SELECT set_config('app.practice_id', %s, false)\")", where="x.py")


def test_our_scripts_write_no_markup():
    """Text goes into the page as text; htmx alone swaps what the server rendered."""
    words = re.compile(
        r"\.innerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function\(|localStorage|"
        r"sessionStorage\.setItem"
    )
    found = [
        f"{path.relative_to(ROOT)}: {match.group(0)}"
        for path in sorted((ROOT / "assets" / "js").rglob("*.js"))
        for match in words.finditer(path.read_text())
    ]
    assert found == []
    assert words.search("node.innerHTML = text")
    assert words.search("localStorage.setItem('draft', text)")
