"""Other wordings: summaries."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "summaries.maria-alvarez.1": (
        "Give me an overview of her diabetes.", "diabetes summary please",
        "Sum up how her diabetes has been managed.",
    ),
    "summaries.maria-alvarez.2": (
        "Summarise her most recent visit.", "short summary of the latest encounter",
        "What happened at the last visit, in brief?",
    ),
    "summaries.james-whitfield.1": (
        "overview of his heart failure", "Give me a summary of the heart failure.",
        "HF history, summarised",
    ),
    "summaries.james-whitfield.2": (
        "Summarize the hospital stay in May 2025.", "summary of the May 2025 admission",
        "What happened during his hospitalization in May 2025?",
    ),
    "summaries.dorothy-freeman.1": (
        "Summarize her chronic kidney disease.", "CKD summmary", "Give me the big picture on her kidneys.",
    ),
    "summaries.george-papadopoulos.1": (
        "Summarise his stroke and its treatment.", "stroke overview incl. treatment",
        "Give me a rundown of the stroke and how it was managed.",
    ),
    "summaries.hien-nguyen.1": (
        "summary of his stay in June", "Give me an overview of the admission in June.",
        "June hospital course in short",
    ),
    "summaries.ruth-goldberg.1": (
        "Summarize her breast cancer history.", "overview of her cancer and its treatment",
        "Give me a summary of the oncological history.",
    ),
    "summaries.denise-carter.1": (
        "Summarise her opioid treatment.", "overview of opioid use and prescriptions",
        "Sum up the opioid therapy for me.",
    ),
    "summaries.frank-delaney.1": (
        "Summarize his COPD.", "overview of the COPD", "Give me the COPD story in a nutshell.",
    ),
    "summaries.nora-obrien.1": (
        "Give me an overview of her allergies.", "allergy summary", "Sum up what she's allergic to.",
    ),
    "summaries.tyrone-jackson.1": (
        "Summarise his HIV care.", "overview of the HIV treatment",
        "Give me a summary of how his HIV is managed.",
    ),
    "summaries.bruno.1": (
        "Give me an overview of the hospital stay in April.", "April admission in summary",
        "Summarise what happened when he was in hospital in April.",
    ),
}
# fmt: on
