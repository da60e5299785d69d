"""Code systems by their OIDs, and the codes of CDA as those of FHIR.

The maps are the concept maps of HL7's "C-CDA on FHIR" 2.0.0 (hl7.org/fhir/us/ccda/conceptMaps.html), named in brackets.
What a map leaves out, or calls unmatched, is not here.
"""

from __future__ import annotations

SYSTEMS = {
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.88": "http://www.nlm.nih.gov/research/umls/rxnorm",
    "2.16.840.1.113883.12.292": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.6.59": "http://hl7.org/fhir/sid/cvx",
    "2.16.840.1.113883.12.227": "http://terminology.hl7.org/CodeSystem/MVX",
    "2.16.840.1.113883.6.90": "http://hl7.org/fhir/sid/icd-10-cm",
    "2.16.840.1.113883.6.4": "http://www.cms.gov/Medicare/Coding/ICD10",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.103": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.104": "http://hl7.org/fhir/sid/icd-9-cm",
    "2.16.840.1.113883.6.69": "http://hl7.org/fhir/sid/ndc",
    "2.16.840.1.113883.6.12": "http://www.ama-assn.org/go/cpt",
    "2.16.840.1.113883.6.285": "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
    "2.16.840.1.113883.6.13": "http://www.ada.org/cdt",
    "2.16.840.1.113883.6.238": "urn:oid:2.16.840.1.113883.6.238",
    "2.16.840.1.113883.6.209": "http://hl7.org/fhir/ndfrt",
    "2.16.840.1.113883.3.26.1.5": "http://hl7.org/fhir/ndfrt",
    "2.16.840.1.113883.3.26.1.1": "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl",
    "2.16.840.1.113883.4.9": "http://fdasis.nlm.nih.gov",
    "2.16.840.1.113883.6.101": "http://nucc.org/provider-taxonomy",
    "2.16.840.1.113883.6.8": "http://unitsofmeasure.org",
    "2.16.840.1.113883.5.4": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
    "2.16.840.1.113883.5.8": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "2.16.840.1.113883.5.83": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
    "2.16.840.1.113883.5.2": "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus",
    "2.16.840.1.113883.5.1008": "http://terminology.hl7.org/CodeSystem/v3-NullFlavor",
    "2.16.840.1.113883.5.111": "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
    "2.16.840.1.113883.5.112": "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration",
    "2.16.840.1.113883.5.1063": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "2.16.840.1.113883.12.112": "http://terminology.hl7.org/CodeSystem/v2-0112",
}
"""OID → system (hl7.org/fhir/R4/terminologies-systems.html; terminology.hl7.org/identifiers.html)."""

IDENTIFIERS = {
    "2.16.840.1.113883.4.1": "http://hl7.org/fhir/sid/us-ssn",
    "2.16.840.1.113883.4.6": "http://hl7.org/fhir/sid/us-npi",
    "2.16.840.1.113883.4.572": "http://hl7.org/fhir/sid/us-medicare",
    "2.16.840.1.113883.4.927": "http://hl7.org/fhir/sid/us-mbi",
}
"""OID of a namespace of identifiers → its system (terminology.hl7.org/identifiers.html)."""

LOINC = SYSTEMS["2.16.840.1.113883.6.1"]
SNOMED = SYSTEMS["2.16.840.1.113883.6.96"]
UCUM = "http://unitsofmeasure.org"
ACT_CODE = SYSTEMS["2.16.840.1.113883.5.4"]
CPT = SYSTEMS["2.16.840.1.113883.6.12"]

GENDER = {"F": "female", "M": "male", "UN": "other", "UNK": "unknown"}  # [CF-AdministrativeGender]
NAME_USE = {"A": "nickname", "C": "official", "L": "usual", "P": "anonymous"}  # [CF-NameUse]
TELECOM_USE = {
    "AS": "work", "BAD": "old", "DIR": "work", "H": "home", "HP": "home", "HV": "home", "MC": "mobile", "PG": "mobile",
    "PUB": "work", "TMP": "temp", "WP": "work",
}  # [CF-TelecomUse]  # fmt: skip
TELECOM_KIND = {"tel": "phone", "fax": "fax", "mailto": "email", "http": "url", "https": "url"}  # [CF-TelecomType]
ADDRESS_USE = {"BAD": "old", "H": "home", "HP": "home", "HV": "home", "TMP": "temp", "WP": "work"}  # [CF-AddressUse]

