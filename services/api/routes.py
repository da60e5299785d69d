"""All routes of the API, in the order in which they are matched."""

from services.api import fhir, health, signin

ROUTES = [*signin.ROUTES, *health.ROUTES, *fhir.ROUTES, *fhir.FALLBACK]
