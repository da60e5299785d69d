"""Questions to which this cohort holds no answer: for the "weak match" threshold, not for nDCG."""

from __future__ import annotations

NOTHING: list[tuple[str, str, str | None]] = [
    ("n-ms", "multiple sclerosis", None),
    ("n-parkinson", "Parkinson disease", None),
    ("n-malaria", "malaria", None),
    ("n-appendix", "appendectomy", None),
    ("n-stones", "kidney stones", None),
    ("n-cf", "cystic fibrosis", None),
    ("n-lithium", "lithium level", None),
    ("n-lupus", "systemic lupus erythematosus", None),
    ("n-hip-maria", "hip fracture", "maria-alvarez"),
    ("n-schizo-dorothy", "schizophrenia", "dorothy-freeman"),
    ("n-psoriasis-eleanor", "psoriasis plaques", "eleanor-marsh"),
    ("n-warfarin-zoe", "warfarin", "zoe-abara"),
    ("n-transplant-james", "liver transplant", "james-whitfield"),
    ("n-chemo-kwame", "chemotherapy cycles", "kwame-mensah"),
    ("n-dialysis-robert", "hemodialysis sessions", "robert-kowalczyk"),
    ("n-pregnancy-harold", "pregnancy test", "harold-jensen"),
    ("n-k2-all", "potassium below 2", None),
    ("n-insulin-patrick", "insulin pump", "patrick-dsouza"),
    ("n-celiac-ingrid", "coeliac disease", "ingrid-sorensen"),
    ("n-cataract-frank", "cataract surgery", "frank-delaney"),
]
