"""How well controlled substances are found under disguises, how often ordinary text is taken for one, and how fast.

    python -m benchmarks.medicines

Disguises are made from the generic names and brands of the table, so the figures tell how disguises are undone, not
how complete the table is. The time is set against one regular expression of all names, which finds no disguise.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable

from services.knowledge.lexicon import lexicon
from services.knowledge.medicines.controlled import controlled_in
from services.knowledge.medicines.tables import items, rows

_CYRILLIC = dict(zip("aceopxyis", "асеорхуіѕ", strict=True))
_GREEK = dict(zip("aoviu", "αονιυ", strict=True))
_DIGITS = dict(zip("oeiast", "031457", strict=True))
_HIDDEN = "\u200b\u200c\u200d\u2060\u00ad\u202e\u2066\ufeff"


def _letters(name: str) -> list[int]:
    return [i for i, c in enumerate(name) if c.isalpha()]


def _swapped(table: dict[str, str]) -> Callable[[random.Random, str], str]:
    def change(chance: random.Random, name: str) -> str:
        return "".join(table[c] if c in table and chance.random() < 0.8 else c for c in name)

    return change


def _alphabet(first: str, capital: str) -> Callable[[random.Random, str], str]:
    def change(_: random.Random, name: str) -> str:
        return "".join(
            chr(ord(first) + ord(c) - 97)
            if "a" <= c <= "z"
            else chr(ord(capital) + ord(c) - 65)
            if "A" <= c <= "Z"
            else c
            for c in name
        )

    return change


def _between(*gaps: str) -> Callable[[random.Random, str], str]:
    return lambda chance, name: chance.choice(gaps).join(name)


def _broken(*gaps: str) -> Callable[[random.Random, str], str]:
    def change(chance: random.Random, name: str) -> str:
        at = chance.randrange(2, len(name) - 1)
        return name[:at] + chance.choice(gaps) + name[at:]

    return change


def _hidden(chance: random.Random, name: str) -> str:
    return "".join(c + (chance.choice(_HIDDEN) if chance.random() < 0.4 else "") for c in name)


def _marked(chance: random.Random, name: str) -> str:
    return "".join(
        c + (chance.choice("\u0301\u0308\u0336\u0327") if chance.random() < 0.5 else "") for c in name
    )


def _cased(chance: random.Random, name: str) -> str:
    return "".join(chance.choice((c.upper(), c.lower())) for c in name)


def _doubled(chance: random.Random, name: str) -> str:
    at = chance.choice(_letters(name)[1:])
    return name[:at] + name[at] + name[at:]


def _slip(chance: random.Random, name: str) -> str:
    at = chance.randrange(1, len(name) - 1)
    kind = chance.randrange(4)
    other = chance.choice("aeioulnrt")
    if kind == 0:
        return name[:at] + name[at + 1 :]
    if kind == 1:
        return name[:at] + other + name[at:]
    if kind == 2:
        return name[:at] + other + name[at + 1 :]
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


def _sounded(chance: random.Random, name: str) -> str:
    swaps = [("ph", "f"), ("y", "i"), ("c", "k"), ("x", "ks"), ("z", "s"), ("th", "t")]
    usable = [s for s in swaps if s[0] in name.lower()[1:]]
    if not usable:
        return name
    a, b = chance.choice(usable)
    return name[0] + name[1:].lower().replace(a, b, 1)


KINDS: dict[str, tuple[int, Callable[[random.Random, str], str]]] = {
    "Cyrillic letters": (4, _swapped(_CYRILLIC)),
    "Greek letters": (4, _swapped(_GREEK)),
    "full width": (4, _alphabet("ａ", "Ａ")),
    "mathematical": (4, _alphabet("𝗮", "𝗔")),
    "circled": (4, _alphabet("ⓐ", "Ⓐ")),
    "hidden characters": (4, _hidden),
    "combining marks": (4, _marked),
    "digits for letters": (6, _swapped(_DIGITS)),
    "letters apart": (4, _between(" ", ".", "-", "  ", "_")),
    "broken": (7, _broken("-", " ", "-\n", ".", "\n")),
    "mixed case": (4, _cased),
    "doubled letter": (7, _doubled),
    "one slip (7 letters or more)": (7, _slip),
    "two slips (10 letters or more)": (10, lambda c, n: _slip(c, _slip(c, n))),
    "as it sounds": (7, _sounded),
}
_FRAMES = (
    "Start {} 5 mg daily.",
    "Plan: {} q6h prn pain",
    "She was given {} there.",
    "{}",
    "rx {} #30, no refills",
)


def _names() -> list[tuple[str, str, bool]]:
    """(name, substance, generic) of the single words of the table that stand by themselves."""
    return [
        (name, substance, generic)
        for substance, _, generics, brands, *_ in rows("controlled", 8)
        for generic, cell in ((True, generics), (False, brands))
        for name in items(cell)
        if name.isalpha() and name.isascii() and len(name) >= 5
    ]


def disguises(chance: random.Random, per_kind: int) -> list[tuple[str, str, str, str]]:
    """(kind, name, substance, text): each kind of disguise over names drawn at random, within a sentence."""
    known = _names()
    cases = []
    for kind, (least, change) in KINDS.items():
        slips = kind.startswith(("one slip", "two slips", "as it sounds", "doubled"))
        pool = [n for n in known if len(n[0]) >= least and (n[2] or not slips)]
        for _ in range(per_kind):
            name, substance, _ = chance.choice(pool)
            cases.append((kind, name, substance, chance.choice(_FRAMES).format(change(chance, name))))
    return cases


def ordinary_names() -> list[str]:
    """The names and brands of all medicines of the lexicon that are not controlled."""
    substances = {s.lower() for s, *_ in rows("controlled", 8)}
    listed = {
        n.rstrip("~!#").lower()
        for _, _, *groups in rows("controlled", 8)
        for g in groups[:4]
        for n in items(g)
    }
    names: list[str] = []
    for concept in lexicon().concepts():
        if concept.kind != "drug" or substances & {
            *re.split(r"[-/ ]", concept.name.lower()),
            concept.name.lower(),
        }:
            continue
        terms = (concept.name, *concept.synonyms)
        if not any(t.lower() in listed for t in terms):
            names += terms
    return names


_SENTENCES = """
The patient presents for follow-up of hypertension and type 2 diabetes.|Blood pressure is 132/84 mmHg, pulse 76 and regular.
Continue lisinopril 10 mg daily and metformin 1000 mg twice daily.|Lungs are clear to auscultation bilaterally, no wheeze.
No chest pain, dyspnea, or palpitations were reported today.|The ICD code in use is I10, and the code on file is old.
Follow up with the PCP in two weeks, or sooner if symptoms worsen.|Apply ice for 20 minutes and keep the ankle elevated.
She is well versed in carbohydrate counting.|Oxygen at 2 L by nasal cannula; oxy sat 96 %.
Free T3 3.1 pg/mL, TSH 2.4 mIU/L.|Hydrocortisone 1 % cream to the rash.
Clonidine 0.1 mg, loratadine 10 mg and bupropion 150 mg were reconciled.|Family history of a heart attack in his father.
He walks with a normal speed and eats protein bars.|The dressing was changed and the wound edges are marginal.
Mild masculine pattern hair loss; ketones are negative.|Creatinine 0.9 mg/dL, histamine release not suspected.
Testing was restored after the concert; the marina was crowded.|Tylenol 3 tablets daily at most was advised.
"""


def ordinary_sentences() -> list[str]:
    """Sentences of notes that name nothing controlled, and one for each other medicine."""
    written = [s for line in _SENTENCES.strip().splitlines() for s in line.split("|")]
    return written + [f"She takes {name} every morning and feels well." for name in ordinary_names()]


def misspelt_names(chance: random.Random, each: int) -> list[str]:
    """Names of other medicines of seven letters or more with one slip, and with two."""
    names = [n.lower() for n in ordinary_names() if n.isalpha() and len(n) >= 7]
    return [
        w for n in names for _ in range(each) for w in (_slip(chance, n), _slip(chance, _slip(chance, n)))
    ]


def _pattern() -> re.Pattern[str]:
    known = {n.rstrip("~!#") for _, _, *groups in rows("controlled", 8) for g in groups[:4] for n in items(g)}
    return re.compile(
        r"\b(?:" + "|".join(re.escape(n) for n in sorted(known, key=len, reverse=True)) + r")\b", re.I
    )


def _notes(length: int) -> list[str]:
    """Notes of about this many characters, of the ordinary sentences in turn."""
    notes, note = [], ""
    for sentence in ordinary_sentences():
        note += sentence + " "
        if len(note) >= length:
            notes.append(note[:length])
            note = ""
    return notes


def _seconds(work: Callable[[str], object], notes: list[str]) -> float:
    start = time.perf_counter()
    for note in notes:
        work(note)
    return (time.perf_counter() - start) / len(notes)


def main() -> None:
    """Print recall by kind, false alarms, and the time."""
    notes, plain = _notes(2000), _pattern()
    controlled_in("oxycodone")  # the tables load on first use
    first, again = _seconds(controlled_in, notes), _seconds(controlled_in, notes)
    bare_time = _seconds(plain.findall, notes)
    cases = disguises(random.Random(20261122), per_kind=400)
    print(f"{len(cases)} disguises of {len(_names())} names")
    print(f"{'kind':34} {'found':>7} {'by names alone':>15}")
    total = alone = 0
    for kind in KINDS:
        own = [(s, t) for k, _, s, t in cases if k == kind]
        hits = sum(s in {c.substance for c in controlled_in(t)} for s, t in own)
        bare = sum(bool(plain.search(t)) for _, t in own)
        total, alone = total + hits, alone + bare
        print(f"{kind:34} {hits / len(own):7.1%} {bare / len(own):15.1%}")
    print(f"{'all':34} {total / len(cases):7.1%} {alone / len(cases):15.1%}")
    for what, texts in (
        ("other medicines' names", ordinary_names()),
        ("misspelt other names", misspelt_names(random.Random(20261122), each=5)),
        ("ordinary sentences", ordinary_sentences()),
    ):
        wrong = sum(bool(controlled_in(t)) for t in texts)
        print(f"false alarms in {len(texts)} {what}: {wrong} ({1000 * wrong / len(texts):.1f} per 1,000)")
    print(
        f"notes of {len(notes[0])} characters: {first * 1e6:.0f} us with words not seen before, {again * 1e6:.0f} us again;"
    )
    print(f"{first / bare_time:.1f} and {again / bare_time:.1f} times a plain pattern of the names")


if __name__ == "__main__":
    main()
