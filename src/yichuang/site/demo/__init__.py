"""The model district: real items, laws and bodies; invented people and enterprises, marked so.

`district.toml` and `items/*.toml` are the contents; `invent` makes people and answers; `district` enters bodies, staff
and catalogue; `life` plays some months of cases through the public verbs; `load` puts it together.
"""
