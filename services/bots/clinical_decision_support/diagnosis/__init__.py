"""What published criteria say is met by the record, and is not on the problem list."""
