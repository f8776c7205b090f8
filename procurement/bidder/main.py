"""The command line of bidders and trustees: ``python zhuxin.pyz bidder COMMAND``.

In the tree also ``python -m procurement.bidder COMMAND``.

Exit status: 0 done, 1 refused, 2 wrong use; 4: a statement waits to be signed elsewhere;
5: a trustee's step waits for other parties, the steps before it are done;
``receipt verify`` also 3: all that is there holds, and the receipt is provisional. What a command
needs is imported when it runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kernel.errors import Refused
from kernel.sealing.words import lazy as _
from procurement.bidder import telling

STEPS = (
    "key", "rehearse", "sign-policy", "check", "reveal", "mark", "mark-cures", "release",
    "destroy",
)  # fmt: skip

PROVISIONAL, TO_SIGN, WAITS = 3, 4, 5

Command = Callable[[argparse.Namespace], dict[str, Any]]


def main(
    arguments: Sequence[str] | None = None, called: str = "python -m procurement.bidder"
) -> int:
    """Run a command; the exit status. called: the words that this tool was called by."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:2] == ["trustee", "open"]:  # a step of trustees, but of several at one table
        words[:2] = ["open"]
    options = parser(called).parse_args(words)
    module, name = options.run
    from procurement.bidder.http import ServerRefused
    from procurement.bidder.signing import ToSign
    from procurement.bidder.waiting import Waits

    try:
        command: Command = getattr(import_module(f"procurement.bidder.{module}"), name)
        result = command(options)
        telling.show(result, options.json)
    except ToSign as waiting:
        telling.waiting(waiting, options.json)
        return TO_SIGN
    except Waits as held:
        telling.held(held, options.json)
        return WAITS
    except ServerRefused as refused:
        telling.refuse(refused.reasons, options.json, str(refused.answer.get("request_id", "")))
    except Refused as refused:
        telling.refuse(telling.worded(refused), options.json)
    except OSError as fault:
        message = _("文件读写失败：%(fault)s") % {"fault": fault}
        telling.refuse([{"code": "bidder.file", "message": message, "cure": ""}], options.json)
    else:
        return PROVISIONAL if name == "verify" and result["provisional"] else 0
    return 1


