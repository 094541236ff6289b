"""What turns a declaration into pages and endpoints grows only on purpose (docs/adr/0018)."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Part -> its files in kit/, and the most lines of code they may have together. docs/kit.md shows the same.
PARTS = {
    "Declaration": ("resource.py registry.py fields.py urls.py", 390),
    "Lists": ("listing.py filters.py sorting.py cells.py views/lists.py", 640),
    "Details": ("views/details.py links.py", 170),
    "Forms": ("forms.py writes.py views/edits.py views/gate.py", 395),
    "Actions, many at once, sheets out": ("bulk.py views/actions.py views/exports.py", 175),
    "Endpoints": ("api.py serializers.py schema.py strict.py etags.py", 580),
}
SAYS_NOTHING = (
    tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER,
)  # fmt: skip


def code_lines(path):
    """Lines that do something: no blank ones, comments or docstrings."""
    source = path.read_text(encoding="utf-8")
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in SAYS_NOTHING:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(source)):
        documented = isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        if documented and ast.get_docstring(node) is not None:
            lines.difference_update(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return len(lines)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_of_the_kit_is_no_heavier_than_decided(part):
    files, most = PARTS[part]
    weight = sum(code_lines(ROOT / "kit" / name) for name in files.split())
    assert weight <= most, f"{part}: {weight} lines, at most {most}. Write it shorter, or change ADR 18."
    assert weight > most - 40, f"{part}: only {weight} lines. Bring its limit of {most} down too."


def test_the_page_about_the_kit_shows_the_same_limits():
    page = (ROOT / "docs" / "kit.md").read_text(encoding="utf-8")
    for part, (files, most) in PARTS.items():
        named = ", ".join(f"`{name}`" for name in files.split())
        assert f"| {part} | {named} | {most} |" in page
