"""Plain Python over values: the shape of an item's content, its facts, its form, its lint, its words."""
