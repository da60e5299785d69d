"""All routes of the API, in the order in which they are matched."""

from services.api import bots, fhir, health, signin

ROUTES = [*signin.ROUTES, *health.ROUTES, *bots.ROUTES, *fhir.ROUTES, *fhir.FALLBACK]
