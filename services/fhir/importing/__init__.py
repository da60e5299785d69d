"""Loading FHIR R4 files of any size into the record."""
