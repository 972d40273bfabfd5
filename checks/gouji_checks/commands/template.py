"""gouji template: the blank workbook that computes and checks itself."""

import argparse
import os
import sys

from gouji_checks.commands import CLEAN, add_form, fail


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declares the command."""
    parser = commands.add_parser("template", help="生成空白模板", description="生成空白的部门预算公开表")
    parser.add_argument("-o", "--output", required=True, metavar="FILE", help="存为哪个文件（.xlsx）")
    parser.add_argument("--department", default="", metavar="NAME", help="部门名称")
    parser.add_argument("--year", type=int, default=0, metavar="YEAR", help="预算年度")
    add_form(parser)
    parser.add_argument("--force", action="store_true", help="覆盖已有的文件")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the workbook, whole or not at all."""
    from pathlib import Path

    from gouji_checks.fingerprint import fingerprint
    from gouji_checks.live.template import build
    from gouji_checks.relation import load
    from gouji_templates import atomic
    from gouji_templates.content import FINGERPRINT, blank

    if not args.output.lower().endswith(".xlsx"):
        return fail(f"模板要存为 .xlsx 文件，不能是“{args.output}”")
    if os.path.exists(args.output) and not args.force:
        return fail(f"“{args.output}”已经存在，没有覆盖；要覆盖请加 --force")
    if args.year and not 2000 <= args.year <= 2099:
        return fail(f"--year 应为四位年份，不能用 {args.year}")
    catalogue = load(args.form, args.relations)
    form = catalogue.form
    content = blank(form, args.department, args.year or None)._replace(info={FINGERPRINT: fingerprint(catalogue)})
    try:
        atomic.write(Path(args.output), build(catalogue, content))
    except OSError as error:
        return fail(f"不能写入“{args.output}”：{error.strerror}")
    sys.stdout.write(
        f"已生成 {args.output}：{form.title}，{args.department or '部门名称待填'}，{args.year or form.year}年\n"
    )
    return CLEAN
