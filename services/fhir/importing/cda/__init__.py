"""C-CDA documents (CDA R2, Consolidated CDA 1.1 and 2.1) as FHIR R4, after HL7's guide "C-CDA on FHIR" 2.0.0
(hl7.org/fhir/us/ccda)."""
