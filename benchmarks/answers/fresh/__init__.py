"""Rounds of questions written before the engine had seen them: what it makes of words nobody tuned it on."""
