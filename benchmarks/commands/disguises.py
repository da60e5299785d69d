"""How a name may be hidden from a filter and still be read by a person. Written apart from the filter."""

from __future__ import annotations

import random

_CYRILLIC = dict(zip("aceopxyiABCEHKMOPTX", "асеорхуіАВСЕНКМОРТХ", strict=True))
_DIGITS = str.maketrans("oOiIeEsSaA", "0011335544")
_ACCENTS = "\u0301\u0308\u0323\u0336"


def plain(name: str, _rng: random.Random) -> str:
    return name


def case(name: str, rng: random.Random) -> str:
    return "".join(c.upper() if rng.random() < 0.5 else c.lower() for c in name)


def cyrillic(name: str, _rng: random.Random) -> str:
    return "".join(_CYRILLIC.get(c, c) for c in name)


def wide(name: str, _rng: random.Random) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def bold(name: str, _rng: random.Random) -> str:
    return "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in name.lower())


def unseen(name: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice("\u200b\u00ad\u2060\u200d") if rng.random() < 0.5 else "") for c in name)


def accents(name: str, rng: random.Random) -> str:
    return "".join(c + (rng.choice(_ACCENTS) if c.isalpha() and rng.random() < 0.4 else "") for c in name)


def digits(name: str, _rng: random.Random) -> str:
    return name.translate(_DIGITS)


def spaced(name: str, rng: random.Random) -> str:
    return rng.choice((" ", ".", "-", "_")).join(name.replace(" ", ""))


def broken(name: str, rng: random.Random) -> str:
    at = rng.randrange(2, max(3, len(name) - 2))
    return f"{name[:at]}-\n{name[at:]}"


def slip(name: str, rng: random.Random) -> str:
    """One slip inside a long name: a letter lost, doubled, or two swapped."""
    if len(name) < 8 or not name.isalpha():
        return name
    at = rng.randrange(2, len(name) - 2)
    kind = rng.randrange(3)
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + name[at] + name[at:]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


ALL = (plain, case, cyrillic, wide, bold, unseen, accents, digits, spaced, broken, slip)
