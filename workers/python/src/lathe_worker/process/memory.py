"""Memory between jobs."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Optional


def free_memory() -> None:
    """Gives back what nobody uses, also that of the GPU where torch is loaded."""
    gc.collect()
    torch = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)
    if cuda is None or not cuda.is_available():
        return
    cuda.empty_cache()
    cuda.ipc_collect()


def resident_mib(pid: int) -> Optional[float]:
    """How much memory a process has, in MiB; None where the system does not tell (proc(5), `statm`)."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
