"""Asks axe-core what is wrong with a page for people who see, hear or move differently."""

from __future__ import annotations

from pathlib import Path
from typing import Any

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA, and what axe holds to be good practice beyond it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

_RUN = """
async (rules) => {
  const found = await axe.run(document, { runOnly: rules });
  return found.violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${one.help}: ${node.html.slice(0, 200)}`));
}
"""


def violations(page: Any) -> list[str]:
    """Every violation on a Playwright page, one line each: rule, what it asks, the element.

    The script goes in through the debugger, so the page's own content security policy holds.
    """
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_RUN, RULES)
    return found
