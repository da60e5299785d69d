"""The record on a FHIR server: written there first, with a working copy here that everything else reads."""
