"""Published rules of billing: diagnosis codes, visit levels, procedure codes, edits."""
