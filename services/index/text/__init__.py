"""FHIR resources to text: what is embedded, searched, shown and cited.

`render` says in words exactly what a resource says, its negations first, and cuts it into chunks.
"""

from __future__ import annotations

from services.index.text.model import Chunk, Draft, Fact, Rendered, Resolve
from services.index.text.rendering import SUPPORTED, document_text, render

__all__ = ["SUPPORTED", "Chunk", "Draft", "Fact", "Rendered", "Resolve", "document_text", "render"]
