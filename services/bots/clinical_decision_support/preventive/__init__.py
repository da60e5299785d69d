"""Preventive-care gaps: published measures and schedules, each written once as data and judged over a record."""
