"""What a bureau puts beside the add-in on a share: the wheel and how to install it, in one zip."""

from pathlib import Path

from gouji_addin.computer import ADD_IN
from gouji_addin.packing import zipped
from gouji_templates import __version__

WHEEL = f"gouji-{__version__}-py3-none-any.whl"
"""The file that gouji is handed out as."""

INSTRUCTIONS = "安装说明.txt"

_TEXT = """\
勾稽加载项 安装说明

需要：Windows，Microsoft Excel 2016 或更新，Python 3.11 或更新（装它的文件夹，名字里不要有汉字）。WPS 不行。
Python 要用从 Python 官网下载的安装包装；微软应用商店版的不行，Excel 看不到它装的加载项。

一、把这个压缩包全部解压，在解压出的文件夹里打开命令提示符，运行：
    python -m pip install "{wheel}[excel]"
  电脑不能上网的，先在一台能上网、Python 版本相同的 Windows 电脑上运行：
    python -m pip download -d packages "{wheel}[excel]"
  把 packages 文件夹拷过来，再运行：
    python -m pip install --no-index --find-links packages "{wheel}[excel]"

二、关闭 Excel，两种办法选一种：
  甲、每台电脑装自己的一份：
    gouji-addin install
  乙、大家共用共享文件夹里的 {add_in}：
    gouji-addin install --settings-only
    再打开 Excel：文件 → 选项 → 加载项 → 转到 → 浏览，选共享文件夹里的 {add_in}；
    问是否复制到自己的加载项文件夹时，选“否”，以后更新共享的一份就够了。
    Excel 不肯运行共享文件夹里的宏时，请系统管理员把它设为受信任位置（并允许网络上的受信任位置）。

三、检查装好了没有、有什么挡着：
    gouji-addin status

提示找不到 gouji-addin 时，上面的命令都可以写成 python -m gouji_addin.cli，例如：
    python -m gouji_addin.cli install
卸载：gouji-addin remove，再运行 python -m pip uninstall gouji
"""


def bundle(wheel: Path) -> bytes:
    """The zip; the same wheel gives the same bytes."""
    # For Notepad of any age.
    instructions = _TEXT.format(wheel=wheel.name, add_in=ADD_IN).replace("\n", "\r\n").encode("utf-8-sig")
    return zipped([(wheel.name, wheel.read_bytes()), (INSTRUCTIONS, instructions)])
