"""Pages of identity: `portal` (public), `desk` (staff), `posts`, `programs`, `access` (oversight)."""
