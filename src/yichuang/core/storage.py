"""Static files in production: names with a digest, compressed."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Manifest(CompressedManifestStaticFilesStorage):
    """Third-party style sheets name source maps that are not served: a missing reference is left as it stands."""

    manifest_strict = False
