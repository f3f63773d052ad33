"""The chain, asked while a member of staff waits."""

from collections.abc import Iterator
from contextlib import contextmanager

from videos import outside


@contextmanager
def fresh_node() -> Iterator[None]:
    """`outside.node()` for this thread alone, by a new connection: a node hangs up on whoever was silent for
    long, and who waits should not be told of that.
    """
    with outside.node_in_use:
        outside.node().close()
        yield
