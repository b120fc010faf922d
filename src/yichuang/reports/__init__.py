"""reports (年报和指标): telling what the records say: figures now, indicators and the annual report on top of them.

Words: Figure (指标: an id, its rule and the records behind it), evidence (依据: those records), group (the part of the report
that it belongs to). A figure is always counted from records as they stood on a day, of additive counts (numerator, denominator),
so that districts add up; it is never stored, and one that cannot be computed says why.
"""
