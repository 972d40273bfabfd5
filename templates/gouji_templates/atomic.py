"""Files written whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path


def write(path: Path, data: bytes) -> None:
    """Puts these bytes at this path; an older file stays as it is until they are all there.

    An OSError that this raises names the path.
    """
    # Beside the target, because a rename is only atomic within one file system; its name short, because that of the
    # target may be as long as a name can be.
    temporary = path.with_name(f".gouji-{os.getpid()}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        # Nobody knows of the other file, and a full disk names none.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
