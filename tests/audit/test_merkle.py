"""The tree's hashes against RFC 6962's definition, written out, and against published roots."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.audit.merkle import EMPTY, Frontier, leaf_hash, peaks

# The entries and roots that Certificate Transparency's own tests use (google/certificate-transparency, merkle_tree).
KNOWN = [b"", b"\x00", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43",
         bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))]  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def tree_hash(entries: list[bytes]) -> bytes:
    """RFC 6962, section 2.1, as it stands there."""
    if not entries:
        return hashlib.sha256().digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while 2 * k < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_hash(entries[:k]) + tree_hash(entries[k:])).digest()


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size: int) -> None:
    log = Frontier()
    for entry in KNOWN[:size]:
        log.append(leaf_hash(entry))
    assert log.root().hex() == ROOTS[size] == tree_hash(KNOWN[:size]).hex()


@given(st.lists(st.binary(max_size=20), max_size=70))
def test_every_size_has_the_root_of_the_definition(entries: list[bytes]) -> None:
    log = Frontier()
    nodes = {}
    assert log.root() == EMPTY
    for number, entry in enumerate(entries):
        nodes[0, number] = leaf_hash(entry)
        for level, position, made in log.append(leaf_hash(entry)):
            assert made == tree_hash(entries[position << level : (position + 1) << level])
            nodes[level, position] = made
        assert log.root() == tree_hash(entries[: number + 1])
    again = Frontier(len(entries), [nodes[peak] for peak in peaks(len(entries))])
    assert again.root() == log.root()
    again.append(leaf_hash(b"next"))
    assert again.root() == tree_hash([*entries, b"next"])


@given(st.integers(0, 2**40))
def test_peaks_cover_each_entry_once(size: int) -> None:
    end = 0
    for level, position in peaks(size):
        assert position << level == end
        end = (position + 1) << level
    assert end == size
