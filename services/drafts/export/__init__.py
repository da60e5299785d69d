"""Notes as files for people: PDF and Word."""
