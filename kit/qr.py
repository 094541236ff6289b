"""A QR code as one path: drawn by the page as SVG, so that it prints and needs no picture."""

from __future__ import annotations

from dataclasses import dataclass

import qrcode

QUIET = 4  # modules of white around it (ISO/IEC 18004)


@dataclass(frozen=True, slots=True)
class Code:
    """``size`` modules a side, quiet zone included; ``path`` is SVG path data of the dark ones."""

    size: int
    path: str


def code(text: str) -> Code:
    """The QR code of a text."""
    made = qrcode.QRCode(border=QUIET)
    made.add_data(text)
    made.make(fit=True)
    rows = made.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Code(size=len(rows), path=path)
