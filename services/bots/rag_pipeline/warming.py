"""What the first question of a process would wait for, loaded before it comes."""

from __future__ import annotations

import datetime as dt

from services.bots.rag_pipeline import accounting, intents, linking
from services.bots.rag_pipeline.reading import read


def warm() -> None:
    """Tables, the embedded model and the vectors of what people say. Raises EmbeddingError."""
    read("latest potassium", dt.date.today())
    linking.load()
    intents.intent("value")
    accounting.load()
