"""Drafts of clinical documents, put together from the record: the contract's Documentation Assistant Bot."""
