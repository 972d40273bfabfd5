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
    parser.add_argument(
        "--prior", default="", metavar="FILE", help="上年工作簿，上年预算数由此填入（要写 --department）"
    )
    add_form(parser)
    parser.add_argument("--force", action="store_true", help="覆盖已有的文件")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write the workbook, whole or not at all."""
    from pathlib import Path

    from gouji_checks.live.template import build, given_out
    from gouji_checks.relation import load
    from gouji_checks.source import Unreadable
    from gouji_templates import atomic
    from gouji_templates.system_error import cause

    if not args.output.lower().endswith(".xlsx"):
        return fail(f"模板要存为 .xlsx 文件，不能是“{args.output}”")
    if os.path.exists(args.output) and not args.force:
        return fail(f"“{args.output}”已经存在，没有覆盖；要覆盖请加 --force")
    if args.year and not 2000 <= args.year <= 2099:
        return fail(f"--year 应为四位年份，不能用 {args.year}")
    if args.prior and not args.department:
        return fail("用 --prior 填上年预算数，要用 --department 写明部门名称，以便核对是不是同一部门的工作簿")
    catalogue = load(args.form, args.relations)
    form = catalogue.form
    content = given_out(catalogue, args.department, args.year or None)
    notes: tuple[str, ...] = ()
    if args.prior:
        from gouji_checks.compare.carried import carried, prior_for

        try:
            prior = prior_for(args.prior, form, content.year, args.department)
        except Unreadable as error:
            return fail(str(error))
        content, notes = content._replace(prior=carried(prior, form)), prior.notes
    try:
        atomic.write(Path(args.output), build(catalogue, content))
    except OSError as error:
        return fail(f"不能写入“{args.output}”：{cause(error)}")
    sys.stdout.write(
        f"已生成 {args.output}：{form.title}，{args.department or '部门名称待填'}，{args.year or form.year}年\n"
    )
    if args.prior:
        sys.stdout.write(f"  上年预算数取自 {args.prior}，{len(content.prior)} 行\n")
    sys.stdout.write("".join(f"  {note}\n" for note in notes))
    return CLEAN
