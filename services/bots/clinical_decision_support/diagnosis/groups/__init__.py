"""The criteria, one module for each field."""
