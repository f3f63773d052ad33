"""The first page of the admin: the state of the service in numbers and charts, and what needs a human.

`numbers` counts, `attention` says what needs somebody, `charts` draws. Nothing here counts a whole table:
each number comes from a small summary, or from an index and no further than a bound.
"""

from ytsynch.dashboard.view import show

__all__ = ["show"]
