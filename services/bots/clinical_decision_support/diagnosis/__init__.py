"""Diagnoses whose published criteria the record meets, and that are not on the problem list."""
