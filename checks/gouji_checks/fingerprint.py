"""A short name for a form and its relations as declared: workbooks that share it were made to tie the same way."""

from functools import lru_cache

from gouji_checks.relation import Catalogue, declaration
from gouji_templates.form import declaration as form_declaration

_LENGTH = 16


@lru_cache(maxsize=8)
def fingerprint(catalogue: Catalogue) -> str:
    """The first 16 hexadecimal digits of the SHA-256 over the two files, whatever their line ends."""
    from hashlib import sha256

    form, relations = catalogue.declared
    digest = sha256()
    for path in (form_declaration(form), declaration(form, relations)):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return digest.hexdigest()[:_LENGTH]
