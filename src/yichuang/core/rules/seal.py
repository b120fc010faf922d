"""Merkle tree over the heads of streams, after RFC 6962: pure functions over bytes.

Leaf digest = H(0x00 || leaf), node digest = H(0x01 || left || right), the left subtree holds the largest power of two
that is smaller than the number of leaves. The prefixes keep a node from passing for a leaf.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a stream at the time of a seal. digest: hex."""

    stream: str
    seq: int
    digest: str

    def bytes(self) -> bytes:
        """What is digested as the leaf."""
        return f"{self.stream}\n{self.seq}\n{self.digest}".encode()


def root(leaves: Iterable[bytes], algorithm: str) -> str:
    """Hex root of the tree, H("") when there is no leaf. Streaming: memory is a logarithm of the number of leaves.

    Complete subtrees lie on a stack with their sizes; equal sizes are joined at once, the rest from the right at the
    end, which is the tree of RFC 6962.
    """
    stack: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, node = 1, _hash(algorithm, b"\x00", leaf)
        while stack and stack[-1][0] == size:
            _, left = stack.pop()
            size, node = size * 2, _hash(algorithm, b"\x01", left, node)
        stack.append((size, node))
    if not stack:
        return hashlib.new(algorithm).hexdigest()
    _, node = stack.pop()
    while stack:
        _, left = stack.pop()
        node = _hash(algorithm, b"\x01", left, node)
    return node.hex()


def path(leaves: Sequence[bytes], position: int, algorithm: str) -> list[str]:
    """The audit path of a leaf (RFC 6962 2.1.1), from the leaf upwards: with it and the root, anyone can check that
    the leaf is under the seal without seeing the others. Raises IndexError for a position that is not there."""
    if not 0 <= position < len(leaves):
        raise IndexError(position)
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if position < middle:
        return [*path(leaves[:middle], position, algorithm), root(leaves[middle:], algorithm)]
    return [*path(leaves[middle:], position - middle, algorithm), root(leaves[:middle], algorithm)]


def climbs(leaf: bytes, position: int, size: int, path: Sequence[str], root: str, algorithm: str) -> bool:
    """True if `path` leads from the leaf at `position` of `size` to the root (hex)."""
    if not 0 <= position < size:
        return False
    sides: list[bool] = []  # from the root down: is our subtree the right one?
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        sides.append(position >= middle)
        low, high = (middle, high) if position >= middle else (low, middle)
    if len(path) != len(sides):
        return False
    node = _hash(algorithm, b"\x00", leaf)
    for other, right in zip(path, reversed(sides), strict=True):
        beside = bytes.fromhex(other)
        node = _hash(algorithm, b"\x01", beside, node) if right else _hash(algorithm, b"\x01", node, beside)
    return node.hex() == root


def chained(day: date, root: str, streams: int, previous: str, algorithm: str) -> str:
    """The seal's own digest: it covers the day, the root, the number of streams and the seal before."""
    return hashlib.new(algorithm, f"{previous}\n{day.isoformat()}\n{streams}\n{root}".encode()).hexdigest()


def _split(size: int) -> int:
    """The largest power of two smaller than size (size > 1)."""
    return 1 << (size - 1).bit_length() - 1


def _hash(algorithm: str, *parts: bytes) -> bytes:
    return hashlib.new(algorithm, b"".join(parts)).digest()
