"""A database as it is after a year in the whole country, for measuring the pages that staff look at.

``fill`` writes it down; the rows are made up, the same ones each time, in the shapes that the program itself
makes.
"""

from bench.country.filling import Size, fill

__all__ = ["Size", "fill"]
