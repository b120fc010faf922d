"""`yichuang bench`: what the software reaches on this machine, as ratios. Writes into databases of its own only.

`world` makes a database with one item and its people; `story` is one whole case; `lifecycle` plays it through the verbs
and plays the very same SQL again by hand; `http` plays it through the pages and the API.
"""
