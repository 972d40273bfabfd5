"""What a record follows from, in digests: what the workbook holds, and the last year that goes with it."""

import os
from hashlib import sha256

from gouji_checks.compare.prior import Whose
from gouji_checks.compare.reading import printable
from gouji_checks.refusal import Refusal
from gouji_checks.single import Options
from gouji_checks.source import contents


def held(path: str) -> str:
    """What the file holds, and how its name ends, on which its reading depends; nothing for one not to be read."""
    name = os.path.basename(path)
    try:
        return sha256(contents(path, name)).hexdigest() + os.path.splitext(name)[1].lower()
    except Refusal:
        return ""


def last_year(options: Options, department: str, code: str, year: str) -> list[str]:
    """For whom last year is looked for, as the workbook says it, and what is found now: which workbook and what it
    holds, or why there is none, as a digest. Empty where nobody looks for it."""
    if not options.last_years:
        return []
    path, why, kind = options.last_years.choose(Whose(department, code, year, ""))
    # A record names the file, and says where there is none or which are one too many.
    found = (printable(path), held(path)) if path else (kind, why)
    return [department, code, year, sha256("\0".join(found).encode()).hexdigest()]