def parser(called: str = "python -m procurement.bidder") -> argparse.ArgumentParser:
    """The whole grammar; cheap, for it is built at every start."""
    top = argparse.ArgumentParser(
        prog=called,
        description=str(_("投标人和开启人的工具：封装、提交、核验、开启。密钥不离开本机")),
    )
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    seal = _command(commands, "seal", ("seal", "seal"), _("按开启方案封装投标文件"))
    _server(seal, required=False)
    _signer(seal)
    _trust(seal, required=True)
    add = seal.add_argument
    add("--policy", type=Path, metavar="FILE", help=str(_("已保存的开启方案，代替 --server")))
    add("--envelope", action="append", default=[], metavar="NAME=DIR",
        help=str(_("信封及其文件夹，每个信封一次")))  # fmt: skip
    add("--sheet", type=Path, required=True, metavar="JSON", help=str(_("开标一览表")))
    add("--replaces", type=Path, metavar="ZXB", help=str(_("最近一次收到回执的投标文件")))
    add("--recovery", type=Path, required=True, metavar="FILE", help=str(_("恢复文件")))
    add("--passphrase-file", type=Path, required=True, metavar="FILE",
        help=str(_("存放恢复文件口令的文件")))  # fmt: skip
    add("-o", "--output", type=Path, required=True, metavar="ZXB")

    submit = _command(commands, "submit", ("submit", "submit"), _("提交投标文件并核验回执"))
    _bid(submit)
    submit.add_argument("--resume", action="store_true",
                        help=str(_("小文件也分段上传，断线后接着传")))  # fmt: skip
    submit.add_argument("--part-size", type=int, default=16, metavar="MiB",
                        help=str(_("每段大小，0 为一次传完")))  # fmt: skip
    submit.add_argument("--wait", type=float, default=10.0, metavar="SECONDS",
                        help=str(_("等待带时间戳的回执的秒数，0 为不等待")))  # fmt: skip

    withdraw = _command(commands, "withdraw", ("submit", "withdraw"), _("撤回已提交的投标文件"))
    _bid(withdraw)
    _signer(withdraw)
    withdraw.add_argument("--reason", default="", help=str(_("撤回原因")))

    receipt = _command(commands, "receipt", ("submit", "verify"), _("核验回执"))
    receipt.add_argument("what", choices=["verify"])
    _bid(receipt, required=False)
    receipt.add_argument("--policy", type=Path, metavar="FILE",
                         help=str(_("已保存的开启方案，代替 --server")))  # fmt: skip
    add = receipt.add_argument
    add("--receipt", type=Path, metavar="FILE")
    add("--witnessed", type=Path, metavar="ANCHORS",
        help=str(_("信任锚文件：同时核对回执所在的日志是否为见证人所见")))  # fmt: skip
    add("--witnesses", type=int, default=1, metavar="N", help=str(_("至少几名见证人签署")))
    add("--head", type=Path, metavar="FILE", help=str(_("见证人签署的树头文件，代替 --server")))
    add("--consistency", type=Path, metavar="FILE", help=str(_("一致性证明文件，代替 --server")))

    archive = _command(commands, "archive", ("archive", "fetch"),
                       _("取用平台档案中的资料，存入资格信封的文件夹"))  # fmt: skip
    _server(archive)
    archive.add_argument("--replace", action="store_true", help=str(_("替换已有的档案文件")))
    archive.add_argument("-o", "--output", type=Path, required=True, metavar="DIR",
                         help=str(_("资格信封的文件夹")))  # fmt: skip

    recover = _command(commands, "recover", ("seal", "recover"), _("用恢复文件打开自己的投标文件"))
    add = recover.add_argument
    add("bid", type=Path, metavar="ZXB")
    add("--recovery", type=Path, required=True, metavar="FILE")
    add("--passphrase-file", type=Path, required=True, metavar="FILE")
    add("--identities", action="store_true", help=str(_("同时给出各信封的 age 私钥")))
    add("-o", "--output", type=Path, required=True, metavar="DIR")

    trustee = _command(commands, "trustee", ("trustee", "run"), _("开启人（及招标人）的各个步骤"))
    add = trustee.add_argument
    add("steps", nargs="+", choices=STEPS, metavar="|".join(STEPS))
    _server(trustee, required=False, many=True)
    add("--task", type=Path, metavar="FILE", help=str(_("任务文件，代替 --server；本机不联网")))
    add("--answer", type=Path, metavar="FILE", help=str(_("答复文件，与 --task 同用")))
    _signer(trustee)
    _trust(trustee, required=True)
    add(
        "--keep", type=Path, required=True, metavar="DIR", help=str(_("保存开启密钥和记录的文件夹"))
    )
    add("--passphrase-file", type=Path, required=True, metavar="FILE",
        help=str(_("存放开启密钥口令的文件")))  # fmt: skip
    add("--protest", type=Path, action="append", default=[], metavar="FILE",
        help=str(_("投标人直接交来的异议文件（凭撤回回执），每份一次")))  # fmt: skip
    add("--no-share", action="store_true", help=str(_("招标人不持有份额，只参加抽取和签署")))
    add("--abandon", action="store_true", help=str(_("平台已不存在，不经询问即销毁开启密钥")))
    _rescue(commands)

    keep = _command(commands, "keep", ("keep", "run"), _("保管文件夹与开启程序的保管文件互换"))
    add = keep.add_argument
    add("what", choices=["export", "import"])
    add(
        "--keep", type=Path, required=True, metavar="DIR", help=str(_("保存开启密钥和记录的文件夹"))
    )
    add("--lot", required=True, metavar="LOT", help=str(_("标段编号")))
    add("file", type=Path, metavar="FILE", help=str(_("保管文件")))
    return top


def _rescue(commands: Any) -> None:
    """What is needed when something went wrong, and between stages."""
    cure = _command(commands, "cure", ("rescue", "cure"), _("补发完好份额不足的信封的密钥份额"))
    _bid(cure, required=False)
    _closing(cure)
    _signer(cure)
    add = cure.add_argument
    add("--recovery", type=Path, required=True, metavar="FILE", help=str(_("恢复文件")))
    add("--passphrase-file", type=Path, required=True, metavar="FILE",
        help=str(_("存放恢复文件口令的文件")))  # fmt: skip

    protest = _command(commands, "protest", ("rescue", "protest"),
                       _("凭回执对截标名单提出异议：未列入，或已撤回而仍被列入"))  # fmt: skip
    _bid(protest, required=False)
    _closing(protest)
    _signer(protest)
    protest.add_argument("--receipt", type=Path, metavar="FILE")
    protest.add_argument("--withdrawn", type=Path, metavar="FILE",
                         help=str(_("该投标文件的撤回回执；默认取投标文件旁保存的")))  # fmt: skip
    protest.add_argument("--reason", default="", help=str(_("异议的理由")))

    again = _command(commands, "give-again", ("rescue", "give_again"), _("补交已有回执的同一文件"))
    _bid(again)

    result = _command(commands, "result", ("stage", "result"), _("招标人签署阶段评审结果"))
    _server(result)
    _signer(result)
    _trust(result)
    add = result.add_argument
    add("--report", type=Path, required=True, metavar="FILE",
        help=str(_("评标委员会签署的阶段评审报告")))  # fmt: skip
    add("--failed", action="append", default=[], metavar="USCC=REASON",
        help=str(_("未通过的投标人及理由，每家一次")))  # fmt: skip

    hand = _command(commands, "hand-over", ("table", "hand_over"), _("不经平台交出本单位的份额"))
    _signer(hand)
    _at_table(hand)
    hand.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")

    opened = _command(commands, "open", ("table", "open_all"), _("不经平台开启全部投标文件"))
    _at_table(opened)
    add = opened.add_argument
    add("--shares", type=Path, action="append", default=[], metavar="FILE",
        help=str(_("其他开启人交出的份额文件，每份一次")))  # fmt: skip
    add("-o", "--output", type=Path, required=True, metavar="DIR")


