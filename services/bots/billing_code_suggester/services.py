"""Services beside the visit that the record shows as done in it: procedures, vaccines, tests at the point of care, counselling."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.bots.billing_code_suggester import model
from services.bots.billing_code_suggester.coding import side_of
from services.bots.billing_code_suggester.model import Findings, Procedure, Support, support
from services.bots.billing_code_suggester.notes import quoted, remark
from services.bots.billing_code_suggester.visit import Visit
from services.chart.entry import Entry
from services.index.text import values
from services.knowledge.billing import tables
from services.knowledge.lexicon import system_name

_CPT_SYSTEM = re.compile(r"ama-assn\.org/go/cpt|^cpt$|2\.16\.840\.1\.113883\.6\.12$", re.IGNORECASE)
_HCPCS_SYSTEM = re.compile(r"hcpcs|2\.16\.840\.1\.113883\.6\.285$", re.IGNORECASE)
_CODE = re.compile(r"[0-9A-Z]\d{3}[0-9A-Z]")
_ECG = re.compile(
    r"\b(?:ecg|ekg|electrocardiogram)\b\s*(?::|shows?|showed|with|reads?|interpret\w*)[^\n]{4,}",
    re.IGNORECASE,
)
_TOBACCO = re.compile(
    r"\b(?:tobacco|smoking|nicotine)[^.;\n]{0,60}?\b(?:cessation|counsel\w*|quit\w*|advice|advised)[^.;\n]{0,60}?(\d{1,3}) ?min|"
    r"(\d{1,3}) ?min\w*[^.;\n]{0,60}?\b(?:tobacco|smoking) (?:cessation|counsel)",
    re.IGNORECASE,
)
_COVID = frozenset(["207", "208", "210", "211", "212", "213", "217", "218", "219", "221", "228", "229", "230", "300", "301",
                    "302", "308", "309", "310", "311", "312", "313"])  # fmt: skip
"""CVX of COVID-19 vaccines (CDC)."""
_MEDICARE = {"90656": "G0008", "90686": "G0008", "90662": "G0008", "90732": "G0009", "90670": "G0009",
             "90671": "G0009", "90677": "G0009", "90744": "G0010", "90746": "G0010"}  # fmt: skip
_SCORED = "96127"


def done(visit: Visit, found: Findings) -> list[Procedure]:
    """Services of the encounter, each code once with its units."""
    listed = [*_procedures(visit, found), *_tests(visit), *_vaccines(visit, found), *_tobacco(visit)]
    by_code: dict[tuple[str, str], Procedure] = {}
    for each in listed:
        known = by_code.setdefault((each.code, each.side), each)
        if known is not each:
            known.units += each.units
            known.supports += [s for s in each.supports if s not in known.supports]
            known.performers, known.days = known.performers + each.performers, known.days + each.days
            known.sites = tuple(dict.fromkeys((*known.sites, *each.sites)))
    return _whole(visit, list(by_code.values()), found)


def licensed(resource_code: object) -> str | None:
    """A CPT or HCPCS code among the codings of the record."""
    for system, symbol in values.codings(resource_code):
        if (_CPT_SYSTEM.search(system) or _HCPCS_SYSTEM.search(system)) and _CODE.fullmatch(symbol.upper()):
            return symbol.upper()
    return None


def service_code(concept: object) -> str | None:
    """The code under which a service of the record is billed, where it is known."""
    return licensed(concept) or _known(values.codings(concept))


def _known(codings: Iterable[tuple[str, str]]) -> str | None:
    for system, symbol in codings:
        name = {"snomed": "sct"}.get(system_name(system), system_name(system))
        code = symbol.lstrip("0").zfill(2) if name == "cvx" else symbol
        if service := tables.service_of().get((name, code)):
            return service.code
    return None


def _procedures(visit: Visit, found: Findings) -> Iterable[Procedure]:
    visits = {v.code for v in tables.visits()}
    for entries, less in ((visit.of("procedure"), 0.0), (visit.near("procedure"), model.NEAR)):
        for entry in entries:
            if entry.status not in ("completed", ""):
                continue
            code = licensed(entry.resource.get("code"))
            known = code or _known(values.codings(entry.resource.get("code")))
            if known is None or known in visits:
                continue
            confidence = (model.CODED if code else model.MAPPED) - less
            yield Procedure(
                known, round(confidence, 3), [support(entry)],
                "Coded as such in the record." if code else "Done in the encounter.",
                side=side_of(f"{entry.name} {entry.about}"),
                diagnoses=tuple(str(r.get("reference")) for r in values.objs(entry.resource.get("reasonReference"))),
                performers=performers_of(entry), days=tuple(d for d in [entry.first] if d), sites=_sites(entry),
            )  # fmt: skip
    for entry in visit.of("report"):
        code = licensed(entry.resource.get("code"))
        if code and code not in visits and entry.status in ("final", "amended", "corrected"):
            yield Procedure(
                code,
                model.CODED,
                [support(entry)],
                "Coded as such in the report.",
                performers=performers_of(entry),
            )


def _sites(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values.concept(c).casefold() for c in values.objs(entry.resource.get("bodySite")) if values.concept(c)))


def performers_of(entry: Entry) -> tuple[str, ...]:
    found = []
    for item in values.objs(entry.resource.get("performer")):
        link = values.obj(item.get("actor")) or item
        if isinstance(link.get("reference"), str):
            found.append(link["reference"])
    return tuple(found)


def _tests(visit: Visit) -> Iterable[Procedure]:
    """Tests whose code can only be one done on the spot, and scored questionnaires."""
    services = tables.service_of_loinc()
    for code, entry in visit.of_loinc(services.keys()):
        service = services[code]
        scored = entry.measure and entry.measure.amount is not None
        if entry.status in ("final", "amended", "corrected") and (scored or service.code != _SCORED):
            yield Procedure(
                service.code, model.MAPPED, [support(entry)], "Result recorded in the encounter."
            )


def _vaccines(visit: Visit, found: Findings) -> Iterable[Procedure]:
    """Products where the table of CDC is certain, and their administration: the first, and each further one."""
    given = [
        e for e in (*visit.of("immunization"), *visit.near("immunization"))
        if e.status == "completed" and e.resource.get("primarySource") is not False
    ]  # fmt: skip
    any_given = False
    for entry in given:
        codings = values.codings(entry.resource.get("vaccineCode"))
        product = licensed(entry.resource.get("vaccineCode")) or _known(codings)
        cvx = next((c.lstrip("0").zfill(2) for s, c in codings if system_name(s) == "cvx"), "")
        why = [support(entry)]
        if product:
            yield Procedure(product, model.MAPPED, why, "Vaccine given in the encounter.")
        elif cvx not in _COVID:
            found.gap(
                f"Vaccine product not certain: {entry.name}",
                "vaccine product code",
                "Which product was given?",
            )
        if cvx in _COVID:
            yield Procedure("90480", model.MAPPED, why, "COVID-19 vaccine given in the encounter.")
        elif visit.medicare and product in _MEDICARE:
            yield Procedure(_MEDICARE[product], model.MAPPED, why, "Given to a Medicare patient.")
        else:
            service = tables.services().get(product or "")
            nasal = service is not None and "nasal" in service.flags
            codes = ("90473", "90474") if nasal else ("90471", "90472")
            later, any_given = any_given, True
            yield Procedure(codes[1] if later else codes[0], model.MAPPED, why,
                            "A further vaccine given." if later else "Vaccine given; counselling by a physician isn't documented.")  # fmt: skip


def _tobacco(visit: Visit) -> Iterable[Procedure]:
    """Advice on tobacco with its minutes in a note."""
    for entry, text in visit.notes:
        match = _TOBACCO.search(text)
        length = int(match[1] or match[2]) if match else 0
        if match and length > 3:
            code = "99407" if length > 10 else "99406"
            yield Procedure(
                code,
                model.NOTED + model.LISTED,
                [quoted(entry, match.group())],
                f"{length} minutes documented.",
            )
            return


def _whole(visit: Visit, listed: list[Procedure], found: Findings) -> list[Procedure]:
    """A tracing whose interpretation is written down is the complete electrocardiogram."""
    for each in listed:
        if each.code == "93005":
            read: Support | None = remark(visit.notes, _ECG) or next(
                (support(e, str(e.extra["conclusion"])) for e in visit.of("report")
                 if e.extra.get("conclusion") and re.search(r"\b(?:ecg|ekg|electrocardiogra)", e.name, re.IGNORECASE)), None
            )  # fmt: skip
            if read:
                each.code, each.why = "93000", "Tracing done, interpretation written down."
                each.supports.append(read)
            else:
                found.gap(
                    "Electrocardiogram: no interpretation documented",
                    "93000",
                    "Was the tracing interpreted, and with what result?",
                )
    return listed
