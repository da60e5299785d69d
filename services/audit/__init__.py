"""What was done with patients' data, as FHIR AuditEvents."""
