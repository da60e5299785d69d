"""Clinical decision support: what the record says should be looked at."""
