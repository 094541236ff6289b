"""Every class of the design system gets its shape in one file; paper, phones and pages apart speak of it elsewhere.

Two files that each give one class its shape undo each other unseen.
"""

from __future__ import annotations

import re

from practice.launch.paths import ROOT

CSS = ROOT / "assets" / "css"
# Another medium, another page or another width: these files are meant to speak about classes of the others.
ELSEWHERE = {"phone.css", "print.css", "pdf.css", "wall.css"}
# A rule whose whole selector is one class, outside of any media query.
ALONE = re.compile(r"(?:^|\})\s*\.(wr-[\w-]+) \{", re.MULTILINE)
QUERY = re.compile(r"@(?:media|container)[^{]*\{(?:[^{}]|\{[^{}]*\})*\}")


def homes() -> dict[str, set[str]]:
    """Class -> the files that shape it."""
    found: dict[str, set[str]] = {}
    for path in CSS.glob("*.css"):
        if path.name not in ELSEWHERE:
            for name in ALONE.findall(QUERY.sub("", path.read_text(encoding="utf-8"))):
                found.setdefault(name, set()).add(path.name)
    return found


def test_no_class_is_shaped_in_two_files():
    found = homes()
    assert len(found) > 100, "the files were not read"
    assert {name: files for name, files in found.items() if len(files) > 1} == {}
