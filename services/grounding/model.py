"""What a check says: sentences, the claims in them, and what is wrong with them."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = (
    "uncited",
    "unknown-citation",
    "number",
    "unit",
    "date",
    "drug",
    "finding",
    "negation",
    "laterality",
    "direction",
    "comparison",
    "status",
    "subject",
    "instruction",
    "unsupported",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing in a sentence that its evidence does not bear out."""

    kind: str
    """One of KINDS."""
    said: str
    """The words at fault."""
    start: int
    end: int
    """Where they stand in the checked text."""
    message: str
    """For a person: what is wrong."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a sentence says and its evidence bears out."""

    kind: str
    said: str
    start: int
    end: int
    evidence: tuple[int, ...]
    """Numbers of the evidence that hold it."""
    how: str = "stated"
    """ "stated", or how it was recomputed: "converted from 9.1 %", "difference of 9.1 and 7.3"."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the checked text, its citations included."""

    text: str
    start: int
    end: int
    cited: tuple[int, ...] = ()
    claims: tuple[Claim, ...] = ()
    problems: tuple[Problem, ...] = ()
    meta: bool = False
    """Whether it speaks of the record or leads in, and asserts nothing clinical."""

    @property
    def supported(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class Checked:
    """A text, sentence by sentence."""

    text: str
    sentences: tuple[Sentence, ...]

    @property
    def supported(self) -> bool:
        """Whether every sentence is."""
        return all(s.supported for s in self.sentences)

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(p for s in self.sentences for p in s.problems)

    def kept(self) -> str:
        """The supported sentences with their citations, parted as they were in the text."""
        found = ""
        last = 0
        for sentence in self.sentences:
            if sentence.supported:
                gap = self.text[last : sentence.start]
                if found:
                    found += "\n\n" if gap.count("\n") > 1 else ("\n" if "\n" in gap else " ")
                found += self.text[sentence.start : sentence.end]
            last = sentence.end
        return found
