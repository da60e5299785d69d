"""A patient's record as typed, dated entries: what is computed over when a question is answered."""
