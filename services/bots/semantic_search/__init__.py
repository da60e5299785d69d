"""Finds passages of the record by meaning, words, codes and values."""
