"""Language models: embeddings, the router's client, and what guards them."""
