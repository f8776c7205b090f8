"""What is remembered of an object is that object's own, for as long as it is kept."""

import gc

from kernel.sealing.remembered import of_each


class Thing:
    """Equal to every other, as two readings of one certificate are."""

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        raise AssertionError("to be asked for its hash is what costs")


def test_each_object_is_asked_once() -> None:
    asked: list[Thing] = []
    name = of_each(8)(lambda thing: asked.append(thing) or len(asked))  # type: ignore[func-returns-value]
    one, other = Thing(), Thing()
    assert [name(one), name(other), name(one), name(other)] == [1, 2, 1, 2]


def test_whoever_gets_the_place_of_a_forgotten_object_has_answers_of_its_own() -> None:
    kept: list[int] = []
    name = of_each(3)(lambda thing: kept.append(0) or object())  # type: ignore[func-returns-value]
    for _ in range(50):
        before = name(Thing())
        gc.collect()
        assert name(Thing()) is not before
    assert len(kept) == 100