ALLERGY_TYPE = {
    "235719002": "intolerance", "59037007": "intolerance",
    "414285001": "allergy", "416098002": "allergy", "419199007": "allergy",
}  # [CF-AllergyIntoleranceType]  # fmt: skip
ALLERGY_CATEGORY = {
    "235719002": "food", "414285001": "food", "418471000": "food",
    "416098002": "medication", "419511003": "medication", "59037007": "medication",
}  # [CF-AllergyIntoleranceCategory]  # fmt: skip
NO_KNOWN_ALLERGY = {
    "414285001": ("429625007", "No known food allergy"),
    "416098002": ("409137002", "No known drug allergy"),
    "419199007": ("716186003", "No known allergy"),
}  # [CF-NoKnownAllergies]
SEVERITY = {"255604002": "mild", "6736007": "moderate", "24484000": "severe"}  # [CF-Severity]
CRITICALITY = {"CRITH": "high", "CRITL": "low", "CRITU": "unable-to-assess"}  # [CF-Criticality]
STATUS_OBSERVED = {
    "246455001": "recurrence", "263855007": "relapse", "277022003": "remission", "413322009": "resolved",
    "55561003": "active", "73425007": "inactive",
}  # [CF-ProblemStatus], of which [CF-AllergyStatus] is a part  # fmt: skip
CONCERN_STATUS = {
    "aborted": "inactive", "active": "active", "completed": "inactive", "suspended": "inactive",
}  # [CF-ConditionClinicalStatus]  # fmt: skip
CONDITION_CATEGORY = {"46240-8": "encounter-diagnosis", "11450-4": "problem-list-item"}  # [CF-ProblemCategory]
MEDICATION_STATUS = {
    "active": "active", "suspended": "on-hold", "aborted": "stopped", "completed": "completed",
    "nullified": "entered-in-error",
}  # [CF-MedicationStatus]  # fmt: skip
IMMUNIZATION_STATUS = {
    "completed": "completed", "nullified": "entered-in-error", "aborted": "not-done", "cancelled": "not-done",
    "held": "not-done", "new": "not-done", "obsolete": "not-done", "suspended": "not-done",
}  # [CF-ImmunizationStatus]  # fmt: skip
RESULT_STATUS = {
    "aborted": "cancelled", "active": "registered", "cancelled": "cancelled", "completed": "final", "held": "registered",
    "suspended": "registered",
}  # [CF-ResultStatus], [CF-ResultReportStatus]  # fmt: skip
PROCEDURE_STATUS = {
    "aborted": "stopped", "active": "in-progress", "cancelled": "not-done", "completed": "completed",
}  # [CF-ProcedureStatus]  # fmt: skip
ENCOUNTER_STATUS = {
    "aborted": "unknown", "active": "in-progress", "cancelled": "cancelled", "completed": "finished", "held": "planned",
    "new": "unknown", "suspended": "onleave", "nullified": "entered-in-error",
}  # [CF-EncounterStatus]  # fmt: skip
ABSENT = {
    "NI": "unknown", "OTH": "unsupported", "NINF": "negative-infinity", "PINF": "positive-infinity", "MSK": "masked",
    "NA": "not-applicable", "UNK": "unknown", "ASKU": "asked-unknown", "NAV": "temp-unknown", "NASK": "not-asked",
    "TRC": "unsupported", "NP": "unknown",
}  # [CF-NullFlavorDataAbsentReason]  # fmt: skip
ABSENT_REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
ABSENT_EXTENSION = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"


def system(oid: str) -> str | None:
    """The system that an OID (or a UUID) stands for."""
    if not oid:
        return None
    return SYSTEMS.get(oid) or (f"urn:oid:{oid}" if oid[0].isdigit() and "." in oid else f"urn:uuid:{oid.lower()}")


def terminology(name: str) -> str:
    return f"http://terminology.hl7.org/CodeSystem/{name}"


def concept(code: str, of: str, display: str | None = None) -> dict:
    """A CodeableConcept of one code."""
    coding = {"system": of, "code": code}
    return {"coding": [{**coding, "display": display} if display else coding]}
