"""``/staff``: the console of centre staff. ``docs/console.md`` says how a page is added.

``frame`` makes the blueprint around all pages, ``access`` says who may what, ``visitors`` who asks, ``words`` in
which language; ``pages`` lists the pages, each a module with a blueprint of its own.
"""

from console.staff.frame import install
from console.staff.parts import Parts

__all__ = ["Parts", "install"]
