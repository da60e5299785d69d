"""Follow-up of a left breast cancer on an aromatase inhibitor."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

RUTH = Person(
    "ruth-goldberg",
    "Ruth",
    "Goldberg",
    "female",
    64,
    15,
    "Left breast cancer after mastectomy: pathology, anastrozole, bone density",
    marital="D",
    clinician="haddad",
)


def ruth(c: Chart) -> None:
    c.allergy("sulfa", 3000, "Sulfonamide antibiotics", "Maculopapular rash", "moderate", rx="10180")
    c.cond(
        "cancer",
        1010,
        "Invasive ductal carcinoma of the left breast",
        "C50.912",
        "254837009",
        site="Left breast",
        note="pT2 N1a M0, ER positive, PR positive, HER2 negative",
    )
    c.cond("osteoporosis", 120, "Osteoporosis", "M81.0", "64859006")
    c.cond("lymphedema", 620, "Lymphedema of the left arm", site="Left arm")
    c.cond("arthralgia", 500, "Arthralgia on aromatase inhibitor")
    c.family("SIS", ("Breast cancer", 49))
    c.family("MGRMTH", ("Ovarian cancer", 61))
    c.smoking(980, "never")
    c.height = 160
    c.study(
        "mammogram",
        1025,
        "BI-RADS 5: spiculated 24 mm mass, left breast, upper outer quadrant. Right negative.",
    )
    c.proc("biopsy", 1015, "Ultrasound-guided core biopsy", site="Left breast, 2 o'clock", of="cancer")
    c.enc(980, "surgery", "Left mastectomy", who="haddad", dx="cancer", until=978, went="Home")
    c.proc(
        "mastectomy",
        980,
        "Left simple mastectomy with sentinel node biopsy",
        "172043006",
        site="Left breast",
        of="cancer",
    )
    c.study(
        "path",
        973,
        "Invasive ductal carcinoma, left breast, 26 mm, grade 2, margins clear, 1 of 3 nodes involved.",
        """
        SPECIMEN:
        Left breast, mastectomy; left axillary sentinel nodes x3.

        DIAGNOSIS:
        Invasive ductal carcinoma, Nottingham grade 2, 26 mm. Margins clear, closest 9 mm (deep). No lymphovascular
        invasion seen. One of three sentinel nodes with a 3 mm macrometastasis, no extranodal extension.
        ER 95 %, PR 70 %, HER2 1+ (negative), Ki-67 14 %. Stage pT2 pN1a.""",
    )
    c.coded("brca", 960, "Germline BRCA1/BRCA2 sequencing", "No pathogenic variant found")
    c.study("mammogram", 640, "Right breast only, left mastectomy: BI-RADS 2, benign.")
    c.study("mammogram", 270, "Right breast only: BI-RADS 1, negative.")
    for at, hip, spine in ((870, -1.9, -2.2), (125, -2.2, -2.7)):
        c.study(
            "dxa",
            at,
            f"T-score total hip {hip}, lumbar spine {spine}. "
            + ("Osteopenia." if at == 870 else "Osteoporosis at the spine; loss since the previous study."),
        )
        c.score("hipt", at, hip)
        c.score("spinet", at, spine)
    for at, kg, bp in (
        (940, 71.2, (126, 78)),
        (760, 72.0, (128, 76)),
        (500, 73.1, (130, 80)),
        (300, 72.4, (124, 76)),
        (120, 72.8, (128, 78)),
        (30, 72.6, (126, 74)),
    ):
        c.enc(at, "visit", "Breast cancer follow-up", dx=["cancer"])
        c.vitals(at, bp, hr=72, wt=kg, **({"ht": 160} if at == 940 else {}))
        c.panel("cmp", at, na=140, k=4.2, cr=0.7, alt=21, ast=20, alp=82, ca=9.4)
        c.panel("cbc", at, wbc=5.2, hb=12.9, mcv=90, plt=230)
    c.trend("vitd", (870, 24), (120, 33))
    c.med(
        "anastrozole",
        900,
        "Anastrozole 1 mg tablet (Arimidex)",
        "Take 1 tablet by mouth daily for at least 5 years",
        (1, "mg"),
        of="cancer",
        repeats=3,
    )
    c.med(
        "alendronate",
        120,
        "Alendronate 70 mg tablet",
        "Take 1 tablet once a week, fasting, upright for 30 minutes",
        (70, "mg"),
        1 / 7,
        of="osteoporosis",
        repeats=5,
    )
    c.med(
        "duloxetine",
        300,
        "Duloxetine 30 mg capsule",
        "Take 1 capsule daily",
        (30, "mg"),
        of="arthralgia",
        stopped="Nausea",
    )
    c.otc("calcium carbonate", 870, "Calcium carbonate 1,200 mg", "Once daily with food")
    c.otc("cholecalciferol", 870, "Vitamin D3 2,000 units", "Once daily")
    c.shots("140", 250)
    c.proc("colonoscopy", 1700, "Colonoscopy", "73761001")
    c.order("mammogram", 30, "Screening mammogram, RIGHT breast only", of="cancer", due=60)
    c.plan(
        "survivorship",
        300,
        "Survivorship plan",
        "Right mammogram every year",
        "DXA every 2 years",
        "No blood pressure or needles in the left arm",
        of="cancer",
    )
    c.claim(300, ("99214", 168.0), dx="cancer")
    c.note(
        "operative",
        980,
        """
        PREOPERATIVE DIAGNOSIS:
        Invasive ductal carcinoma, LEFT breast.

        PROCEDURE:
        LEFT simple mastectomy and LEFT axillary sentinel lymph node biopsy. Site marked, side confirmed at time-out.

        FINDINGS:
        Palpable 2.5 cm mass, upper outer quadrant. Three blue and hot nodes removed. One drain. EBL 80 mL. No
        complications. Right breast not operated on.""",
    )
    c.note(
        "consult",
        940,
        """
        REASON FOR CONSULT:
        Adjuvant treatment after left mastectomy.

        HISTORY OF PRESENT ILLNESS:
        61F, postmenopausal since 52, found a lump in the LEFT breast in the shower. Mammogram: spiculated 24 mm mass, left
        upper outer quadrant, right breast negative. Core biopsy: invasive ductal carcinoma. She chose mastectomy over
        lumpectomy with radiation. Left simple mastectomy with sentinel node biopsy went without complication; drain out on
        day 9. Denies fever, wound discharge, arm swelling, bone pain, headache, cough or weight loss.

        PATHOLOGY:
        IDC, grade 2, 26 mm, margins clear, one of three sentinel nodes involved (3 mm), ER 95 %, PR 70 %, HER2 1+ which is
        negative, Ki-67 14 %. pT2 pN1a.

        PAST HISTORY:
        G3P3, first child at 27. No hormone therapy. No clots. Sulfonamide antibiotics: rash. Never smoker, wine on Fridays.

        FAMILY HISTORY:
        Sister with breast cancer at 49, alive. Maternal grandmother with ovarian cancer at 61. Father and brothers without
        cancer. Ashkenazi Jewish on both sides.

        OBJECTIVE:
        BP 126/78 in the right arm, weight 71.2 kg. Left chest wall scar healing, no seroma. Right breast: no mass, no nipple
        change. No axillary or supraclavicular nodes. Lungs clear, liver not felt. Hemoglobin 12.9 g/dL, ALT 21,
        creatinine 0.7 mg/dL, calcium 9.4.

        ASSESSMENT AND PLAN:
        1. Left breast IDC pT2 pN1a, ER+/PR+/HER2-. The 21-gene score came back low; in a postmenopausal woman with one node
        chemotherapy adds little. Agreed to go without.
        2. Anastrozole 1 mg daily for at least 5 years, to begin when she is back from visiting her son. Hot flashes, joint
        pain and bone loss explained. No estrogen, no herbal menopause products.
        3. Bone health: baseline DXA, vitamin D, calcium.
        4. Radiation oncology discussed one positive node after mastectomy; she declined chest wall radiation.
        5. Germline BRCA1/BRCA2 testing sent: sister, grandmother and ancestry.
        6. No staging scans: no symptoms, normal bloods. See in 6 months.""",
    )
    c.note(
        "progress",
        120,
        """
        INTERVAL HISTORY:
        On Arimidex 2 years, never misses. Hand stiffness in the morning, bearable; duloxetine stopped for nausea. Hot
        flashes mild. Denies bone pain, cough, weight loss or new lumps. Left arm sleeve daily.

        OBJECTIVE:
        BP 128/78 (right arm), weight 72.8 kg. Left chest wall smooth, no nodules. Right breast no mass. No axillary or
        supraclavicular nodes. DXA: spine T -2.7, total hip T -2.2 (were -2.2 and -1.9).

        ASSESSMENT AND PLAN:
        1. Left breast IDC pT2N1a, ER+/PR+/HER2-, s/p left mastectomy, no evidence of recurrence. Continue anastrozole.
        2. Osteoporosis on AI: alendronate 70 mg weekly, calcium, vitamin D. Dental check first.
        3. Lymphedema left arm, stable.""",
    )
    c.note(
        "progress",
        30,
        """
        SUBJECTIVE:
        Tolerates alendronate, no heartburn. Sister's breast cancer at 49 and grandmother's ovarian cancer noted; her own
        BRCA1/2 test found no pathogenic variant.

        OBJECTIVE:
        Weight 72.6 kg, BP 126/74. No masses on the right. Calcium 9.4, creatinine 0.7 mg/dL.

        ASSESSMENT AND PLAN:
        No evidence of disease. Right mammogram due soon, ordered. Anastrozole to year 5, then discuss extending
        (node positive).""",
    )


STORIES: list[Story] = [(RUTH, ruth)]
