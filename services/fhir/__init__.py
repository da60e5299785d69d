"""The record: FHIR R4 resources with history, search and a log of changes."""
