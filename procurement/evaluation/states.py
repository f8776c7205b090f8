"""The states of an evaluation, and the articles that they and its acts rest on."""

from __future__ import annotations

from django.utils.translation import gettext_noop

PLATFORM = gettext_noop("平台规则")
L37 = gettext_noop("《招标投标法》第三十七条")
L40 = gettext_noop("《招标投标法》第四十条")
L42 = gettext_noop("《招标投标法》第四十二条")
R46 = gettext_noop("《招标投标法实施条例》第四十六条")
R48 = gettext_noop("《招标投标法实施条例》第四十八条")
R49 = gettext_noop("《招标投标法实施条例》第四十九条")
R51 = gettext_noop("《招标投标法实施条例》第五十一条")
R52 = gettext_noop("《招标投标法实施条例》第五十二条")
R53 = gettext_noop("《招标投标法实施条例》第五十三条")
ORDER12 = gettext_noop("《评标委员会和评标方法暂行规定》（国家发展计划委员会等令第12号）")

(FORMING, READY, IN_SESSION, PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED, SUMMARY,
 REPORTED, HANDED, REVIEW, FAILED) = (
    "forming", "ready", "in_session", "preliminary", "clearing", "clarifying", "detailed",
    "priced", "summary", "reported", "handed", "review", "failed",
)  # fmt: skip
# States of a lot whose opening has come and that waits for a committee; of one that may have one.
LOT_AT_OPENING = ("closing", "opening", "evaluating")
LOT_LIVE = ("published", *LOT_AT_OPENING)
# States in which a member may still be replaced: no report with their signature stands.
OPEN_SESSION = (
    READY, IN_SESSION, PRELIMINARY, CLEARING, CLARIFYING, DETAILED, PRICED, SUMMARY, REVIEW,
)  # fmt: skip
