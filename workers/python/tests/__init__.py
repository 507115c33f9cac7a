"""Tests of the package: `python3 -m unittest discover` in workers/python. They need nothing but Python."""

import sys
from pathlib import Path

_package = Path(__file__).parent.parent
for folder in ("src", "examples"):
    if str(_package / folder) not in sys.path:
        sys.path.insert(0, str(_package / folder))
