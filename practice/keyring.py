"""Do this process's keys fit this database? Asked at its start; the first process of all leaves the words."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from practice.encrypted import CannotDecrypt, blind_index, decrypt, encrypt
from practice.models import KeyWord
from practice.sealing import CannotOpen, seal, unseal

WORD = "wellrun"
BOUND = "keyword"


@dataclass(frozen=True)
class Kind:
    """A kind of key: the setting that holds it, how it seals the word, and whether a sealed word opens."""

    setting: str
    sealed: Callable[[], str]
    opens: Callable[[str], bool]


def _phi_opens(sealed: str) -> bool:
    try:
        return decrypt(sealed, practice_id="global", column=BOUND) == WORD
    except CannotDecrypt:
        return False


def _file_sealed() -> str:
    return base64.b64encode(seal(WORD.encode(), key=settings.FILE_KEYS[0], bound=BOUND)).decode()


def _file_opens(sealed: str) -> bool:
    try:
        return unseal(base64.b64decode(sealed), keys=settings.FILE_KEYS, bound=BOUND)[0] == WORD.encode()
    except (CannotOpen, ValueError):
        return False


KINDS = {
    "phi": Kind("PHI_KEYS", lambda: encrypt(WORD, practice_id="global", column=BOUND), _phi_opens),
    "files": Kind("FILE_KEYS", _file_sealed, _file_opens),
    "index": Kind(
        "INDEX_KEY",
        lambda: blind_index(WORD, practice_id=BOUND),
        lambda sealed: sealed == blind_index(WORD, practice_id=BOUND),
    ),
}


def refusals() -> list[str]:
    """A sentence for each kind of key that does not open this database's word; words that are missing are left."""
    KeyWord.objects.bulk_create(
        [KeyWord(kind=name, sealed=kind.sealed()) for name, kind in KINDS.items()], ignore_conflicts=True
    )
    kept = dict(KeyWord.objects.values_list("kind", "sealed"))
    return [
        f"{kind.setting} does not fit this database: what was protected with the old value would be unreadable. "
        "Put the old key back (behind the new one, if you are changing keys)."
        for name, kind in KINDS.items()
        if not kind.opens(kept[name])
    ]


def renew(name: str) -> None:
    """Put the word of a kind under its newest key: the last act of a rotation."""
    KeyWord.objects.filter(kind=name).update(sealed=KINDS[name].sealed())
