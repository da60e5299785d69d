"""Depression followed by questionnaire through three changes of treatment."""

from __future__ import annotations

from services.demo.person import Person
from services.demo.record import Chart
from services.demo.stories._story import Story

JASMINE = Person(
    "jasmine-brooks",
    "Jasmine",
    "Brooks",
    "female",
    34,
    170,
    "Depression: PHQ-9 scores through sertraline, escitalopram and added bupropion",
    marital="S",
    race="black",
    clinician="kowalska",
)


def jasmine(c: Chart) -> None:
    c.allergy(
        "sulfa",
        2500,
        "Sulfonamide antibiotics",
        "Rash in childhood, details unknown",
        verify="unconfirmed",
        rx="10180",
    )
    c.cond("mdd", 560, "Major depressive disorder, recurrent, moderate", "F33.1", "370143000")
    c.cond("gad", 520, "Generalized anxiety disorder", "F41.1")
    c.family("MTH", ("Bipolar disorder", 30))
    c.family("SIS", ("Depression", 22))
    c.smoking(560, "never")
    c.height = 170
    rows = [
        (560, 19, 15, 72.0),
        (515, 16, 13, 71.4),
        (470, 14, 12, 71.9),
        (400, 17, 14, 73.2),
        (350, 12, 9, 74.0),
        (270, 10, 8, 75.1),
        (180, 11, 7, 75.9),
        (130, 7, 6, 75.2),
        (60, 5, 4, 74.8),
        (14, 6, 5, 74.5),
    ]
    for at, phq, gad, kg in rows:
        c.enc(at, "visit", "Mood review", dx=["mdd"])
        c.score("phq9", at, phq, "Item 9: several days" if at == 560 else "Item 9: not at all")
        c.score("gad7", at, gad)
        c.vitals(at, (112 + at % 8, 70 + at % 6), hr=72, wt=kg, **({"ht": 170} if at == 560 else {}))
    c.lab("tsh", 560, 1.8)
    c.panel("cbc", 560, wbc=6.0, hb=12.6, mcv=86, plt=250)
    c.score("auditc", 560, 3)
    c.med(
        "sertraline",
        560,
        "Sertraline 50 mg tablet (Zoloft)",
        "Take 1 tablet daily",
        (50, "mg"),
        of="mdd",
        stopped="Dose increased",
    )
    c.med(
        "sertraline",
        515,
        "Sertraline 100 mg tablet",
        "Take 1 tablet daily",
        (100, "mg"),
        of="mdd",
        stopped="Sexual side effects and poor response",
    )
    c.med(
        "escitalopram",
        400,
        "Escitalopram 10 mg tablet (Lexapro)",
        "Take 1 tablet daily",
        (10, "mg"),
        of="mdd",
        stopped="Dose increased",
    )
    c.med(
        "escitalopram",
        350,
        "Escitalopram 20 mg tablet",
        "Take 1 tablet daily",
        (20, "mg"),
        of="mdd",
        repeats=3,
    )
    c.med(
        "bupropion",
        180,
        "Bupropion XL 150 mg tablet (Wellbutrin XL)",
        "Take 1 tablet every morning",
        (150, "mg"),
        of="mdd",
        repeats=3,
    )
    c.otc(
        "St John's wort",
        510,
        "St John's wort 300 mg",
        "Took once daily for three weeks, now stopped",
        "stopped",
    )
    c.proc("pap", 800, "Cervical screening, cytology")
    c.shots("140", 220)
    c.plan(
        "safety",
        560,
        "Safety plan",
        "Warning signs: not answering calls, sleeping all day",
        "Call sister first",
        "Crisis line 988",
        of="mdd",
        goal="PHQ-9 below 5",
    )
    c.order("cbt", 560, "Cognitive behavioural therapy, 12 sessions", "completed", of="mdd")
    for at in (270, 60):
        c.claim(at, ("99214", 168.0), ("96127", 12.0), dx=["mdd"])
    c.note(
        "consult",
        560,
        """
        HISTORY OF PRESENT ILLNESS:
        32F teacher, second depressive episode. 3 months of low mood, early waking, poor concentration, 4 kg weight loss,
        guilt. Passive thoughts that others would be better off; denies plan, intent or past attempts. No guns at home.
        Denies mania: never decreased need for sleep, no spending sprees. Mother has bipolar disorder. Alcohol: 2
        glasses of wine at weekends. No psychosis.

        OBJECTIVE:
        PHQ-9 19 (item 9 positive, "several days"), GAD-7 15. TSH 1.8. Tearful, linear thought.

        ASSESSMENT AND PLAN:
        1. MDD, recurrent, moderate-severe. Sertraline 50 mg. CBT referral.
        2. Suicide risk low to moderate; safety plan written with her, sister involved.
        3. Watch for switching given maternal bipolar disorder.""",
    )
    c.note(
        "phone",
        510,
        """
        Pt mentions taking St John's wort "to help it along" with sertraline. Told to stop today (serotonin syndrome
        risk). Denies fever, tremor, diarrhoea, agitation. Will stop; call back in 2 days: feels fine.""",
        who="patel",
    )
    c.note(
        "progress",
        400,
        """
        INTERVAL HISTORY:
        On Zoloft 100 mg for 4 months. PHQ-9 17 (14 last time, 19 at the start). Anorgasmia, feels flat. CBT helps.
        Denies SI. Denies elevated mood.

        ASSESSMENT AND PLAN:
        Partial then lost response plus side effects. Cross-taper to escitalopram 10 mg over 2 weeks.""",
    )
    c.note(
        "progress",
        180,
        """
        INTERVAL HISTORY:
        Lexapro 20 mg. PHQ-9 11, GAD-7 7. Low energy, still some sexual side effects, weight 75.9 kg (72.0 at start).
        No history of seizures or eating disorder. Denies SI, HI.

        ASSESSMENT AND PLAN:
        Residual symptoms. Add bupropion XL 150 mg in the morning. Keep escitalopram.""",
    )
    c.note(
        "progress",
        14,
        """
        INTERVAL HISTORY:
        Doing well, back at work full time. PHQ-9 6, GAD-7 5. Sleeps 7 h. Thinking about pregnancy next year. Denies SI.

        ASSESSMENT AND PLAN:
        MDD in near remission on escitalopram 20 mg and bupropion XL 150 mg. Continue at least 12 months. Preconception:
        discuss keeping the SSRI; start folic acid. PCP to review contraception and cervical screening dates.""",
    )


STORIES: list[Story] = [(JASMINE, jasmine)]
