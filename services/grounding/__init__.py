"""Evidence, citations, and the check of a text against the evidence that it cites.

Nothing here asks a model: what a sentence says (numbers, units, dates, drugs, findings, negations, sides,
trends, states, orders) is read by rules, in the sentence and in its sources alike, and compared.
"""

from services.grounding.check import check
from services.grounding.citations import parse_citations
from services.grounding.evidence import Evidence
from services.grounding.fence import fenced
from services.grounding.model import Checked, Claim, Problem, Sentence

__all__ = ["Checked", "Claim", "Evidence", "Problem", "Sentence", "check", "fenced", "parse_citations"]
