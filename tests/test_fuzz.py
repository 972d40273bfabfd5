"""Two thousand damaged copies of a real workbook: each is checked or refused, none ends the program or is changed."""

import io
import random
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

from gouji_checks.single import Options, check_file
from tests.test_bad_input_source import mutated, rezipped, run

SAMPLE = Path(__file__).parents[1] / "samples" / "published-2025.xlsx"
COUNT = 2000
LONGEST = 5.0
"""Seconds that no file may take, however it is damaged."""


def test_damaged_workbooks_are_checked_or_refused_and_never_changed(tmp_path: Path) -> None:
    done = run(__file__, str(tmp_path), str(COUNT))

    # An abort would show in the return code, a panic, a warning or a traceback in what was printed.
    assert (done.returncode, done.stderr) == (0, "")
    statuses = dict(zip(("clean", "findings", "unreadable"), map(int, done.stdout.split()), strict=True))
    assert sum(statuses.values()) == COUNT
    assert min(statuses.values()) > 0


def check_damaged(folder: Path, count: int, seed: int = 1) -> Counter[str]:
    """Damage the bytes of the whole file or of one of its parts, and check; how many ended how."""
    chance = random.Random(seed)
    whole = SAMPLE.read_bytes()
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        parts = {name: package.read(name) for name in package.namelist() if name.startswith("xl/")}
    path = folder / "预算.xlsx"
    options = Options("xinjiang-2025")
    ended: Counter[str] = Counter()
    for turn in range(count):
        name = chance.choice(list(parts))
        data = rezipped({name: mutated(parts[name], chance)}, whole) if turn % 2 else mutated(whole, chance)
        path.write_bytes(data)
        start = time.monotonic()
        result = check_file(str(path), options)
        assert time.monotonic() - start < LONGEST
        assert path.read_bytes() == data
        assert result.words.count("\n") == 1 or result.status != "unreadable"
        ended[result.status] += 1
    return ended


if __name__ == "__main__":
    counted = check_damaged(Path(sys.argv[1]), int(sys.argv[2]))
    print(counted["clean"], counted["findings"], counted["unreadable"])
