"""The first start of a sandbox: one whole project is played against the server that is up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from config.processes import Child

# The preflight leaves it where it has just made the demonstration province.
DUE = "play-due"
# Written when the play begins; alone, without the next one, it says that the play was cut off.
BEGUN = "play-begun"
# Written when the play has ended well: the number of the lot that it left open for bids.
DONE = "play-done"
# What `manage.py demo` prints before that number.
OPEN_MARK = "open for bids: "


class FirstPlay:
    """The play of one folder: begun at most once, remembered in files."""

    def __init__(self, var: Path, url: str) -> None:
        self.child: Child | None = None
        self._var, self._url = var, url
        self._lot = ""
        self._told = False

    def begin(self) -> Child | None:
        """The program that plays, where this is a sandbox's first start; else None.

        What is due is taken away in any case: a sandbox that people have used is not played in.
        """
        due = self._var / DUE
        wanted = due.is_file() and os.environ.get("ZHUXIN_PLAY", "1") != "0"
        due.unlink(missing_ok=True)
        if not wanted:
            return None
        (self._var / BEGUN).write_text(f"{self._url}\n")
        argv = [sys.executable, "manage.py", "demo", "--here", self._url]
        self.child = Child("play", argv, once=True)
        return self.child

    def overheard(self, say: Callable[[str, str], None]) -> Callable[[str, str], None]:
        """Something that says lines and notes what the play says of the lot that stays open."""

        def heard(name: str, line: str) -> None:
            if name == "play" and OPEN_MARK in line:
                self._lot = line.rpartition(OPEN_MARK)[2].strip()
            say(name, line)

        return heard

    def news(self) -> str:
        """What to say once the play has ended, well or not; empty before and after that."""
        if self._told or self.child is None or self.child.status is None:
            return ""
        self._told = True
        if self.child.status != 0:
            return (
                "演示未走完，原因见上；网站照常运行\n"
                "the play did not reach its end, see above; the site goes on"
            )
        (self._var / DONE).write_text(f"{self._lot}\n")
        return self.standing()

    def standing(self) -> str:
        """How things stand with the play; empty where there was none."""
        if self.child is not None and self.child.status is None:
            return (
                "正在演示一个完整的项目，页面已可使用（约两分钟）\n"
                "a whole project is being played; the pages can be used meanwhile (two minutes)"
            )
        done = self._var / DONE
        if done.is_file():
            return self._take_over(done.read_text().strip())
        if (self._var / BEGUN).is_file():
            return (
                "上次的演示没有走完，不再重放；删除 var 目录可重新开始\n"
                "the play was cut off and is not repeated; remove the folder var to begin anew"
            )
        return ""

    def _take_over(self, lot: str) -> str:
        """What a person can do from here; every address is one of this installation."""
        return "\n".join(
            (
                "演示已走完，请接手 the play is over, take over (docs/demo.md):",
                f"  标段 {lot} 正在招标 is open for bids: {self._url}/notices/{lot}/",
                f"  以 bidder1 … bidder5 登录，封装并上传 .zxb  log in, seal, upload: "
                f"{self._url}/bids/mine/{lot}/",
                f"  其他工作台用上面的账号 other desks, with the accounts above: {self._url}/desk/",
                f"  移动时钟（任一账号）move the clock, as anybody: {self._url}/sandbox/clock/",
                "  代缺席者办理 act for somebody absent: ./dev manage demo act officer1 …",
            )
        )
