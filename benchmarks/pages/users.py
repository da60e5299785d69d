"""Many people at once, without a browser for each: their sessions speak Streamlit's protocol over a websocket."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PAUSE = 10.0
"""Seconds between two clicks of one person."""


@dataclass(slots=True)
class Clicks:
    """Seconds that each took, and of how many the page held the words that were looked for."""

    seconds: list[float] = field(default_factory=list)
    said: int = 0


def clicked(connection: ClientConnection, page: str, query: str, words: bytes = b"") -> bool:
    """What a followed link sends, until its run has ended; whether the page said the words."""
    sent = BackMsg()
    sent.rerun_script.query_string = query
    sent.rerun_script.page_name = page
    connection.send(sent.SerializeToString())
    said = False
    while True:
        raw = connection.recv(60)
        data = raw if isinstance(raw, bytes) else raw.encode()
        said = said or bool(words and words in data)
        got = ForwardMsg()
        got.ParseFromString(data)
        if got.WhichOneof("type") == "script_finished":
            return said


@contextlib.contextmanager
def clicking(url: str, held: str, page: str, queries: Sequence[str], people: int, pause: float = PAUSE, words: bytes = b"") -> Iterator[Clicks]:
    """While inside, that many people each follow a link every ten seconds (`pause`); what they saw is counted."""
    seen = Clicks()
    ended = threading.Event()
    opened = threading.Barrier(people + 1)

    def live(number: int) -> None:
        address = f"ws{url.removeprefix('http')}/_stcore/stream"
        with connect(address, additional_headers={"Cookie": held, "Origin": url}, max_size=None) as connection:
            clicked(connection, page, queries[0])
            opened.wait(300)
            ended.wait(pause * number / people)  # spread over the pause
            turn = number
            while not ended.is_set():
                begun = time.perf_counter()
                seen.said += clicked(connection, page, queries[turn % len(queries)], words)
                seen.seconds.append(time.perf_counter() - begun)
                turn += 1
                ended.wait(pause)

    threads = [threading.Thread(target=live, args=(n,), daemon=True) for n in range(people)]
    for each in threads:
        each.start()
    opened.wait(300)
    try:
        yield seen
    finally:
        ended.set()
        for each in threads:
            each.join(70)

