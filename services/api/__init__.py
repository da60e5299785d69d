"""HTTP: sign-in, FHIR REST, `$execute`, health and metrics, as Starlette routes beside the console."""
