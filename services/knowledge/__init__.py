"""Clinical knowledge: tables with their sources, and the language to use them."""
