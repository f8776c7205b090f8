"""The articles that this room's machines and guards cite."""

from __future__ import annotations

from django.utils.translation import gettext_noop

# Articles are written as the law is cited; here the catalogue finds them for other languages.
ARTICLES = (
    gettext_noop("《电子招标投标办法》（国家发展改革委令第20号）"),
    gettext_noop("《电子招标投标办法》第27条"),
    gettext_noop("《电子签名法》第13条"),
    gettext_noop("《招标投标法》第29条"),
    gettext_noop("《招标投标法》第28条、《招标投标法实施条例》第36条"),
    gettext_noop("《招标投标法》第34条、第36条"),
    gettext_noop("《招标投标法实施条例》第44条"),
    gettext_noop("《招标投标法实施条例》第21条"),
    gettext_noop("《招标投标法实施条例》第31条"),
    gettext_noop("平台开标规则"),
    gettext_noop("平台开标规则：开启方案"),
    gettext_noop("平台开标规则：投标文件格式"),
    gettext_noop("平台开标规则：截标名单"),
    gettext_noop("电子招标投标办法 第27条"),
    gettext_noop("《招标投标法》第40条"),
    gettext_noop("《招标投标法》第45条"),
    gettext_noop("《招标投标法》第53条"),
    gettext_noop("《招标投标法》第53条、第54条"),
    gettext_noop("《招标投标法实施条例》第51条"),
    gettext_noop("《招标投标法实施条例》第53条"),
)
