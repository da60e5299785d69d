"""Notes from draft to signature: edited by people, checked again, kept in versions, signed, and closed after that."""
