// Systems and content types by the names that bots import. HL7's URIs are those of FHIR R4's terminology pages.

export const CPT = "http://www.ama-assn.org/go/cpt";
export const HTTP_HL7_ORG = "http://hl7.org";
export const HTTP_TERMINOLOGY_HL7_ORG = "http://terminology.hl7.org";
export const ICD10 = "http://hl7.org/fhir/sid/icd-10";
export const LOINC = "http://loinc.org";
export const NDC = "http://hl7.org/fhir/sid/ndc";
export const RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm";
export const SNOMED = "http://snomed.info/sct";
export const UCUM = "http://unitsofmeasure.org";

export const ContentType = Object.freeze({
  CSS: "text/css",
  CSV: "text/csv",
  FAVICON: "image/vnd.microsoft.icon",
  FHIR_JSON: "application/fhir+json",
  FORM_URL_ENCODED: "application/x-www-form-urlencoded",
  HL7_V2: "x-application/hl7-v2+er7",
  HTML: "text/html",
  JAVASCRIPT: "text/javascript",
  JPEG: "image/jpeg",
  JSON: "application/json",
  JSON_PATCH: "application/json-patch+json",
  MULTIPART_FORM_DATA: "multipart/form-data",
  OCTET_STREAM: "application/octet-stream",
  PDF: "application/pdf",
  PNG: "image/png",
  SVG: "image/svg+xml",
  TEXT: "text/plain",
  TYPESCRIPT: "text/typescript",
  XML: "text/xml",
});
