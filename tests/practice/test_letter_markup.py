"""The markup of letters: whatever is typed is either refused with its place or merges without raising."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from practice.rules.letter_markup import LONGEST, Kind, MarkupError, names_in, parse, parse_line
from practice.rules.letter_merge import as_text, in_a_row, long_date, merge, merge_line

FIELDS = {
    "patient.name": Kind.TEXT, "patient.address": Kind.ADDRESS, "visit.date": Kind.DATE,
    "denial.amount": Kind.MONEY, "claim.services": Kind.LIST,
}  # fmt: skip
VALUES = {
    "patient.name": "Ana {{ x }} **Li**", "patient.address": ("1 Mill Road", "Harborview, NY 10562"),
    "visit.date": date(2026, 3, 4), "denial.amount": Decimal("-1234.5"), "claim.services": ("a", "b", "c"),
}  # fmt: skip
REFUSED = [
    ("Dear {{ patient.nmae }}", 1, 6, "patient.nmae", "Did you mean patient.name?"),
    ("a\n\n{{ if visit.date }}\nx", 3, 1, "if visit.date", "no {{ end }}"),
    ("a\n{{ end }}", 2, 1, "end", "no {{ if"),
    ("{{ if visit.date }}\n{{ else }}\n{{ else }}\n{{ end }}", 3, 1, "else", "no {{ if"),
    ("x {{ if visit.date }} y", 1, 3, "if visit.date", "line of its own"),
    ("{{ visit.date|upper }}", 1, 1, "visit.date|upper", "is a date"),
    ("{{ denial.amount|short }}", 1, 1, "denial.amount|short", "is an amount"),
    ("x {{ patient.address }}", 1, 1, "patient.address", "line of its own"),
    ("  - {{ claim.services }} x", 1, 5, "claim.services", "claim.services|sentence"),
    ("{{ patient.name", 1, 1, "{{ patient.name", "does not end"),
    ("so **bold", 1, 4, "**", "does not end"),
    ("{{ 7*7 }}", 1, 1, "7*7", "no field"),
    ("{{ patient.__class__ }}", 1, 1, "patient.__class__", "no field"),
    ("{{ settings.SECRET_KEY }}", 1, 1, "settings.SECRET_KEY", "no field"),
    ("{{ patient.name.upper }}", 1, 1, "patient.name.upper", "no such field"),
    ("{{ patient.name|safe }}", 1, 1, "patient.name|safe", "is text"),
    ("{{ patient.name() }}", 1, 1, "patient.name()", "no field"),
    ("ok\nbad\x00", 2, 4, "", "U+0000"),
    ("turn\u202e", 1, 5, "", "U+202E"),
    ("half \ud800", 1, 6, "", "U+D800"),
    ("{{ if visit.date }}\n" * 6, 6, 1, "if visit.date", "at most 5 deep"),
    ("x" * (LONGEST + 1), 1, 1, "", "at most 20,000"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "word", "said"), REFUSED)
def test_what_cannot_be_is_refused_with_line_and_word(text, line, column, word, said):
    with pytest.raises(MarkupError) as refused:
        parse(text, fields=FIELDS)
    found = refused.value
    assert (found.line, found.column, found.word) == (line, column, word)
    assert said in str(found)


def test_a_letter_comes_out_as_it_was_meant():
    text = (
        "# About {{ patient.name }}\nDear **{{ patient.name }}**,\nsee you.\n- on {{ visit.date }}\n"
        "{{ if denial.amount }}\n- owed {{ denial.amount }}\n{{ end }}\n\n{{ patient.address }}\n"
        "{{ patient.address|line }}: {{ claim.services|sentence }}, {{ visit.date|short }}\n\n"
        "{{ if visit.date }}\nkept\n{{ else }}\ndropped\n{{ end }}"
    )
    blocks = parse(text, fields=FIELDS)
    merged = merge(blocks, values=VALUES, labels={})
    assert as_text(merged.pieces) == (
        "About Ana {{ x }} **Li**\n\nDear Ana {{ x }} **Li**,\nsee you.\n\n- on March 4, 2026\n- owed −$1,234.50\n\n"
        "1 Mill Road\nHarborview, NY 10562\n\n1 Mill Road, Harborview, NY 10562: a, b and c, 03/04/2026\n\nkept"
    )
    assert merged.missing == ()
    assert merged.pieces[1].lines[0][1].bold
    assert names_in(blocks) == set(FIELDS)


def test_html_and_template_tags_are_words():
    text = "<script>x</script> {% include '/etc/passwd' %} {{ patient.name }} }} {x}"
    merged = merge(parse(text, fields=FIELDS), values=VALUES, labels={})
    assert (
        as_text(merged.pieces) == "<script>x</script> {% include '/etc/passwd' %} Ana {{ x }} **Li** }} {x}"
    )


def test_what_is_missing_is_named_once_and_shown_as_a_gap():
    first = "{{ patient.name }} {{ patient.name }} {{ visit.date }}"
    text = f"{first}\n\n{{{{ if visit.date }}}}\n{{{{ claim.services }}}}\n{{{{ end }}}}"
    merged = merge(parse(text, fields=FIELDS), values={"patient.name": " "}, labels={"visit.date": "Day"})
    assert merged.missing == ("patient.name", "visit.date")
    assert as_text(merged.pieces) == "[patient.name] [patient.name] [Day]"


def test_a_text_with_paragraphs_of_its_own_keeps_them_and_a_heading_stays_one_line():
    values = {"patient.name": "one\ntwo\n\nthree"}
    merged = merge(
        parse("{{ patient.name }}\n\n# {{ patient.name }}", fields=FIELDS), values=values, labels={}
    )
    assert as_text(merged.pieces) == "one\ntwo\n\nthree\n\none two  three"


def test_a_value_of_another_kind_is_a_mistake_of_ours():
    with pytest.raises(TypeError, match="kind date"):
        merge(parse("{{ visit.date }}", fields=FIELDS), values={"visit.date": "tomorrow"}, labels={})


def test_a_subject_is_one_line():
    line = parse_line("Visit of {{ visit.date }}", fields=FIELDS)
    assert merge_line(line, values=VALUES, labels={}, language="es") == ("Visit of 4 de marzo de 2026", ())
    with pytest.raises(MarkupError):
        parse_line("a\nb", fields=FIELDS)


def test_spanish_has_its_own_words():
    assert long_date(date(2026, 12, 1), language="es") == "1 de diciembre de 2026"
    assert in_a_row(("a", "b"), language="es") == "a y b"
    assert in_a_row(("a",), language="en") == "a"


PARTS = st.sampled_from(
    ["{{ ", " }}", "{{", "}}", "**", "# ", "- ", "\n", "\n\n", "if ", "else", "end", "|", "short", "line", " ",
     *FIELDS, "nmae", "<b>", "{%", "\r\n", "\t", "é", "\x07", "{{ end }}\n", "{{ if visit.date }}\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PARTS, max_size=25).map("".join))


def parsed(text):
    try:
        return parse(text, fields=FIELDS), None
    except MarkupError as refused:
        return (), refused


@given(text=TEXTS, name=st.text(max_size=40), known=st.booleans())
def test_any_text_is_refused_with_its_place_or_merges(text, name, known):
    blocks, refused = parsed(text)
    if refused is not None:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert 1 <= refused.line <= lines
        assert refused.column >= 1
        return
    values = {**VALUES, "patient.name": name} if known else {}
    merged = merge(blocks, values=values, labels={})
    assert isinstance(as_text(merged.pieces), str)
    assert set(merged.missing) <= names_in(blocks)
