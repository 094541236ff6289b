"""The collected static files: compressing them takes half a minute, so it is done once per content."""

from __future__ import annotations

import shutil
from pathlib import Path

from practice.launch import frontend, site, venv
from practice.launch.locks import only_one
from practice.launch.paths import ROOT, WORK, make_open_folder
from practice.launch.services import Services

CACHE = WORK / "static"
STAMP = ".wellrun-content"
SOURCES = ("dist", "img")


def content() -> str:
    """One hash over everything that decides what is collected: our files, the packages' versions, settings."""
    ours = [p for name in SOURCES for p in (ROOT / "static" / name).rglob("*") if p.is_file()]
    return frontend.digest([*ours, venv.lock_file(venv.RUNTIME), ROOT / "practice" / "settings.py"])


def ensure(services: Services) -> None:
    """Have the current files below the state's `static`: there already, copied, or collected."""
    wanted, place = content(), services.state.root / "static"
    if _holds(place, wanted=wanted):
        return
    make_open_folder(WORK)
    with only_one(WORK / "static.lock"):
        shutil.rmtree(place, ignore_errors=True)
        if _holds(CACHE, wanted=wanted):
            shutil.copytree(CACHE, place)
            return
        words = ("collectstatic", "--no-input", "-v", "0")
        site.django(services, *words, role="app", what="Collecting static files")
        (place / STAMP).write_text(wanted, encoding="utf-8")
        _keep(place)


def _holds(folder: Path, *, wanted: str) -> bool:
    try:
        return (folder / STAMP).read_text(encoding="utf-8") == wanted
    except OSError:
        return False


def _keep(place: Path) -> None:
    """Copy the result beside the repository, for throw-away states; whole or not at all."""
    fresh = CACHE.with_name("static.new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(place, fresh)
    shutil.rmtree(CACHE, ignore_errors=True)
    fresh.replace(CACHE)
