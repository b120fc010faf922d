"""Static files: third-party parts by name, out of node_modules; in production, names with a digest, compressed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Parts(BaseFinder):
    """The files of `STATIC_PARTS` (name -> path) and no others: a package brings many that no page uses."""

    def __init__(self, *_arguments: Any, **_given: Any) -> None:
        self.parts: dict[str, Path] = dict(settings.STATIC_PARTS)

    def find(self, path: str, find_all: bool = False, **_given: Any) -> Any:
        found = self.parts.get(path)
        if found is None or not found.exists():
            return []
        return [str(found)] if find_all else str(found)

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        for name, path in self.parts.items():
            storage = FileSystemStorage(location=str(path.parent))
            storage.prefix = str(Path(name).parent)  # type: ignore[attr-defined]  # where collectstatic puts it
            yield path.name, storage


class Manifest(CompressedManifestStaticFilesStorage):
    """A page that names a file which was not collected still shows: the name is left as it stands."""

    manifest_strict = False
