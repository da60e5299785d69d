"""What is measured: vital signs, laboratory results and panels, scores, studies with their reports."""

from __future__ import annotations

import base64
from typing import Any

from services.demo import codes, staff
from services.demo.chart import ChartBase
from services.demo.concepts import concept, hl7
from services.demo.documents import reflow

CATEGORIES = {
    "vital-signs": "Vital Signs",
    "laboratory": "Laboratory",
    "survey": "Survey",
    "social-history": "Social History",
    "imaging": "Imaging",
    "exam": "Exam",
}
FLAGS = {"H": "High", "L": "Low", "HH": "Critical high", "LL": "Critical low", "N": "Normal"}


def quantity(value: float, measure: codes.Measure) -> dict[str, Any]:
    return {"value": value, "unit": measure.unit, "system": codes.UCUM, "code": measure.ucum}


def flag(value: float, measure: codes.Measure) -> str | None:
    """H, L, HH, LL or N against the range; nothing where the test has no range."""
    if measure.panic_high is not None and value >= measure.panic_high:
        return "HH"
    if measure.panic_low is not None and value <= measure.panic_low:
        return "LL"
    if measure.high is not None and value > measure.high:
        return "H"
    if measure.low is not None and value < measure.low:
        return "L"
    return None if measure.low is None and measure.high is None else "N"


