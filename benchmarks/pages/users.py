"""Many people at once, without a browser for each: their sessions speak Streamlit's protocol over a websocket."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PAUSE = 10.0
"""Seconds between two clicks of one person."""


def clicked(connection: ClientConnection, page: str, query: str) -> None:
    """What a followed link sends, until its run has ended."""
    sent = BackMsg()
    sent.rerun_script.query_string = query
    sent.rerun_script.page_name = page
    connection.send(sent.SerializeToString())
    while True:
        raw = connection.recv(60)
        got = ForwardMsg()
        got.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        if got.WhichOneof("type") == "script_finished":
            return


@contextlib.contextmanager
def clicking(url: str, held: str, page: str, queries: Sequence[str], people: int) -> Iterator[list[float]]:
    """While inside, that many people each follow a link every ten seconds; the list grows by seconds of each."""
    taken: list[float] = []
    ended = threading.Event()
    opened = threading.Barrier(people + 1)

    def live(number: int) -> None:
        address = f"ws{url.removeprefix('http')}/_stcore/stream"
        with connect(address, additional_headers={"Cookie": held, "Origin": url}, max_size=None) as connection:
            clicked(connection, page, queries[0])
            opened.wait(300)
            ended.wait(PAUSE * number / people)  # spread over the pause
            turn = number
            while not ended.is_set():
                begun = time.perf_counter()
                clicked(connection, page, queries[turn % len(queries)])
                taken.append(time.perf_counter() - begun)
                turn += 1
                ended.wait(PAUSE)

    threads = [threading.Thread(target=live, args=(n,), daemon=True) for n in range(people)]
    for each in threads:
        each.start()
    opened.wait(300)
    try:
        yield taken
    finally:
        ended.set()
        for each in threads:
            each.join(70)

