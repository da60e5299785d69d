"""A made-up C-CDA document with every section, written for these tests, and parts to vary it with."""

from __future__ import annotations

OID = "2.16.840.1.113883.3.9999"
"""An OID that nobody else uses here: the made-up sender's."""
LOINC, SNOMED, RXNORM = "2.16.840.1.113883.6.1", "2.16.840.1.113883.6.96", "2.16.840.1.113883.6.88"
CVX, CPT, ICD10 = "2.16.840.1.113883.12.292", "2.16.840.1.113883.6.12", "2.16.840.1.113883.6.90"
PATIENT = f"""
<recordTarget><patientRole>
  <id root="{OID}.1" extension="7700412"/><id root="2.16.840.1.113883.4.1" extension="999-44-1234"/>
  <addr use="HP"><streetAddressLine>12 Quarry Lane</streetAddressLine><city>Millbrook</city><state>VT</state>
    <postalCode>05050</postalCode></addr>
  <telecom use="MC" value="tel:+1-802-555-0142"/>
  <patient>
    <name use="L"><given>Odalys</given><family>Brenninkmeyer</family></name>
    <administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="19580317"/>
    <maritalStatusCode code="M" displayName="Married" codeSystem="2.16.840.1.113883.5.2"/>
    <raceCode code="2106-3" displayName="White" codeSystem="2.16.840.1.113883.6.238"/>
    <languageCommunication><languageCode code="en-US"/><preferenceInd value="true"/></languageCommunication>
  </patient>
</patientRole></recordTarget>"""


def code(value: str, system: str, display: str = "", tag: str = "code", inner: str = "") -> str:
    shown = f' displayName="{display}"' if display else ""
    return f'<{tag} code="{value}" codeSystem="{system}"{shown}>{inner}</{tag}>'


def value(kind: str, attributes: str, inner: str = "") -> str:
    return f'<value xsi:type="{kind}" {attributes}>{inner}</value>'


def coded(code_: str, display: str, system: str = SNOMED) -> str:
    return value("CD", f'code="{code_}" codeSystem="{system}" displayName="{display}"')


def ident(extension: str) -> str:
    return f'<id root="{OID}.2" extension="{extension}"/>'


def section(loinc: str, title: str, text: str, *entries: str) -> str:
    held = "".join(f"<entry>{e}</entry>" for e in entries)
    return (
        f'<component><section>{code(loinc, LOINC)}<title>{title}</title><text>{text}</text>{held}</section></component>'
    )


def within(kind: str, act: str) -> str:
    return f'<entryRelationship typeCode="{kind}">{act}</entryRelationship>'


def status(word: str) -> str:
    return f'<statusCode code="{word}"/>'


def observation(extension: str, code_: str, inner: str, more: str = "", state: str = "completed") -> str:
    own = ident(extension) if extension else ""
    return f'<observation classCode="OBS" moodCode="EVN" {more}>{own}{code_}{status(state)}{inner}</observation>'


def concern(extension: str, inner: str, state: str = "active") -> str:
    return (
        f'<act classCode="ACT" moodCode="EVN">{ident(extension)}{code("CONC", "2.16.840.1.113883.5.6")}{status(state)}'
        f'{within("SUBJ", inner)}</act>'
    )


ASSERTION = code("ASSERTION", "2.16.840.1.113883.5.4")


def allergy(extension: str, kind: str, substance: str, inner: str = "", more: str = "") -> str:
    return concern(f"{extension}c", observation(
        extension, ASSERTION,
        f'<effectiveTime><low value="2009"/></effectiveTime>{coded(kind, "")}'
        f'<participant typeCode="CSM"><participantRole><playingEntity>{substance}</playingEntity></participantRole>'
        f"</participant>{inner}", more,
    ))  # fmt: skip


PENICILLIN = allergy("a1", "416098002", code("7980", RXNORM, "penicillin G"), within("MFST", observation(
    "a1r", ASSERTION, coded("247472004", "Wheal") + within("SUBJ", observation(
        "", code("SEV", "2.16.840.1.113883.5.4"), coded("24484000", "Severe"))),
)) + within("SUBJ", observation("", code("82606-5", LOINC), value("CD", 'code="CRITH" codeSystem="2.16.840.1.113883.5.1063"'))))  # fmt: skip