def _closing(made: Any) -> None:
    add = made.add_argument
    add("--policy", type=Path, metavar="FILE", help=str(_("已保存的开启方案，代替 --server")))
    add("--closing", type=Path, metavar="FILE",
        help=str(_("标段页面下载的截标资料，代替 --server；签署后存为文件")))  # fmt: skip


def _at_table(made: Any) -> None:
    add = made.add_argument
    add("--lot", required=True, metavar="LOT", help=str(_("标段编号")))
    add("--stage", default="", metavar="STAGE", help=str(_("开标阶段，只有一个时不写")))
    add("--bids", type=Path, required=True, metavar="DIR", help=str(_("存放 .zxb 文件的文件夹")))
    add("--keep", type=Path, action="append", default=[], required=True, metavar="DIR",
        help=str(_("开启人保存密钥的文件夹，每家一次")))  # fmt: skip
    add("--passphrase-file", type=Path, action="append", default=[], required=True, metavar="FILE",
        help=str(_("与 --keep 依次对应的口令文件")))  # fmt: skip
    add("--anchors", type=Path, required=True, metavar="PEM", help=str(_("信任的根证书")))
    add("--demonstration", action="store_true", help=str(_("根证书属于演示环境")))


def _command(commands: Any, name: str, run: tuple[str, str], words: object) -> Any:
    made = commands.add_parser(name, help=str(words), description=str(words))
    made.set_defaults(run=run)
    made.add_argument("--json", action="store_true", help=str(_("以 JSON 给出结果")))
    made.add_argument("--at", default="", metavar="INSTANT", help=argparse.SUPPRESS)
    return made


def _server(made: Any, *, required: bool = True, many: bool = False) -> None:
    add = made.add_argument
    add("--server", required=required, metavar="URL", help=str(_("平台网址")))
    add("--lot", required=required, metavar="LOT", help=str(_("标段编号")),
        **({"action": "append"} if many else {}))  # fmt: skip
    add("--token-file", type=Path, required=required, metavar="FILE",
        help=str(_("存放访问令牌的文件")))  # fmt: skip


def _bid(made: Any, *, required: bool = True) -> None:
    made.add_argument("bid", type=Path, metavar="ZXB")
    _server(made, required=required)
    _trust(made)


def _signer(made: Any) -> None:
    one = made.add_mutually_exclusive_group(required=True)
    one.add_argument("--p12", type=Path, metavar="FILE", help=str(_("密钥文件（.p12）")))
    one.add_argument("--certificate", type=Path, metavar="PEM", help=str(
        _("签名证书，密钥在别处：先写出要签名的文件，签名后再执行一次")))  # fmt: skip
    made.add_argument("--pin-file", type=Path, metavar="FILE",
                      help=str(_("存放 PIN 码的文件；不给出则询问")))  # fmt: skip
    made.add_argument("--signature", type=Path, action="append", default=[], metavar="P7S",
                      help=str(_("在别处作出的签名，配合 --certificate，每个一次")))  # fmt: skip


def _trust(made: Any, *, required: bool = False) -> None:
    add = made.add_argument
    add("--anchors", type=Path, required=True, metavar="PEM", help=str(_("信任的根证书")))
    add("--tsa-anchors", type=Path, metavar="PEM",
        help=str(_("信任的时间戳机构的根证书；演示环境可不给")))  # fmt: skip
    add("--demonstration", action="store_true", help=str(_("根证书属于演示环境")))
    add("--expect", action="append", default=[], required=required, metavar="USCC",
        help=str(_("招标人和各开启人的统一社会信用代码，每家一次")))  # fmt: skip


def language() -> str:
    """The language that the server's refusals are asked in: that of this tool's own words."""
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "en" if value.lower().startswith("en") else "zh-hans"
    return "zh-hans"
