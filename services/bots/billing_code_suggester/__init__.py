"""Billing Code Suggester: ICD-10-CM and CPT codes that an encounter's documentation supports."""