DIABETES = concern("p1c", observation(
    "p1", code("55607006", SNOMED),
    '<text><reference value="#prob1"/></text><effectiveTime><low value="201404"/></effectiveTime>'
    + value("CD", f'code="44054006" codeSystem="{SNOMED}" displayName="Diabetes mellitus type 2"',
            f'<translation code="E11.9" codeSystem="{ICD10}"/>'),
))  # fmt: skip
PNEUMONIA = concern("p2c", observation(
    "p2", code("55607006", SNOMED),
    '<effectiveTime><low value="20190210"/><high value="20190302"/></effectiveTime>'
    + value("CD", 'nullFlavor="OTH"', '<originalText><reference value="#prob2"/></originalText>')
    + within("REFR", observation("", code("33999-4", LOINC), coded("413322009", "Problem resolved"))),
), "completed")  # fmt: skip


def medicine(extension: str, inner: str, material: str, mood: str = "EVN", state: str = "active", more: str = "") -> str:
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}" {more}>{ident(extension)}{status(state)}{inner}'
        f"<consumable><manufacturedProduct><manufacturedMaterial>{material}</manufacturedMaterial></manufacturedProduct>"
        "</consumable></substanceAdministration>"
    )


METFORMIN = medicine(
    "m1",
    '<effectiveTime xsi:type="IVL_TS"><low value="20140502"/></effectiveTime>'
    '<effectiveTime xsi:type="PIVL_TS" operator="A" institutionSpecified="true"><period value="12" unit="h"/></effectiveTime>'
    '<routeCode code="C38288" codeSystem="2.16.840.1.113883.3.26.1.1" displayName="ORAL"/><doseQuantity value="500" unit="mg"/>',
    code("860975", RXNORM, "metformin hydrochloride 500 MG Extended Release Oral Tablet"),
)
ORDERED = medicine(
    "m2", '<effectiveTime xsi:type="IVL_TS"><low value="20240102"/><high value="20240702"/></effectiveTime>',
    code("314076", RXNORM, "lisinopril 10 MG Oral Tablet"), "INT",
)  # fmt: skip
NAMELESS = (
    f'<substanceAdministration classCode="SBADM" moodCode="EVN">{ident("m3")}<text><reference value="#med3"/></text>'
    f"{status('active')}<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor=\"NI\"/></manufacturedMaterial>"
    "</manufacturedProduct></consumable></substanceAdministration>"
)
VACCINE = medicine("i1", '<effectiveTime value="20231004"/>', code("140", CVX, "Influenza, seasonal, injectable")
                   + "<lotNumberText>AX12</lotNumberText>", state="completed")  # fmt: skip
REFUSED = medicine("i2", '<effectiveTime value="2023"/>', code("33", CVX, "pneumococcal polysaccharide PPV23"),
                   state="completed", more='negationInd="true"')  # fmt: skip


def organizer(extension: str, name: str, time: str, *inner: str) -> str:
    held = "".join(f"<component>{i}</component>" for i in inner)
    return (
        f'<organizer classCode="BATTERY" moodCode="EVN">{ident(extension)}{name}{status("completed")}'
        f'<effectiveTime value="{time}"/>{held}</organizer>'
    )


def measured(extension: str, loinc: str, name: str, kind: str, attributes: str, more: str = "", inner: str = "") -> str:
    return observation(extension, code(loinc, LOINC, name), value(kind, attributes, inner) + more)


RANGE = '<referenceRange><observationRange><value xsi:type="IVL_PQ"><low value="4.0" unit="%"/><high value="5.6" unit="%"/></value></observationRange></referenceRange>'
RESULTS = organizer(
    "r0", code("24323-8", LOINC, "Comprehensive metabolic panel"), "202403050810-0500",
    measured("r1", "4548-4", "Hemoglobin A1c", "PQ", 'value="7.4" unit="%"', RANGE),
    measured("r2", "2823-3", "Potassium", "IVL_PQ", "", inner='<low value="6.0" unit="mmol/L" inclusive="false"/>'),
    measured("r3", "5778-6", "Color of Urine", "ST", "", inner="Amber"),
    measured("r4", "600-7", "Bacteria in blood by culture", "CD", 'nullFlavor="ASKU"'),
)  # fmt: skip
VITALS = organizer(
    "v0", code("46680005", SNOMED, "Vital signs"), "20240305081500-0500",
    measured("v1", "8480-6", "Systolic blood pressure", "PQ", 'value="148" unit="mm[Hg]"'),
    measured("v2", "8462-4", "Diastolic blood pressure", "PQ", 'value="86" unit="mm[Hg]"'),
    measured("v3", "29463-7", "Body weight", "PQ", 'value="81.5" unit="kg"'),
)  # fmt: skip
SMOKING = observation("s1", code("72166-2", LOINC, "Tobacco smoking status"),
                      '<effectiveTime value="20240305"/>' + coded("8517006", "Ex-smoker"))  # fmt: skip
