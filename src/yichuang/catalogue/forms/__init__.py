"""Shapes of input: `items` for the desk's catalogue, `adjustments`, `laws`, `life`, `lists`."""
