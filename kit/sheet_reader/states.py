"""US states as sheets write them: by name or by two letters. Pure."""

from __future__ import annotations

from kit.states import STATES

# Name in lower case -> the two letters of the postal service.
CODES = {name.lower(): code for code, name in STATES.items()}

# Code, name and further words, as a field of codes wants them.
CHOICES: tuple[tuple[str, str, tuple[str, ...]], ...] = tuple(
    (code, name, ()) for code, name in STATES.items()
)
