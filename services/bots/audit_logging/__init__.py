"""Writes what others did with the help of models into the audit trail."""
