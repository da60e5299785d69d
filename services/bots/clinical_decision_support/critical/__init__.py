"""Results that somebody has to know of at once: beyond critical limits, marked so by the laboratory, or changed fast."""
