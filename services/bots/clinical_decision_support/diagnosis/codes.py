"""The titles of the ICD-10-CM codes that suggestions carry."""

from services.knowledge.diagnosis import titles

__all__ = ["titles"]
