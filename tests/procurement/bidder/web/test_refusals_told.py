"""A refusal is told in words; its code stands small beside them."""

from __future__ import annotations


def test_words_come_first_and_larger_and_the_code_last(bidder):
    page = bidder()
    page.press("check-policy")
    item = page.part("policy-error").locator("li[data-code]")
    assert (
        item.locator("> :first-child").inner_text()
        == "请先选择：开启方案文件（标段页面下载的 .policy.json）"
    )
    code = item.locator(".code")
    assert code.inner_text() == "bidder.program.choose"
    size = (
        "(each) => [parseFloat(getComputedStyle(each).fontSize), getComputedStyle(each).fontWeight]"
    )
    words, told = item.locator("strong").evaluate(size), code.evaluate(size)
    assert words[0] > told[0] and int(words[1]) > int(told[1])
