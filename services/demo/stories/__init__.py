"""The written patients, grouped by what they are mostly seen for."""

from __future__ import annotations

from services.demo.stories import (
    anticoagulation,
    coronary,
    critical_result,
    everyday,
    heart_failure,
    heart_risk,
    kidney_disease,
    long_term,
    mental_health,
    neurology,
    older,
    oncology,
    paediatrics,
    pain,
    respiratory,
    rheumatology,
    type1_diabetes,
    type2_diabetes,
    womens_health,
)
from services.demo.stories._story import Story

GROUPS = (
    type2_diabetes,
    type1_diabetes,
    heart_failure,
    anticoagulation,
    coronary,
    heart_risk,
    kidney_disease,
    critical_result,
    womens_health,
    paediatrics,
    oncology,
    respiratory,
    mental_health,
    rheumatology,
    pain,
    neurology,
    older,
    long_term,
    everyday,
)
STORIES: list[Story] = [story for group in GROUPS for story in group.STORIES]
