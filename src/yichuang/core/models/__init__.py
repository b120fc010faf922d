"""Tables of the mechanisms. Import from here."""

from yichuang.core.models.log import LogEvent, Logged, Seal, SealLeaf

__all__ = ["LogEvent", "Logged", "Seal", "SealLeaf"]
