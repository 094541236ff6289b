"""The small markup of letters: text in, blocks out, or a refusal that names the line and the word.

Paragraphs are parted by empty lines; ``# `` begins a heading, ``- `` a point of a list; ``**`` switches bold;
``{{ patient.name }}`` is a merge field, ``{{ visit.date|short }}`` one in another form. A section between
``{{ if visit.date }}``, ``{{ else }}`` and ``{{ end }}``, each on a line of its own, is there only when the field is
filled. There is nothing else: no expressions, no loops, no HTML. What looks like them is plain text or refused.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

LONGEST, DEEPEST = 20_000, 5
# Signs that turn the direction of writing: what is read would not be what is there.
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
FIELD = re.compile(
    r"(?P<name>[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)(?:[ ]*\|[ ]*(?P<form>[a-z]+))?", re.ASCII
)
TOKEN = re.compile(r"\{\{(?P<field>[^{}\n]*)\}\}|(?P<open>\{\{)|(?P<bold>\*\*)")
COMMAND = re.compile(r"(?P<word>if|else|end)(?![a-z0-9_.])[ ]*(?P<name>.*)", re.ASCII)


class Kind(StrEnum):
    """What a merge field holds; it decides where it may stand and in which forms."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    ADDRESS = "address"
    LIST = "list"


# The forms of each kind; the first is the one without a word. Those in BLOCKS take lines of their own.
FORMS: dict[Kind, tuple[str, ...]] = {
    Kind.TEXT: ("plain",),
    Kind.DATE: ("long", "short"),
    Kind.MONEY: ("dollars",),
    Kind.ADDRESS: ("block", "line"),
    Kind.LIST: ("points", "sentence"),
}
BLOCKS = frozenset({"block", "points"})
ARTICLE = {
    Kind.TEXT: "text",
    Kind.DATE: "a date",
    Kind.MONEY: "an amount",
    Kind.ADDRESS: "an address",
    Kind.LIST: "a list",
}


class MarkupError(ValueError):
    """A template that cannot be: ``line`` and ``column`` count from 1, ``word`` is what is wrong there."""

    def __init__(self, said: str, *, line: int, column: int, word: str) -> None:
        self.said, self.line, self.column, self.word = said, line, column, word[:60]
        super().__init__(f"Line {line}, “{self.word}”: {said}" if self.word else f"Line {line}: {said}")


@dataclass(frozen=True, slots=True)
class Words:
    """Plain text."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A merge field in a form."""

    name: str
    kind: Kind
    form: str
    bold: bool = False


