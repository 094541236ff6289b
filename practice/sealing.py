"""AES-256-GCM for files: small ones at once, large ones as a stream of chunks. Knows no table and no setting.

Keys are 32 bytes in URL-safe base64 (the form ``FILE_KEYS`` and ``BACKUP_KEY`` have), newest first. ``bound`` says
what a file is and whose; sealed bytes put in another place cannot be opened there.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE, TAG, SALT = 12, 16, 16
CHUNK = 256 * 1024
MAGIC = b"WRSEAL1\n"


class CannotOpen(Exception):
    """No key fits, or the bytes were cut, changed or moved."""


def key_bytes(key: str) -> bytes:
    """The 32 bytes of a key; raises ValueError (without the key) for anything else."""
    try:
        raw = base64.urlsafe_b64decode(key.strip())
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != 32:
        raise ValueError("A key is 32 random bytes in URL-safe base64 (44 characters).")
    return raw


def seal(content: bytes, *, key: str, bound: str) -> bytes:
    """Seal a small file: nonce, ciphertext and tag."""
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key_bytes(key)).encrypt(nonce, content, bound.encode())


def unseal(sealed: bytes, *, keys: Sequence[str], bound: str) -> tuple[bytes, int]:
    """The content, and the number of the key that fitted (0 = the newest). Raises CannotOpen."""
    for number, key in enumerate(keys):
        try:
            return AESGCM(key_bytes(key)).decrypt(sealed[:NONCE], sealed[NONCE:], bound.encode()), number
        except (InvalidTag, ValueError):
            continue
    raise CannotOpen(bound)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    fresh = path.with_name(f"{path.name}.new-{os.getpid()}-{os.urandom(4).hex()}")
    try:
        with fresh.open("xb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _cipher(key: str, *, salt: bytes, bound: str) -> AESGCM:
    """A key of this file's own, so that counted nonces never repeat under one key."""
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=bound.encode()).derive(key_bytes(key)))


def _nonce(number: int, *, last: bool) -> bytes:
    """The chunk's place and whether it is the last: chunks can be neither swapped nor cut off."""
    return number.to_bytes(NONCE - 1, "big") + bytes([last])


class SealedWriter:
    """A binary file that seals what is written to it, chunk by chunk. ``close`` writes the last chunk."""

    def __init__(self, raw: IO[bytes], *, key: str, bound: str) -> None:
        salt = os.urandom(SALT)
        self.raw, self.number, self.waiting = raw, 0, bytearray()
        self.cipher = _cipher(key, salt=salt, bound=bound)
        raw.write(MAGIC + salt)

    def write(self, data: bytes | bytearray | memoryview) -> int:
        """Take any number of bytes."""
        self.waiting += data
        while len(self.waiting) > CHUNK:
            self._out(bytes(self.waiting[:CHUNK]), last=False)
            del self.waiting[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Nothing: a chunk leaves when it is full."""

    def close(self) -> None:
        """Write the last chunk; without it the file does not open. The raw file stays open."""
        self._out(bytes(self.waiting), last=True)
        self.waiting.clear()

    def _out(self, plain: bytes, *, last: bool) -> None:
        self.raw.write(self.cipher.encrypt(_nonce(self.number, last=last), plain, None))
        self.number += 1


def unseal_stream(raw: IO[bytes], *, keys: Sequence[str], bound: str) -> Iterator[bytes]:
    """The plain chunks of a sealed stream. Raises CannotOpen as soon as something does not fit."""
    head = raw.read(len(MAGIC) + SALT)
    if not head.startswith(MAGIC) or len(head) != len(MAGIC) + SALT:
        raise CannotOpen("not a sealed file")
    ciphers = [_cipher(key, salt=head[len(MAGIC) :], bound=bound) for key in keys]
    sealed, number = raw.read(CHUNK + TAG), 0
    while True:
        after = raw.read(CHUNK + TAG) if len(sealed) == CHUNK + TAG else b""
        nonce, plain = _nonce(number, last=not after), None
        for cipher in ciphers:
            try:
                plain, ciphers = cipher.decrypt(nonce, sealed, None), [cipher]
                break
            except (InvalidTag, ValueError):
                continue
        if plain is None:
            raise CannotOpen("wrong key, or the file was cut or changed")
        yield plain
        if not after:
            return
        sealed, number = after, number + 1


class SealedReader:
    """A sealed stream as a readable binary file."""

    def __init__(self, raw: IO[bytes], *, keys: Sequence[str], bound: str) -> None:
        self.chunks = unseal_stream(raw, keys=keys, bound=bound)
        self.waiting = bytearray()

    def read(self, size: int = -1) -> bytes:
        """At most ``size`` bytes, fewer only at the end; all that is left when negative."""
        while size < 0 or len(self.waiting) < size:
            chunk = next(self.chunks, None)
            if chunk is None:
                break
            self.waiting += chunk
        taken = bytes(self.waiting if size < 0 else self.waiting[:size])
        del self.waiting[: len(taken)]
        return taken
