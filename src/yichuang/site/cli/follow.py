"""A child process that ends when the one that started it is gone, even when that was killed."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable


def follow(parent: int, end: Callable[[], None], *, look_every: float = 1.0) -> None:
    """Call `end` once this process's parent is no longer `parent`; the process is ended 20 seconds later at the latest."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(look_every)
        end()
        time.sleep(20)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="yichuang-follow").start()
