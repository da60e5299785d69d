"""The nine bots of the contract, a package each: `schemas.py` is its input and output, `handler.py` its work."""
