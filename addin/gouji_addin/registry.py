"""Reading the Windows registry."""

import sys
from collections.abc import Mapping


def values(key: str) -> Mapping[str, object]:
    r"""What a key such as HKCU\Software\Microsoft holds, by lower-case name, the key's own value under "".

    Empty where there is no such key, or none that may be read.
    """
    if sys.platform != "win32":
        return {}
    import winreg

    root, _, path = key.partition("\\")
    roots = {
        "HKCR": winreg.HKEY_CLASSES_ROOT,
        "HKCU": winreg.HKEY_CURRENT_USER,
        "HKLM": winreg.HKEY_LOCAL_MACHINE,
    }
    try:
        with winreg.OpenKey(roots[root], path, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            number = winreg.QueryInfoKey(opened)[1]
            entries = [winreg.EnumValue(opened, place) for place in range(number)]
    except OSError:
        return {}
    return {name.lower(): value for name, value, _ in entries}
