"""
What all engines use of PyTorch (`Generator.manual_seed`, `no_grad`, `autocast`), Pillow (`Image.open`, `convert`, `getextrema`), rembg and
NumPy: as much as they call and no more. Sources: the packages' documentation (pytorch.org, pillow.readthedocs.io).
"""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from tests.stand_ins import Calls, module


def install(calls: Calls) -> None:
    class Generator:
        def __init__(self, device: str) -> None:
            calls.note("generator", device=device)

        def manual_seed(self, seed: int) -> "Generator":
            calls.note("manual_seed", seed=seed)
            return self

    cuda = module("torch.cuda", is_available=lambda: False)
    module(
        "torch",
        Generator=Generator,
        no_grad=nullcontext,
        autocast=lambda device_type, dtype: nullcontext(),
        bfloat16="bfloat16",
        cuda=cuda,
    )
    image = module("PIL.Image", open=lambda path: Picture(str(path)), fromarray=lambda pixels: Picture("array"))
    module("PIL", Image=image)
    module("rembg", new_session=lambda: "session")
    module("numpy", array=lambda picture: Pixels(), float32="float32", uint8="uint8")


class Picture:
    """A PIL.Image."""

    def __init__(self, source: str, mode: str = "RGB") -> None:
        self.source = source
        self.mode = mode

    def convert(self, mode: str) -> "Picture":
        return Picture(self.source, mode)

    def getextrema(self) -> Any:
        return ((0, 255),) * 4


class Pixels:
    """A numpy.ndarray of pixels: every sum gives one again."""

    def astype(self, _: str) -> "Pixels":
        return self

    def __getitem__(self, _: Any) -> "Pixels":
        return self

    def _same(self, _: Any) -> "Pixels":
        return self

    __truediv__ = __mul__ = __rmul__ = __add__ = __rsub__ = _same
