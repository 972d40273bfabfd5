"""What would keep a button from working on this computer, as Chinese sentences without the full stop.

Where the registry says it, the key is given by Microsoft's administrative templates for Office and Defender.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from gouji_addin import xlwings_vba
from gouji_addin.computer import ADD_IN, Computer
from gouji_addin.installation import PACKAGED, SCRIPT, AddIn, named_interpreter, readable
from gouji_addin.share import WHEEL
from gouji_templates import __version__

Registry = Callable[[str], Mapping[str, object]]

_NEWEST = "16.0"
"""The number of every Excel since 2016; a guess where none is registered."""

_INSTALL = "请运行 gouji-addin install"
_PREFIX = "文件 → 选项 → 信任中心 → 信任中心设置 → "

_APP_PATH = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"

_DEFENDER = r"HKLM\SOFTWARE\Policies\Microsoft\Windows Defender"
_RULES = r"Windows Defender Exploit Guard\ASR\Rules"
_BLOCK, _WARN = "1", "6"
_FORBIDDEN = {
    "d4f940ab-401b-4efc-aadc-ad5f3c50688a": "Office 创建子进程",
    "92e97fa1-2edf-4476-bdd6-9dd0b4dddc7b": "Office 宏调用 Win32 API",
}
"""Attack surface reduction rules: a button starts Python, and xlwings' VBA declares functions of Windows."""

_NOT_SEEN = AddIn(Path(ADD_IN), None)
"""An add-in that names no interpreter; Excel may yet load such a one from a share."""

_SIGNED_ONLY, _NONE, _ALL = 3, 4, 1
"""Of VBAWarnings: signed macros, no macros, all macros."""

_INTERNET = 3
"""The zone that Windows notes beside a downloaded file; 4 is worse."""


def excel_version(computer: Computer) -> str:
    """Excel's number in the registry, such as 16.0."""
    if computer.registry is None:
        return _NEWEST
    number = str(computer.registry(r"HKCR\Excel.Application\CurVer").get("", "")).rpartition(".")[2]
    return f"{number}.0" if number.isdigit() else _NEWEST


def obstacles(computer: Computer, add_ins: Sequence[AddIn]) -> Iterator[str]:
    """Everything that would stop the buttons of these add-ins, which Excel loads."""
    if computer.packaged:
        # The files that it sees are not those that Excel sees.
        yield PACKAGED
        return
    yield from _excel(computer)
    if not add_ins:
        yield f"Excel 还没有加载 {ADD_IN}，{_INSTALL}，或在 Excel 的加载项里选单位共享的 {ADD_IN}"
        if named_interpreter(computer, _NOT_SEEN):
            yield from _python(computer, _NOT_SEEN)
    if len(add_ins) > 1:
        yield f"Excel 要加载 {len(add_ins)} 个同名的 {ADD_IN}，只能用一个，请在 Excel 的加载项里取消多余的"
    for add_in in add_ins:
        yield from _file(add_in)
        yield from _python(computer, add_in)
    if computer.scripts and not (computer.scripts / SCRIPT).exists():
        yield f"“{computer.scripts}”里没有 {SCRIPT}，Excel 启动不了 Python，{_INSTALL}"
    if computer.registry:
        version = excel_version(computer)
        elsewhere = any(add_in.path != computer.add_in for add_in in add_ins)
        yield from _security(computer.registry, version, elsewhere)
        yield from _disabled(computer.registry, version)
        yield from _defender(computer.registry)


def _excel(computer: Computer) -> Iterator[str]:
    if computer.registry is None:
        if not (computer.program and computer.program.exists()):
            yield f"没有找到 Excel（{computer.program}）"
        return
    programs = [str(computer.registry(rf"{root}\{_APP_PATH}").get("", "")).strip('"') for root in ("HKCU", "HKLM")]
    if not any(program and Path(program).exists() for program in programs):
        yield "没有找到 Excel，加载项要用 Microsoft Excel（WPS 不行，请用命令行 gouji check）"
    elif not computer.registry(r"HKCR\Excel.Application\CurVer"):
        yield "Excel 没有登记 Excel.Application，Python 连不上它，请修复 Office 安装"


def _file(add_in: AddIn) -> Iterator[str]:
    if add_in.settings is None or not add_in.version:
        yield f"“{add_in.path}”不在、读不出来或不是 gouji 的加载项，请重新安装"
    elif add_in.version != __version__:
        yield f"加载项是 {add_in.version} 版，这里的 gouji 是 {__version__} 版，请用同一版重新安装加载项"
    if _downloaded(add_in.path):
        yield f"“{add_in.path}”带着“来自互联网”的标记，Excel 会挡住它的宏，请在文件的属性里勾选“解除锁定”"


def _downloaded(path: Path) -> bool:
    """Whether Windows notes beside the file, in a stream of its own, that it came from the internet."""
    try:
        lines = Path(f"{path}:Zone.Identifier").read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    zones = [line.partition("=")[2].strip() for line in lines if line.lower().startswith("zoneid=")]
    return any(zone.isdigit() and int(zone) >= _INTERNET for zone in zones)


