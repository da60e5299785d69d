"""Embeds FHIR resources as they are written, so that they can be found by meaning."""
