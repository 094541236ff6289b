"""What a text message costs in segments (GSM 03.38, 3GPP TS 23.040), and the words that end texts. Plain values."""

from __future__ import annotations

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each
ALONE, JOINED = 160, 153  # places of a text of one segment, and of each of several
WIDE_ALONE, WIDE_JOINED = 70, 67  # the same in UCS-2, when one sign is outside of the two sets above
STOPS = {"en": "Reply STOP for no more texts.", "es": "Responda STOP para no recibir más mensajes."}


def segments(text: str) -> int:
    """How many segments a text is sent and paid as; 0 for none."""
    if all(sign in BASIC or sign in EXTENDED for sign in text):
        places = len(text) + sum(sign in EXTENDED for sign in text)
        alone, joined = ALONE, JOINED
    else:
        places = len(text.encode("utf-16-be")) // 2
        alone, joined = WIDE_ALONE, WIDE_JOINED
    return -(-places // (alone if places <= alone else joined))


def as_text(body: str, *, language: str) -> str:
    """A body as one line, with the words that say how to end texts: whatever stands in it, those are never missing."""
    return f"{' '.join(body.split())} {STOPS[language]}"
