"""Suggestions for a patient with the resources of a case, over a real record."""

from __future__ import annotations

import datetime as dt
import itertools

from services.bots.clinical_decision_support.diagnosis.evaluate import suggestions
from services.bots.clinical_decision_support.model import Finding
from services.bots.clinical_decision_support.person import person_of
from services.chart.chart import Charts
from services.fhir.sqlite import SQLiteRepository
from tests.bots.cds.diagnosis.making import AS_OF, Resource

_NUMBER = itertools.count(1)


class Practice:
    """A record that each case adds a patient to: by default a woman of 50."""

    def __init__(self, repository: SQLiteRepository) -> None:
        self.repository = repository
        self._charts = Charts()

    def findings(
        self,
        *resources: Resource,
        born: str | None = "1976-01-01",
        sex: str | None = "female",
        as_of: str = AS_OF,
        **patient: object,
    ) -> list[Finding]:
        number = next(_NUMBER)
        own: Resource = {"resourceType": "Patient", "id": f"p{number}", **patient}
        own |= ({"birthDate": born} if born else {}) | ({"gender": sex} if sex else {})
        kept = [
            {"id": f"r{number}-{place}", "subject": {"reference": f"Patient/p{number}"}} | r
            for place, r in enumerate(resources)
        ]
        self.repository.write_many([own, *kept])
        moment = as_of if "T" in as_of else None
        chart = self._charts.open(self.repository, f"p{number}", dt.date.fromisoformat(as_of[:10]), moment)
        return suggestions(chart, person_of(own, chart.as_of))

    def rules(self, *resources: Resource, **patient: object) -> list[str]:
        return [f.about for f in self.findings(*resources, **patient)]  # type: ignore[arg-type]

    def only(self, *resources: Resource, **patient: object) -> Finding:
        [finding] = self.findings(*resources, **patient)  # type: ignore[arg-type]
        return finding