Line = tuple[Words | Slot, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """Lines that belong together: a paragraph, a heading or the points of a list."""

    shape: str  # "text", "heading", "list"
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks that stand when a field is filled, and those that stand when it is not."""

    name: str
    filled: tuple[Block, ...]
    empty: tuple[Block, ...] = ()


Block = Text | Section


@dataclass(slots=True)
class _Open:
    """A section that has not ended yet."""

    name: str
    line: int
    filled: list[Block] = field(default_factory=list)
    empty: list[Block] | None = None

    def take(self, block: Block) -> None:
        (self.filled if self.empty is None else self.empty).append(block)


def parse(text: str, *, fields: Mapping[str, Kind]) -> tuple[Block, ...]:
    """A letter's body as blocks. Raises MarkupError for what is unknown, misplaced or left open."""
    return _Parser(fields).body(_clean(text))


def parse_line(text: str, *, fields: Mapping[str, Kind]) -> Line:
    """A single line (the subject): words and fields that fit into a line."""
    plain = _clean(text).strip()
    if "\n" in plain:
        raise MarkupError("write the subject in one line.", line=2, column=1, word="")
    return _Parser(fields).line(plain, number=1, start=1)


def names_in(blocks: Sequence[Block]) -> frozenset[str]:
    """Every field a body asks for."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Section):
            found |= {block.name} | names_in(block.filled) | names_in(block.empty)
        else:
            found |= {part.name for line in block.lines for part in line if isinstance(part, Slot)}
    return frozenset(found)


def _clean(text: str) -> str:
    """The text with one kind of line end. Raises for what is too long or cannot be printed."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(plain) > LONGEST:
        raise MarkupError(f"a letter has at most {LONGEST:,} signs.", line=1, column=1, word="")
    for number, line in enumerate(plain.split("\n"), start=1):
        for column, sign in enumerate(line, start=1):
            if not printable(sign):
                raise MarkupError(
                    f"the sign U+{ord(sign):04X} cannot be printed. Delete it.",
                    line=number,
                    column=column,
                    word="",
                )
    return plain


def printable(sign: str) -> bool:
    """Whether a sign may stand in a letter: no control signs, halves of signs or turns of direction."""
    return sign not in TURNING and unicodedata.category(sign) not in ("Cc", "Cs", "Zl", "Zp")


class _Parser:
    """One pass over the lines; ``self.stack`` holds the sections that are open, the letter itself first."""

    def __init__(self, fields: Mapping[str, Kind]) -> None:
        self.fields = fields
        self.stack = [_Open(name="", line=0)]
        self.shape, self.gathered = "text", list[Line]()

    def body(self, text: str) -> tuple[Block, ...]:
        for number, raw in enumerate(text.split("\n"), start=1):
            line = raw.strip(" ")
            start = len(raw) - len(raw.lstrip(" ")) + 1
            if not line:
                self._flush()
            elif command := self._command(line, number=number, start=start):
                self._section(command, number=number, start=start)
            else:
                self._add(line, number=number, start=start)
        self._flush()
        if len(self.stack) > 1:
            left = self.stack[-1]
            raise MarkupError(
                "this section has no {{ end }}.", line=left.line, column=1, word=f"if {left.name}"
            )
        return tuple(self.stack[0].filled)

    def _flush(self) -> None:
        if self.gathered:
            self.stack[-1].take(Text(shape=self.shape, lines=tuple(self.gathered)))
            self.gathered = []

    def _add(self, line: str, *, number: int, start: int) -> None:
        shape, skip = (
            ("heading", 2) if line.startswith("# ") else ("list", 2) if line.startswith("- ") else ("text", 0)
        )
        parts = self.line(line[skip:], number=number, start=start + skip)
        alone = len(parts) == 1 and isinstance(parts[0], Slot) and parts[0].form in BLOCKS
        if shape != self.shape or shape == "heading" or alone:
            self._flush()
        self.shape = shape
        self.gathered.append(parts)
        if shape == "heading" or alone:
            self._flush()

    def _command(self, line: str, *, number: int, start: int) -> re.Match[str] | None:
        token = TOKEN.fullmatch(line)
        inside = token["field"] if token and token["field"] is not None else None
        return COMMAND.fullmatch(inside.strip(" ")) if inside is not None else None

    def _section(self, command: re.Match[str], *, number: int, start: int) -> None:
        self._flush()
        word, name = command["word"], command["name"].strip(" ")
        if word == "if":
            self._known(name, line=number, column=start, word=f"if {name}".strip())
            if len(self.stack) > DEEPEST:
                raise MarkupError(
                    f"sections stand in one another at most {DEEPEST} deep.",
                    line=number,
                    column=start,
                    word=f"if {name}",
                )
            self.stack.append(_Open(name=name, line=number))
            return
        if name:
            raise MarkupError(
                f"write {{{{ {word} }}}} alone.", line=number, column=start, word=f"{word} {name}"
            )
        if len(self.stack) == 1 or (word == "else" and self.stack[-1].empty is not None):
            raise MarkupError("there is no {{ if … }} for this.", line=number, column=start, word=word)
        if word == "else":
            self.stack[-1].empty = []
            return
        done = self.stack.pop()
        self.stack[-1].take(Section(name=done.name, filled=tuple(done.filled), empty=tuple(done.empty or ())))

    def line(self, text: str, *, number: int, start: int) -> Line:
        """The words and fields of one line."""
        parts: list[Words | Slot] = []
        bold_since, place = 0, 0
        for token in TOKEN.finditer(text):
            if token.start() > place:
                parts.append(Words(text[place : token.start()], bold=bool(bold_since)))
            place, column = token.end(), start + token.start()
            if token["bold"]:
                bold_since = 0 if bold_since else column
            elif token["open"]:
                raise MarkupError(
                    "the field that begins here does not end with }} on this line.",
                    line=number, column=column, word=text[token.start() : token.start() + 20],
                )  # fmt: skip
            else:
                parts.append(self._slot(token["field"], bold=bool(bold_since), line=number, column=column))
        if bold_since:
            raise MarkupError(
                "bold begins here and does not end on this line.", line=number, column=bold_since, word="**"
            )
        if place < len(text):
            parts.append(Words(text[place:]))
        self._alone(parts, number=number, start=start)
        return tuple(parts)

    def _alone(self, parts: Sequence[Words | Slot], *, number: int, start: int) -> None:
        for part in parts if len(parts) > 1 else ():
            if isinstance(part, Slot) and part.form in BLOCKS:
                inline = FORMS[part.kind][1]
                raise MarkupError(
                    f"this is {ARTICLE[part.kind]} and stands on a line of its own. "
                    f"Inside a line write {{{{ {part.name}|{inline} }}}}.",
                    line=number, column=start, word=part.name,
                )  # fmt: skip

    def _slot(self, inside: str, *, bold: bool, line: int, column: int) -> Slot:
        asked = inside.strip(" ")
        if COMMAND.fullmatch(asked):
            raise MarkupError("this stands on a line of its own.", line=line, column=column, word=asked)
        found = FIELD.fullmatch(asked)
        if found is None:
            raise MarkupError(
                "this is no field. Fields look like {{ patient.name }}.", line=line, column=column, word=asked
            )
        kind = self._known(found["name"], line=line, column=column, word=asked)
        form = found["form"] or FORMS[kind][0]
        if form not in FORMS[kind]:
            offered = " or ".join(f"“{each}”" for each in FORMS[kind])
            raise MarkupError(
                f"{found['name']} is {ARTICLE[kind]} and cannot be written “{form}”, only {offered}.",
                line=line, column=column, word=asked,
            )  # fmt: skip
        return Slot(name=found["name"], kind=kind, form=form, bold=bold)

    def _known(self, name: str, *, line: int, column: int, word: str) -> Kind:
        if name in self.fields:
            return self.fields[name]
        near = difflib.get_close_matches(name[:80], self.fields, n=1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise MarkupError(f"this letter knows no such field.{hint}", line=line, column=column, word=word)
