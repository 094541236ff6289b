"""Pictures of parts, compared with the committed ones pixel by pixel.

A baseline is a PNG of half the size and of few colours (all of them stay small), made by one major version of Chromium
with one set of fonts (``made-with.json``). Anti-aliasing and the few colours move pixels a little: one counts as other
when a channel is more than ``FAR`` away, and ``SOME`` may be.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageChops
from playwright.sync_api import Page

FOLDER = Path(__file__).parent / "baselines"
MADE_WITH = FOLDER / "made-with.json"
FOUND = Path(tempfile.gettempdir()) / "wellrun-pictures"
RENEW = bool(os.environ.get("WELLRUN_RENEW_PICTURES"))
COMMAND = "WELLRUN_RENEW_PICTURES=1 ./run test tests/browser/test_parts_look_as_they_did.py"
FAR, SOME = 20, 24
PALETTES = (8, 12, 16, 24, 32, 48, 64, 128, 256)
# What the fonts of this machine make of one line, in pixels: other fonts, other pictures.
MEASURE = """() => {
  const pen = document.createElement("canvas").getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  return ["400 13px ", "600 20px ", "500 12px "].map((each) => {
    pen.font = each + family;
    return Math.round(pen.measureText("Wellrun claim 10482, $1,234.56").width * 100) / 100;
  });
}"""


def browser(page: Page) -> dict[str, Any]:
    """What the pictures depend on besides our own code."""
    version = page.context.browser.version if page.context.browser else ""
    return {"chromium": version.split(".")[0], "widths": page.evaluate(MEASURE)}


def other_browser(page: Page) -> str:
    """Why nothing can be compared here, '' when it can."""
    if RENEW or not MADE_WITH.exists():
        return ""  # without pictures every comparison says so
    made, here = json.loads(MADE_WITH.read_text(encoding="utf-8")), browser(page)
    if made["chromium"] != here["chromium"]:
        return (
            f"the pictures were made with Chromium {made['chromium']}, this is {here['chromium']}: {COMMAND}"
        )
    return "" if made["widths"] == here["widths"] else f"the pictures were made with other fonts: {COMMAND}"


def remember(page: Page) -> None:
    """Write down what the pictures are being made with."""
    FOLDER.mkdir(exist_ok=True)
    MADE_WITH.write_text(json.dumps(browser(page)) + "\n", encoding="utf-8")


def shot(page: Page) -> Image.Image:
    """The window."""
    return Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")


def stretch(page: Page, *, width: int) -> None:
    """Make the window as high as all that is in it: the content scrolls inside the shell, not with the page."""
    high = page.evaluate(
        "Math.ceil(Math.max(main.scrollHeight + 200, document.documentElement.scrollHeight))"
    )
    page.set_viewport_size({"width": width, "height": high})


def other_pixels(one: Image.Image, two: Image.Image) -> Image.Image:
    """White where two pictures of the same size differ."""
    red, green, blue = ImageChops.difference(one, two).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point(lambda value: 255 if value > FAR else 0)


def matches(one: Image.Image, two: Image.Image) -> bool:
    """Whether nobody would see a difference."""
    return one.size == two.size and other_pixels(one, two).histogram()[255] <= SOME


def save(picture: Image.Image, *, path: Path) -> None:
    """As few colours as keep it the same picture; a file that still shows the same is left alone."""
    if path.exists() and matches(Image.open(path).convert("RGB"), picture):
        return
    for colours in PALETTES:
        # Maximum coverage keeps a colour of few pixels, such as a status's shape; a median cut would drop it.
        small = picture.quantize(colours, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        if other_pixels(small.convert("RGB"), picture).histogram()[255] <= SOME // 4:
            small.save(path, optimize=True)
            return
    picture.save(path, optimize=True)


def compare(picture: Image.Image, *, name: str) -> str:
    """What differs from the baseline of that name, '' when nothing does; renews it when that was asked for."""
    path = FOLDER / f"{name}.png"
    picture = picture.resize(((picture.width + 1) // 2, (picture.height + 1) // 2), Image.Resampling.BOX)
    if RENEW:
        save(picture, path=path)
        return ""
    if not path.exists():
        return f"{name}: there is no picture of it yet"
    kept = Image.open(path).convert("RGB")
    if matches(kept, picture):
        return ""
    FOUND.mkdir(exist_ok=True)
    kept.save(FOUND / f"{name}.was.png")
    picture.save(FOUND / f"{name}.png")
    if kept.size != picture.size:
        return (
            f"{name}: was {kept.size[0]} by {kept.size[1]} pixels, is {picture.size[0]} by {picture.size[1]}"
        )
    changed = other_pixels(kept, picture)
    changed.save(FOUND / f"{name}.diff.png")
    return f"{name}: {changed.histogram()[255]} pixels differ, around {changed.getbbox()}"