COLECTOMY = (
    f'<procedure classCode="PROC" moodCode="EVN">{ident("x1")}{code("44204", CPT)}<text>Laparoscopic right colectomy</text>'
    f'{status("completed")}<effectiveTime><low value="20200611"/><high value="20200612"/></effectiveTime></procedure>'
)
VISIT = (
    f'<encounter classCode="ENC" moodCode="EVN">{ident("e1")}{code("99213", CPT)}'
    '<effectiveTime><low value="202403050800-0500"/><high value="202403050840-0500"/></effectiveTime>'
    '<performer><assignedEntity><id root="2.16.840.1.113883.4.6" extension="1234567893"/><assignedPerson><name>'
    "<prefix>Dr</prefix><given>Ines</given><family>Achterberg</family></name></assignedPerson></assignedEntity></performer>"
    + within("COMP", f'<act classCode="ACT" moodCode="EVN">{code("29308-4", LOINC)}' + within("SUBJ", observation(
        "e1d", code("29308-4", LOINC), coded("38341003", "Hypertensive disorder"))) + "</act>")
    + "</encounter>"
)  # fmt: skip
PLAN = f'<observation classCode="OBS" moodCode="RQO">{ident("t1")}{code("4548-4", LOINC)}</observation>'
SECTIONS = (
    section("48765-2", "Allergies", "<paragraph>Penicillin: wheals, severe.</paragraph>", PENICILLIN),
    section("11450-4", "Problems", '<list><item ID="prob1">Type 2 diabetes</item><item ID="prob2">Lobar pneumonia of 2019</item></list>', DIABETES, PNEUMONIA),
    section("10160-0", "Medications", '<list><item>Metformin</item><item ID="med3">Turmeric capsules from the market</item></list>', METFORMIN, ORDERED, NAMELESS),
    section("11369-6", "Immunizations", "<paragraph>Influenza given, pneumococcal declined.</paragraph>", VACCINE, REFUSED),
    section("30954-2", "Results", "<table><tbody><tr><td>HbA1c</td><td>7.4 %</td></tr></tbody></table>", RESULTS),
    section("8716-3", "Vital signs", "<paragraph>148/86, 81.5 kg</paragraph>", VITALS),
    section("29762-2", "Social history", "<paragraph>Stopped smoking in 2001.</paragraph>", SMOKING),
    section("47519-4", "Procedures", "<paragraph>Right colectomy in June 2020.</paragraph>", COLECTOMY),
    section("46240-8", "Encounters", "<paragraph>Office visit on 5 March 2024.</paragraph>", VISIT),
    section("18776-5", "Plan", "<paragraph>Repeat the HbA1c in three months; consider an SGLT2 inhibitor.</paragraph>", PLAN),
    section("10164-2", "History of present illness", "<paragraph>Reports tingling in both feet since January.</paragraph>"),
)  # fmt: skip


def document(*sections: str, own: str = "D1", head: str = "", patient: str = PATIENT, time: str = "20240305093000-0500") -> bytes:
    """A whole document; `head` comes behind its time (setId, versionNumber, relatedDocument)."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:sdtc="urn:hl7-org:sdtc" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><realmCode code="US"/>'
        '<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>'
        '<templateId root="2.16.840.1.113883.10.20.22.1.2" extension="2015-08-01"/>'
        f'<id root="{OID}.9" extension="{own}"/>{code("34133-9", LOINC, "Summarization of Episode Note")}'
        f"<title>Summary of care</title><effectiveTime value=\"{time}\"/>{head}{patient}"
        '<author><time value="20240305"/><assignedAuthor><id root="2.16.840.1.113883.4.6" extension="1234567893"/>'
        "<assignedPerson><name><given>Ines</given><family>Achterberg</family></name></assignedPerson></assignedAuthor></author>"
        f"<custodian><assignedCustodian><representedCustodianOrganization><id root=\"{OID}\"/><name>Millbrook Family Practice</name>"
        "</representedCustodianOrganization></assignedCustodian></custodian>"
        f"<component><structuredBody>{''.join(sections or SECTIONS)}</structuredBody></component></ClinicalDocument>"
    ).encode()
