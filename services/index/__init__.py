"""From the record to what is searched: text, chunks, vectors, and the ranking of them."""
