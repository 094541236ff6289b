"""docs/add-a-record.md shows the diff of a real record type: what it shows is what stands in the code."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add-a-record.md").read_text(encoding="utf-8")
DIFF = re.search(r"^```diff\n(.+?)^```$", PAGE, flags=re.MULTILINE | re.DOTALL)[1]
LIMIT = 60


def added():
    """File → the lines the diff adds to it."""
    found, path = {}, ""
    for line in DIFF.splitlines():
        if line.startswith("+++ b/"):
            path = line.removeprefix("+++ b/")
        elif line.startswith("+"):
            found.setdefault(path, []).append(line[1:])
    return found


def test_it_is_short_and_the_page_says_how_short():
    lines = sum(len(each) for each in added().values())
    assert lines <= LIMIT
    assert f"{lines} lines written by hand" in PAGE


@pytest.mark.parametrize("path", added())
def test_every_line_shown_stands_in_the_code(path):
    """Lines that list names (imports) may have grown since; what they named is still named."""
    code = (ROOT / path).read_text(encoding="utf-8")
    there = set(code.splitlines())
    gone = [line for line in added()[path] if line not in there and "import" not in line]
    assert gone == []
    named = {
        word
        for line in added()[path]
        if "import" in line
        for word in re.findall(r"\w+", line.split("import")[1])
    }
    assert named <= set(re.findall(r"\w+", code))
