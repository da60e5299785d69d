"""Other wordings: allergies and family history."""

# fmt: off
WORDINGS: dict[str, tuple[str, ...]] = {
    "allergies_family.maria-alvarez.1": (
        "Does she have allergies?", "her allergy status please", "Any allergies recorded for her?",
    ),
    "allergies_family.maria-alvarez.2": (
        "Does she have a penicillin allergy?", "PCN allergy?", "Is there an allergy to penicillin on file?",
    ),
    "allergies_family.nora-obrien.1": (
        "What is she allergic to?", "list her allergies", "Pull up the allergy list.",
        "What are her known allergies?",
    ),
    "allergies_family.nora-obrien.2": (
        "What reaction does she get to penicillin?", "penicillin: what did it do to her",
        "How does she react to penicillin?",
    ),
    "allergies_family.nora-obrien.3": (
        "Does she have an aspirin allergy?", "aspirin allergic?", "Is there an allergy to aspirin?",
    ),
    "allergies_family.nora-obrien.4": (
        "How many allergies does she have?", "allergy count", "How many allergies are on record?",
    ),
    "allergies_family.nora-obrien.5": (
        "Is she allergic to latex?", "Does she react to latex?", "any allergy to latex on file",
    ),
    "allergies_family.dorothy-freeman.1": (
        "What happened when she got contrast?", "contrast reaction, what kind",
        "How did she react to iodinated contrast?",
    ),
    "allergies_family.dorothy-freeman.2": (
        "Which drugs does she not tolerate? List allergies and intolerances.",
        "allergies plus intolerances please", "What are her drug allergies and intolerances?",
    ),
    "allergies_family.dorothy-freeman.3": (
        "Why must she avoid NSAIDs?", "reason for NSAID avoidance",
        "What is the reason she can't have NSAIDs?",
    ),
    "allergies_family.james-whitfield.1": (
        "Is he intolerant of ACE inhibitors?", "inotlerance to ACE-I?",
        "Does he tolerate ACE inhibitors badly, i.e. is an intolerance recorded?",
    ),
    "allergies_family.frank-delaney.1": (
        "How did he react to doxycycline?", "What happened with doxycycline?", "reaction to doxy",
    ),
    "allergies_family.denise-carter.1": (
        "What is she allergic to? Remind me.", "which allergies are recorded for her",
        "Which substance is she allergic to?",
    ),
    "allergies_family.mateo-garcia.1": (
        "Is he allergic to peanuts?", "allergic to peanut, yes or no",
        "Does he have an allergy to peanuts?",
    ),
    "allergies_family.mateo-garcia.2": (
        "date the peanut allergy was entered", "On what date was his peanut allergy documented?",
        "When was the allergy to peanuts put on record?",
    ),
    "allergies_family.kwame-mensah.1": (
        "How severe was his reaction to lamotrigine?", "severity of the lamotrigine reaction",
        "lamotrigine reaction: mild or severe?",
    ),
    "allergies_family.ruth-goldberg.1": (
        "Is she allergic to sulfa drugs?", "Does she have an allergy to sulfonamides?", "sulpha allergic?",
    ),
    "allergies_family.tyrone-jackson.1": (
        "Why can't he have abacavir?", "reason to avoid abacavir", "What speaks against giving abacavir?",
    ),
    "allergies_family.george-papadopoulos.1": (
        "Does he have any known allregies?", "Are any allergies known?", "known allergies on file",
    ),
    "allergies_family.hien-nguyen.1": (
        "Does he have no known drug allergies?", "no known drug allergies, correct?", "Is he NKDA?",
    ),
    "allergies_family.maria-alvarez.3": (
        "Has anyone in her family had a stroke?", "FHx of stroke", "stroke in a relative?",
    ),
    "allergies_family.maria-alvarez.4": (
        "age of the father when he had the stroke", "At what age did her father have his stroke?",
        "father's stroke - at what age",
    ),
    "allergies_family.james-whitfield.2": (
        "What disease did his father have?", "father's diagnosis", "Which illness affected his dad?",
    ),
    "allergies_family.james-whitfield.3": (
        "How old was his father when he died?", "At what age did the father die?",
        "age of the father when he passed away",
    ),
    "allergies_family.linda-kaminski.1": (
        "Is there a family history of colon cancer?", "bowel cancer in a relative?",
        "Did anyone in her family have colon cancer?",
    ),
    "allergies_family.ruth-goldberg.2": (
        "Which relative had ovaran cancer?", "ovarian ca in the family - who?",
        "Who among her relatives was affected by ovarian cancer?",
    ),
    "allergies_family.ruth-goldberg.3": (
        "Does breast cancer run in her family?", "FHx breast cancer", "Has a relative had breast cancer?",
    ),
    "allergies_family.dorothy-freeman.4": (
        "What did her mother have?", "What illness did the mother suffer from?", "mother's medical history",
    ),
    "allergies_family.mateo-garcia.3": (
        "Is there a family history of asthma?", "FHx asthma", "Does any relative have asthma?",
    ),
    "allergies_family.ingrid-sorensen.1": (
        "Does anyone in her family have thyroid disease?", "family history of throid trouble",
        "FHx thyroid",
    ),
    "allergies_family.maria-alvarez.5": (
        "What is her family hitory?", "FHx please", "Which diseases are known in her relatives?",
        "diseases in the family, list",
    ),
}
# fmt: on
