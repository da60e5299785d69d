"""Carries out what people decide about the AI's proposals."""
