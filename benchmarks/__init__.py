"""Measurements of speed and quality: each prints figures and their ratios to a named baseline from one run."""
