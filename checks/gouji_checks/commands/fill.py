"""gouji fill: the derived figures of a workbook, in a new file."""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from gouji_checks.commands import CLEAN, FAILED, add_form

if TYPE_CHECKING:
    from gouji_checks.fill.file import Filled

_KINDS = (".xlsx", ".xlsm")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser(
        "fill",
        help="填好合计等可以算出的数",
        description="填好合计、类款汇总和由其他表带入的数，存为新文件；有“预算明细”的，各表由明细得出。原文件不动",
    )
    parser.add_argument("file", metavar="FILE", help="工作簿（.xlsx .xlsm）")
    parser.add_argument("-o", "--output", required=True, metavar="OUT", help="存为哪个文件")
    parser.add_argument("--department", default="", metavar="NAME", help="部门名称，只有明细、没有公开表时用")
    parser.add_argument("--year", type=int, default=0, metavar="YEAR", help="预算年度，同上")
    parser.add_argument("--force", action="store_true", help="覆盖已有的文件")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="输出文字或 JSON")
    add_form(parser)
    parser.add_argument("--codes", default="", metavar="FILE", help="完整的科目表（.csv 或 .xlsx：编码、名称两栏）")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Fill a copy of the file and say what was changed."""
    from gouji_checks.check import known_codes
    from gouji_checks.detail import DetailError
    from gouji_checks.fill.file import fill_file
    from gouji_checks.fill.request import DepartmentYear
    from gouji_checks.official import load as load_official
    from gouji_checks.relation import load
    from gouji_checks.source import Unreadable
    from gouji_templates import atomic
    from gouji_templates.system_error import cause

    catalogue = load(args.form, args.relations)
    try:
        if problem := _unfit(args):
            return _fail([problem])
        codes = load_official(args.codes) if args.codes else known_codes()
        filled = fill_file(args.file, catalogue, codes, DepartmentYear(args.department, args.year))
        atomic.write(Path(args.output), filled.data)
    except DetailError as error:
        return _fail([*error.problems, f"“{args.file}”的明细有误，没有生成文件"])
    except Unreadable as error:
        name = os.path.basename(args.file)
        return _fail([f"{name}：{str(error).removeprefix(f'{name}：')}"])
    except OSError as error:
        return _fail([f"不能写入“{args.output}”：{cause(error)}"])
    sys.stdout.write(_json(args, filled) if args.format == "json" else _words(args, filled))
    return CLEAN


def _unfit(args: argparse.Namespace) -> str:
    """Why the output can't go where it is to go, or another mistake in the arguments; nothing if there is none."""
    file, output = args.file, args.output
    if args.year and not 2000 <= args.year <= 2099:
        return f"--year 应为四位年份，不能用 {args.year}"
    kind, wanted = (os.path.splitext(path)[1].lower() for path in (output, file))
    if kind not in _KINDS or (wanted in _KINDS and kind != wanted):
        return f"要存为 {wanted if wanted in _KINDS else _KINDS[0]} 文件，不能是“{output}”"
    if os.path.exists(output):
        if os.path.exists(file) and os.path.samefile(file, output):
            return f"“{output}”就是要填的文件，原文件不能改动，请换一个文件名"
        if os.path.isdir(output):
            return f"“{output}”是文件夹，请写出文件名"
        if not args.force:
            return f"“{output}”已经存在，没有覆盖；要覆盖请加 --force"
    folder = os.path.dirname(os.path.abspath(output))
    return "" if os.path.isdir(folder) else f"没有“{folder}”这个文件夹，请先建好，或换一个地方"


def _fail(problems: list[str]) -> int:
    sys.stderr.write("".join(f"{problem.rstrip('。')}。\n" for problem in problems))
    return FAILED


def _words(args: argparse.Namespace, filled: "Filled") -> str:
    """One line for each row and cell, the account of them last; of a new workbook only the account."""
    plan = filled.plan
    if filled.fresh:
        done = f"新建各张公开表，填写 {len(plan.changes)} 格"
        lines = [] if args.department else ["没有部门名称：请在“基本信息”里填写，或加 --department 重新生成"]
    else:
        done = f"新增 {len(plan.added)} 行，填写 {len(plan.changes)} 格" if _did(filled) else "没有需要填的"
        lines = [f"{row.sheet} 第{row.row + 1}行：新增 {row.title}" for row in plan.added]
        lines += [
            f"{row.sheet} 第{row.row + 1}行：{filled.items}里没有 {row.title}，数字已清空" for row in plan.emptied
        ]
        lines += [f"{cell.address}：{cell.old or '空'} → {cell.new or '空'}" for cell in plan.changes]
    origin = f"由“{filled.items}”得出，" if filled.items else ""
    return "\n".join([*lines, *plan.notes, f"已生成 {args.output}：{origin}{done}"]) + "\n"


def _did(filled: "Filled") -> bool:
    return bool(filled.plan.added or filled.plan.changes)


def _json(args: argparse.Namespace, filled: "Filled") -> str:
    import json

    from gouji_templates import __version__

    plan = filled.plan
    said = {
        "gouji": __version__,
        "file": args.file,
        "output": args.output,
        "detail": filled.items,
        "added": [{"sheet": row.sheet, "row": row.row + 1, "title": row.title} for row in plan.added],
        "emptied": [{"sheet": row.sheet, "row": row.row + 1, "title": row.title} for row in plan.emptied],
        "cells": [
            {"sheet": cell.sheet, "cell": cell.address.rpartition("!")[2], "old": cell.old, "new": cell.new}
            for cell in plan.changes
        ],
        "notes": list(plan.notes),
    }
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
