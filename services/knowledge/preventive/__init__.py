"""Codes that preventive care is judged by, as named value sets."""
