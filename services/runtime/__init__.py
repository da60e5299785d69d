"""What keeps running: the worker that follows the record's changes."""