class Results(ChartBase):
    """The part of a chart that holds observations and diagnostic reports."""

    def observe(
        self,
        slug: str,
        days: int,
        category: str,
        code: dict[str, Any],
        *,
        minutes: int = 5,
        status: str = "final",
        **fields: Any,
    ) -> dict[str, str]:
        ident = self.numbered(f"obs/{slug}")
        self.add(
            "Observation",
            ident,
            status=status,
            category=[hl7("observation-category", category, CATEGORIES[category])],
            code=code,
            subject=self.subject,
            encounter=self.link(days),
            effectiveDateTime=self.at(days, minutes),
            performer=[staff.organisation_ref(staff.LAB) if category == "laboratory" else self.who(days)],
            **fields,
        )
        return {"reference": f"Observation/{ident}", "display": code["text"]}

    def _number(
        self,
        slug: str,
        days: int,
        value: float,
        measure: codes.Measure,
        category: str,
        *,
        minutes: int = 5,
        status: str = "final",
        note: str | None = None,
    ) -> dict[str, str]:
        limits = {
            end: quantity(limit, measure)
            for end, limit in (("low", measure.low), ("high", measure.high))
            if limit is not None
        }
        letter = flag(value, measure)
        return self.observe(
            slug,
            days,
            category,
            concept(measure.name, loinc=measure.loinc),
            minutes=minutes,
            status=status,
            valueQuantity=quantity(value, measure),
            interpretation=[hl7("v3-ObservationInterpretation", letter, FLAGS[letter])] if letter else None,
            referenceRange=[limits] if limits else None,
            note=[{"text": note}] if note else None,
        )

    def vitals(
        self, days: int, bp: tuple[int, int] | None = None, *, minutes: int = 5, **values: float
    ) -> None:
        """Vital signs of one sitting. The body mass index follows from weight and the last height."""
        if bp:
            pairs = zip(("sbp", "dbp"), bp, strict=True)
            parts = [
                {
                    "code": concept(codes.VITALS[each].name, loinc=codes.VITALS[each].loinc),
                    "valueQuantity": quantity(value, codes.VITALS[each]),
                }
                for each, value in pairs
            ]
            self.observe(
                "bp",
                days,
                "vital-signs",
                concept("Blood pressure", loinc="85354-9"),
                minutes=minutes,
                component=parts,
            )
        self.height = values.get("ht", self.height)
        if "wt" in values and self.height:
            values["bmi"] = round(values["wt"] / (self.height / 100) ** 2, 1)
        for name, value in values.items():
            self._number(name, days, value, codes.VITALS[name], "vital-signs", minutes=minutes)

    def lab(
        self,
        name: str,
        days: int,
        value: float,
        *,
        status: str = "final",
        note: str | None = None,
        minutes: int = 30,
    ) -> dict[str, str]:
        measure = codes.LABS[name]
        if self.person.gender == "male":
            measure = codes.LABS_MALE.get(name, measure)
        return self._number(
            name, days, value, measure, "laboratory", minutes=minutes, status=status, note=note
        )

    def trend(self, name: str, *points: tuple[int, float]) -> None:
        """One test over time: (days ago, value), …"""
        for days, value in points:
            self.lab(name, days, value)

    def score(self, name: str, days: int, value: float, note: str | None = None) -> None:
        """Questionnaire totals and numbers that come out of a study."""
        category = "imaging" if name in ("lvef", "hipt", "spinet") else "survey"
        category = "exam" if name in ("fev1", "ratio") else category
        self._number(name, days, value, codes.SCORES[name], category, note=note)

    def coded(self, slug: str, days: int, name: str, value: str, loinc: str | None = None) -> dict[str, str]:
        """A result in words, such as a blood group."""
        return self.observe(
            slug,
            days,
            "laboratory",
            concept(name, loinc=loinc),
            minutes=30,
            valueCodeableConcept={"text": value},
        )

    def smoking(self, days: int, state: str, pack_years: int | None = None) -> None:
        code, text = codes.SMOKING[state]
        self.observe(
            "smoking",
            days,
            "social-history",
            concept("Tobacco smoking status", loinc="72166-2"),
            valueCodeableConcept=concept(text, sct=code),
        )
        if pack_years is not None:
            self._number("packyears", days, pack_years, codes.SCORES["packyears"], "social-history")

    def egfr(self, creatinine: float, days: int) -> int:
        """CKD-EPI 2021, so that eGFR and creatinine in the chart (and in its notes) agree."""
        age = ((self.as_of - self.born).days - days) // 365.25
        female = self.person.gender == "female"
        ratio = creatinine / (0.7 if female else 0.9)
        low, high = min(ratio, 1) ** (-0.241 if female else -0.302), max(ratio, 1) ** -1.2
        return round(142 * low * high * 0.9938**age * (1.012 if female else 1))

    def panel(self, name: str, days: int, *, conclusion: str | None = None, **values: float) -> None:
        """Several results of one sample, under one report. Creatinine brings an adult's eGFR with it."""
        if "cr" in values and self.person.age >= 18:
            values.setdefault("egfr", self.egfr(values["cr"], days))
        loinc, text = codes.PANELS[name]
        self.add(
            "DiagnosticReport",
            self.numbered(f"report/{name}"),
            status="final",
            category=[hl7("v2-0074", "LAB", "Laboratory")],
            code=concept(text, loinc=loinc),
            subject=self.subject,
            encounter=self.link(days),
            effectiveDateTime=self.at(days, 30),
            issued=self.at(days, 150),
            performer=[staff.organisation_ref(staff.LAB)],
            result=[self.lab(each, days, value) for each, value in values.items()],
            conclusion=conclusion,
        )

    def study(
        self,
        name: str,
        days: int,
        conclusion: str | None,
        text: str | None = None,
        *,
        status: str = "final",
        title: str | None = None,
    ) -> None:
        """Imaging, ECG, echo, pathology, culture: a conclusion, and the full report where there is one."""
        loinc, wording, section = codes.STUDIES[name]
        form = None
        if text:
            data = base64.b64encode(reflow(text).encode()).decode()
            form = [{"contentType": "text/plain; charset=utf-8", "data": data, "title": title or wording}]
        self.add(
            "DiagnosticReport",
            self.numbered(f"study/{name}"),
            status=status,
            category=[hl7("v2-0074", section)],
            code=concept(title or wording, loinc=loinc),
            subject=self.subject,
            encounter=self.link(days),
            effectiveDateTime=self.at(days, 20),
            issued=self.at(days, 180),
            performer=[self.who(days)],
            conclusion=" ".join(conclusion.split()) if conclusion else None,
            presentedForm=form,
        )
