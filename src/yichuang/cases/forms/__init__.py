"""The shape of what people hand in: the form that an item version defines, and the small forms around a case."""
