"""Pages of the catalogue: `portal` for the public, `desk` for staff."""
