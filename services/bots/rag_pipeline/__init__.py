"""Answers questions about one patient from the record, each sentence with its sources."""
