"""The command line of the add-in: gouji-addin build, install, status, remove."""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from gouji_addin import xlwings_vba
from gouji_addin.computer import ADD_IN, Computer, Elsewhere, here
from gouji_addin.installation import Refused, install, loaded, named_interpreter, remove, set_up, user_settings
from gouji_addin.interpreter import OTHERWISE, Unusable, setting
from gouji_addin.obstacles import excel_version, obstacles
from gouji_checks.cli import Parser, speak_utf8
from gouji_checks.commands import FAILED, fail
from gouji_templates import __version__, atomic
from gouji_templates.system_error import cause

READY, STOPPED = 0, 1
"""Exit codes: nothing is in the way; something is. FAILED is for bad usage, and for what cannot be done here."""


def main(arguments: Sequence[str] | None = None, computer: Callable[[], Computer] = here) -> int:
    """Run the command line; returns the exit code. `computer` finds the one to install on."""
    speak_utf8()
    parser = _parser()
    args = parser.parse_args(arguments)
    if args.command is None:
        parser.print_help()
        return FAILED
    try:
        return _build(args) if args.command == "build" else int(args.run(computer(), args))
    except Elsewhere:
        return fail(
            f"gouji-addin {args.command} 要在装有 Excel 的 Windows 或 macOS 上运行，这里只能用 gouji-addin build"
        )
    except (Refused, xlwings_vba.Unfit, Unusable) as error:
        return fail(str(error))
    except KeyboardInterrupt:
        return fail("已中断")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="gouji-addin", description="Excel 加载项“预算公开”：制作、安装、检查、卸载")
    parser.add_argument("--version", action="version", version=f"gouji {__version__}")
    commands = parser.add_subparsers(dest="command", parser_class=Parser, metavar="命令")

    about = "制作加载项文件"
    command = commands.add_parser("build", help=about, description=f"{about}，供放在共享文件夹")
    command.add_argument("-o", "--output", required=True, metavar="FILE", help=f"存为哪个文件（{ADD_IN}）")
    command.add_argument(
        "--interpreter", default="", metavar="PATH", help="写明用哪个 Python（完整路径）；不写就由各人的设置定"
    )
    command.add_argument(
        "--wheel", default="", metavar="FILE", help="另把这个 gouji 安装包（.whl）和安装说明打成同名 .zip"
    )
    command.add_argument("--force", action="store_true", help="覆盖已有的文件")

    about = "装给当前用户"
    command = commands.add_parser("install", help=about, description=f"把加载项{about}，用运行本命令的 Python")
    command.add_argument(
        "--settings-only", action="store_true", help=f"只设置用哪个 Python，{ADD_IN} 由 Excel 从共享文件夹加载"
    )
    command.set_defaults(run=_install)

    about = "看装了什么、有什么挡着"
    command = commands.add_parser("status", help=about, description=f"{about}；一切就绪时退出码为 0，否则为 1")
    command.set_defaults(run=_status)

    about = "卸载当前用户的加载项和设置"
    command = commands.add_parser("remove", help=about, description=about)
    command.set_defaults(run=_remove)
    return parser


def _build(args: argparse.Namespace) -> int:
    from gouji_addin import share, xlam

    target, wheel = Path(args.output), Path(args.wheel)
    if target.suffix.lower() != ".xlam":
        return fail(f"加载项要存为 .xlam 文件，不能是“{args.output}”")
    if args.wheel and not wheel.name.startswith(f"gouji-{__version__}-"):
        return fail(f"“{args.wheel}”不是 gouji {__version__} 版的安装包")
    targets = [target, target.with_suffix(".zip")] if args.wheel else [target]
    for path in targets:
        if path.exists() and not args.force:
            return fail(f"“{path}”已经存在，没有覆盖；要覆盖请加 --force")
    settings = [setting(args.interpreter)] if args.interpreter else []
    parts = [xlam.build(dict(settings))]
    if args.wheel:
        try:
            parts.append(share.bundle(wheel))
        except OSError as error:
            return fail(f"“{args.wheel}”读不出来：{cause(error)}")
    for path, data in zip(targets, parts, strict=True):
        try:
            atomic.write(path, data)
        except OSError as error:
            return fail(f"不能写入“{path}”：{cause(error)}")
        _say(f"已生成 {path}")
    _say(*(f"它用 {path} 运行" for _, path in settings))
    return READY


def _install(computer: Computer, args: argparse.Namespace) -> int:
    if args.settings_only:
        _say(f"已设置用 {computer.interpreter} 运行：{set_up(computer)}")
    else:
        _say(f"已装好 {install(computer)}，用 {computer.interpreter} 运行。请重新打开 Excel")
    return _report(computer)


def _status(computer: Computer, _: argparse.Namespace) -> int:
    _say(f"gouji {__version__}，要用 xlwings {xlwings_vba.VERSION}，Python {computer.interpreter}")
    for add_in in loaded(computer, excel_version(computer)):
        version = f"{add_in.version} 版" if add_in.version else "版本不明"
        _say(f"加载项 {add_in.path}：{version}，用 {named_interpreter(computer, add_in) or '（没有设置）'} 运行")
    settings = user_settings(computer)
    named = [settings[name] for name in (computer.setting, OTHERWISE) if name in settings]
    _say(*(f"用户设置 {computer.settings}：用 {path} 运行" for path in named[:1]))
    return _report(computer)


def _report(computer: Computer) -> int:
    found = list(obstacles(computer, loaded(computer, excel_version(computer))))
    if not found:
        _say("没有发现会挡住它的东西。")
        return READY
    _say(f"有 {len(found)} 处会使它不能用：", *(f"{number}. {each}。" for number, each in enumerate(found, 1)))
    return STOPPED


def _remove(computer: Computer, _: argparse.Namespace) -> int:
    removed = remove(computer)
    _say(*(f"已卸载 {path}" for path in removed))
    if not removed:
        _say("没有装过，什么也没有动。")
    return READY


def _say(*lines: str) -> None:
    sys.stdout.write("".join(f"{line}\n" for line in lines))


def run() -> NoReturn:
    """The console script."""
    sys.exit(main())


if __name__ == "__main__":
    run()
