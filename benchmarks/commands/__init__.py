"""Whether unsafe commands pass, and whether decisions are made and carried out once."""
