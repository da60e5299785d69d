"""What the pages call, and all that they call."""
