"""Checkpoints: the ledger's size and root, signed (c2sp.org/tlog-checkpoint, c2sp.org/signed-note, Ed25519)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt import api_jws as jws

from services.errors import InvalidInput, StoreUnavailable

_ED25519 = b"\x01"
_MOST = 64 * 1024


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head whose signature was checked."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A public key with its name, which is also the origin of the checkpoints that it signs."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Of `name+id+key`, as `str` writes it. Raises InvalidInput."""
        parts = text.strip().split("+", 2)
        with contextlib.suppress(ValueError, IndexError):
            material = base64.b64decode(parts[2], validate=True)
            key = cls(parts[0], material[1:])
            if len(material) == 33 and material[:1] == _ED25519 and key.id.hex() == parts[1] and parts[0]:
                return key
        raise InvalidInput(
            "That is no public key of a ledger, or not all of it: `fabric audit checkpoint --key` prints one."
        )

    def open(self, note: str) -> Checkpoint:
        """The checkpoint that a signed note holds. Raises InvalidInput where it is no checkpoint, or not signed by
        this key."""
        text, blank, signatures = note.rpartition("\n\n")
        lines = text.split("\n")
        if not blank or len(note) > _MOST or len(lines) < 3 or not all(lines):
            raise InvalidInput("That is no checkpoint: it has three lines, an empty one and a signature.")
        if lines[0] != self.name:
            raise InvalidInput(f"The checkpoint is of another ledger or key: {lines[0][:200]}.")
        for line in signatures.rstrip("\n").split("\n"):
            if self._signed(f"{text}\n".encode(), line):
                return _head(lines)
        raise InvalidInput("The checkpoint is not signed by this ledger's key.")

    def _signed(self, text: bytes, line: str) -> bool:
        mark, _, rest = line.partition(" ")
        name, _, encoded = rest.partition(" ")
        if (mark, name) != ("—", self.name):
            return False
        try:
            signature = base64.b64decode(encoded, validate=True)
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature[4:], text)
        except (ValueError, InvalidSignature):
            return False
        return signature[:4] == self.id


def _head(lines: list[str]) -> Checkpoint:
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    if (
        not lines[1].isascii()
        or not lines[1].isdecimal()
        or str(int(lines[1])) != lines[1]
        or len(root) != 32
    ):
        raise InvalidInput("The checkpoint's size or root can't be read.")
    return Checkpoint(lines[0], int(lines[1]), root)


class Signer:
    """The ledger's private key, in a file that its owner alone can read; made at first use."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def key(self) -> VerifierKey:
        """Raises StoreUnavailable where the key's file can't be read or made."""
        public = self._private().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return VerifierKey(f"fabric.example/audit/{hashlib.sha256(public).hexdigest()[:16]}", public)

    def sign(self, size: int, root: bytes) -> str:
        """The signed note."""
        key = self.key()
        text = Checkpoint(key.name, size, root).text
        signature = base64.b64encode(key.id + self._private().sign(text.encode())).decode()
        return f"{text}\n— {key.name} {signature}\n"

    def detached(self, payload: bytes) -> str:
        """A signature of the payload, which it doesn't hold: a detached JWS (RFC 7515, appendix F; RFC 8037) whose `kid`
        is the key's name."""
        header = {"alg": "EdDSA", "kid": self.key().name}
        return jws.encode(payload, self._private(), "EdDSA", header, is_payload_detached=True)

    def _private(self) -> Ed25519PrivateKey:
        try:
            if not self._path.exists():
                self._make()
            found = load_pem_private_key(self._path.read_bytes(), None)
        except OSError as error:
            raise StoreUnavailable(
                f"The ledger's key {self._path} can't be read or made ({error.strerror}). Its file belongs to the "
                "user who runs the console."
            ) from error
        except (ValueError, TypeError) as error:
            raise StoreUnavailable(f"{self._path} is not the ledger's key.") from error
        if not isinstance(found, Ed25519PrivateKey):
            raise StoreUnavailable(f"{self._path} is not an Ed25519 key.")
        return found

    def _make(self) -> None:
        """Written whole beside its place and then linked there, so that of several processes one makes it."""
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(
            dir=self._path.parent, prefix=".audit-key-"
        )  # readable by its owner alone
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made)
                file.flush()
                os.fsync(file.fileno())
            with contextlib.suppress(FileExistsError):
                os.link(name, self._path)
        finally:
            Path(name).unlink()
