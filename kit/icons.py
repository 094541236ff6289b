"""Our own line icons, 16 by 16, drawn with one stroke. An icon stands beside words, never alone."""

from __future__ import annotations

from functools import cache
from typing import Final

from django.utils.safestring import SafeString

from kit.svg import element

PATHS: Final[dict[str, str]] = {
    "arrow-down": "M8 3v10M4.8 9.8 8 13l3.2-3.2",
    "arrow-left": "M13 8H3M6.2 4.8 3 8l3.2 3.2",
    "arrow-right": "M3 8h10M9.8 4.8 13 8l-3.2 3.2",
    "arrow-up": "M8 13V3M4.8 6.2 8 3l3.2 3.2",
    "bell": "M8 1.9c-2.3 0-3.8 1.7-3.8 4 0 3.3-1.4 4.4-1.4 5.3h10.4c0-.9-1.4-2-1.4-5.3 0-2.3-1.5-4-3.8-4Z"
    "M6.5 13.3c.2.6.8 1 1.5 1s1.3-.4 1.5-1",
    "box": "M8 1.8 13.5 4.7v6.6L8 14.2l-5.5-2.9V4.7L8 1.8ZM2.7 4.8 8 7.6l5.3-2.8M8 7.6v6.4",
    "calendar": "M2.5 6.2h11M5.2 1.8v2.4M10.8 1.8v2.4M3.8 3h8.4c.7 0 1.3.6 1.3 1.3v8c0 .7-.6 1.2-1.3 1.2H3.8"
    "c-.7 0-1.3-.5-1.3-1.2v-8C2.5 3.6 3.1 3 3.8 3Z",
    "card": "M2 4h12v8.5H2V4ZM2 6.8h12M4.5 10h2.5",
    "chart": "M2.2 13.8h11.6M4 11.2V8M7.3 11.2V3M10.7 11.2V6",
    "check": "M3 8.5 6.5 12 13 4.5",
    "chevron-down": "M4 6l4 4 4-4",
    "chevron-left": "M10 4 6 8l4 4",
    "chevron-right": "M6 4l4 4-4 4",
    "clock": "M8 4.6v3.6l2.3 1.4M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0Z",
    "columns": "M2.5 3h11v10h-11V3ZM8 3v10",
    "copy": "M5.5 5.5h8v8h-8v-8ZM10.5 5.5v-3h-8v8h3",
    "cross": "M4 4l8 8M12 4l-8 8",
    "download": "M8 2.5v8M4.8 7.3 8 10.5l3.2-3.2M2.8 13.5h10.4",
    "edit": "M10.8 2.7l2.5 2.5-7.6 7.6-3.2.7.7-3.2 7.6-7.6ZM9.2 4.3l2.5 2.5",
    "file": "M4 1.8h5.5L12.5 5v9.2H4V1.8ZM9.3 1.8V5h3.2",
    "filter": "M2.5 4.5h11M4.8 8h6.4M6.8 11.5h2.4",
    "flag": "M4 14V2.5M4 3h8l-1.8 2.8L12 8.6H4",
    "help": "M14 8A6 6 0 1 1 2 8a6 6 0 0 1 12 0ZM6.3 6.4"
    "c.1-1 .8-1.6 1.8-1.6 1 0 1.7.6 1.7 1.5 0 1.2-1.7 1.3-1.7 2.6M8.1 11.1h.01",
    "home": "M2.5 7.5 8 2.5l5.5 5M4 6.5v7h8v-7",
    "key": "M10.3 9.3a3.6 3.6 0 1 0-3.5-2.8L2.2 11v2.8h2.7v-1.7h1.7v-1.7h1.2l.9-.9c.5.2 1 .3 1.6.2Z"
    "M11 5.2h.01",
    "lock": "M4 7.2h8v6.3H4V7.2ZM5.5 7.2V5a2.5 2.5 0 0 1 5 0v2.2",
    "mail": "M2 3.8h12v8.5H2V3.8ZM2.3 4.3 8 8.8l5.7-4.5",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "more": "M3.5 8h.01M8 8h.01M12.5 8h.01",
    "people": "M6 7.2a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8ZM1.5 13.6c.2-2.5 2-4 4.5-4s4.3 1.5 4.5 4"
    "M10.6 2.7a2.4 2.4 0 0 1 0 4.3M12 9.9c1.5.5 2.4 1.8 2.5 3.7",
    "person": "M8 7.4a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4ZM2.7 14c.3-2.7 2.4-4.3 5.3-4.3s5 1.6 5.3 4.3",
    "phone": "M3.5 2.5h2.7l1.2 3-1.6 1.2c.7 1.5 2 2.8 3.5 3.5l1.2-1.6 3 1.2v2.7c0 .6-.5 1-1.1 1"
    "C7.3 13.2 2.8 8.7 2.5 3.6c0-.6.4-1.1 1-1.1Z",
    "play": "M5 3.2v9.6L12.5 8 5 3.2Z",
    "plus": "M8 3v10M3 8h10",
    "print": "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7v-4Z",
    "receipt": "M3.5 1.8h9v12.4l-1.8-1.2-1.35 1.2L8 13l-1.35 1.2L5.3 13l-1.8 1.2V1.8ZM6 5.2h4M6 8h4",
    "refresh": "M13 8a5 5 0 1 1-1.5-3.6M13 2.5v3h-3",
    "search": "M7.2 12a4.8 4.8 0 1 0 0-9.6 4.8 4.8 0 0 0 0 9.6ZM10.8 10.8 14 14",
    "shield": "M8 1.8 13 3.6v4c0 3.1-2 5.3-5 6.6-3-1.3-5-3.5-5-6.6v-4L8 1.8ZM5.8 7.9l1.6 1.6 2.9-3.1",
    "sign-out": "M9.5 2.5h-6v11h6M7 8h7M11.5 5.5 14 8l-2.5 2.5",
    "sliders": "M2 4.7h6.5M12 4.7h2M2 11.3h2M7.5 11.3H14M10.2 6.4a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z"
    "M5.8 13a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4Z",
    "sort": "M5 6.2 8 3.2l3 3M5 9.8l3 3 3-3",
    "trash": "M3 4.5h10M6.2 4.5v-2h3.6v2M4.3 4.5l.6 9h6.2l.6-9",
    "undo": "M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8h-3",
    "warning": "M8 2.5 14.5 13.5h-13L8 2.5ZM8 6.5v3.2M8 11.7h.01",
}


@cache
def icon(name: str) -> SafeString:
    """The icon as inline SVG, hidden from screen readers. Raises KeyError on an unknown name."""
    return element(
        "svg",
        attrs={"class": "wr-icon", "viewBox": "0 0 16 16", "aria-hidden": "true"},
        children=[element("path", attrs={"d": PATHS[name]})],
    )