def _python(computer: Computer, add_in: AddIn) -> Iterator[str]:
    path = named_interpreter(computer, add_in)
    if not path:
        yield "没有设置用哪个 Python，请运行 gouji-addin install --settings-only"
        return
    if not Path(path).is_file():
        yield f"设置里的 Python“{path}”不在了，{_INSTALL}"
        return
    if not readable(computer, path):
        yield f"Excel 的宏认不得 Python 的路径“{path}”，请把 Python 装到只有英文字母的文件夹"
    found = computer.packages(path)
    if found is None:
        yield f"“{path}”用不了 gouji 的加载项，{_install(path)}"
        return
    if found.gouji != __version__:
        yield f"“{path}”里的 gouji 是 {found.gouji} 版，这里的是 {__version__} 版，请装成同一版"
    if found.xlwings != xlwings_vba.VERSION:
        yield f"“{path}”里的 xlwings 是 {found.xlwings}，加载项要用 {xlwings_vba.VERSION}，{_install(path)}"
    if not found.connected:
        yield f"“{path}”里的 xlwings 连不上 Excel（缺 pywin32 或 appscript），{_install(path)}"


def _install(python: str) -> str:
    """By the file: a public index has no gouji, or somebody else's."""
    return f'请在安装包所在的文件夹运行 "{python}" -m pip install "{WHEEL}[excel]"'


def _security(registry: Registry, version: str, elsewhere: bool) -> Iterator[str]:
    """Excel's Trust Center and the policies over it; `elsewhere` for an add-in that no start-up folder makes trusted.

    What a policy says counts, else what the user has chosen. In a trusted location the level of macro security does
    not matter; that add-ins must be signed does.
    """
    office = (
        rf"HKCU\Software\Policies\Microsoft\Cloud\Office\{version}",
        rf"HKCU\Software\Policies\Microsoft\Office\{version}",
        rf"HKLM\Software\Policies\Microsoft\Office\{version}",
        rf"HKCU\Software\Microsoft\Office\{version}",
        rf"HKLM\Software\Microsoft\Office\{version}",
    )

    def chosen(place: str, name: str) -> int | None:
        for root in office:
            value = registry(rf"{root}\{place}").get(name.lower())
            if isinstance(value, int) or (isinstance(value, str) and value.isdigit()):
                return int(value)
        return None

    if chosen("Common", "VBAOff"):
        yield "单位的策略停用了 Office 的 VBA（VBAOff），加载项运行不了，请找系统管理员"
    if chosen(r"Excel\Security", "DisableAllAddins"):
        yield f"Excel 停用了所有加载项，请在{_PREFIX}加载项 里改，改不动就找系统管理员"
    if chosen(r"Excel\Security", "RequireAddinSig"):
        yield f"Excel 只许加载有签名的加载项，gouji 的没有签名，请在{_PREFIX}加载项 里改，改不动就找系统管理员"
    warnings = chosen(r"Excel\Security", "VBAWarnings")
    distrusted = ""
    if chosen(r"Excel\Security\Trusted Locations", "AllLocationsDisabled"):
        distrusted = "Excel 停用了所有受信任位置"
    elif chosen(r"Common\Security\Trusted Locations", "Allow User Locations") == 0:
        distrusted = "单位的策略只认它自己定的受信任位置"
    if distrusted and warnings != _ALL:
        yield f"{distrusted}，启动时会停用加载项的宏，请在{_PREFIX}受信任位置 里改，改不动就找系统管理员"
    if (distrusted or elsewhere) and warnings in (_SIGNED_ONLY, _NONE):
        yield f"Excel 停用了没有签名的宏（VBAWarnings={warnings}），请在{_PREFIX}宏设置 里改，改不动就找系统管理员"


def _disabled(registry: Registry, version: str) -> Iterator[str]:
    """After a crash Excel notes, in a form of its own, the file that it was loading."""
    items = registry(rf"HKCU\Software\Microsoft\Office\{version}\Excel\Resiliency\DisabledItems").values()
    if any(ADD_IN.encode("utf-16-le") in item.lower() for item in items if isinstance(item, bytes)):
        yield "Excel 把加载项列入了禁用项目，请在 文件 → 选项 → 加载项 → 管理：禁用项目 里启用它"


def _defender(registry: Registry) -> Iterator[str]:
    """Rules as group policy, device management or the user's own command has set them."""
    set_so: dict[str, str] = {}
    for key in (rf"HKLM\SOFTWARE\Microsoft\Windows Defender\{_RULES}", rf"{_DEFENDER}\{_RULES}"):
        set_so |= {rule: str(state) for rule, state in registry(key).items()}
    managed = str(registry(rf"{_DEFENDER}\Policy Manager").get("asrrules", ""))
    for entry in managed.lower().split("|"):
        rule, _, state = entry.partition("=")
        set_so[rule.strip(" {}")] = state.strip()
    for rule, forbidden in _FORBIDDEN.items():
        if set_so.get(rule) in (_BLOCK, _WARN):
            yield f"Windows Defender 不许 {forbidden}，按钮启动不了 Python，请找系统管理员放行，或用命令行 gouji check"
