"""Which program works with which declarations: results of another may differ."""

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import gouji_checks
import gouji_templates
from gouji_checks.fingerprint import fingerprint
from gouji_checks.relation import load
from gouji_checks.single import Options
from gouji_templates import __version__

_PACKAGES = (gouji_templates, gouji_checks)


@lru_cache(maxsize=4)
def identity(options: Options) -> str:
    """A digest of this program, the form, its relations and the official codes, and whether last year is looked for in
    its workbooks: what a record follows from besides the workbook and its own last year. The program's own files are
    part of it, so that no change of a rule can be forgotten."""
    digest = sha256(__version__.encode())
    for package in _PACKAGES:
        folder = Path(str(package.__file__)).parent
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".csv", ".toml"):
                digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    digest.update(fingerprint(load(options.form, options.relations)).encode())
    digest.update(b"last year\0" if options.last_years else b"")
    if options.codes:
        path = Path(options.codes)
        digest.update(path.name.encode("utf-8", "replace") + b"\0" + sha256(path.read_bytes()).digest())
    return digest.hexdigest()
