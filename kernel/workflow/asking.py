"""Facts that are asked of other rooms only when a guard looks at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, TypeVar

F = TypeVar("F")


def asked_late(kind: type[F], late: Mapping[str, Callable[[], Any]], **known: Any) -> F:
    """Facts of a kind (a frozen dataclass), some of which are asked for when first looked at.

    late: by the field's name, how it is found, from values that were read at the load; a field
    with a default cannot be among them. A case is looked at in one state, whose guards need few of
    a machine's facts; whatever a guard looks at it still finds, once, and the same for all guards.
    Raises TypeError where a field is neither known nor asked, or is asked and has a default.
    """
    whole: Any = kind
    made: Any = object.__new__(_late(whole))
    fields: Mapping[str, Any] = whole.__dataclass_fields__
    # A default is found on the class before anybody asks.
    wrong = {name for name in late if name not in fields or hasattr(kind, name)}
    lacking = {n for n in fields if not hasattr(kind, n)} - set(late) - set(known)
    if wrong or lacking or set(known) - set(fields):
        raise TypeError(
            f"facts of {kind.__name__}: {sorted(wrong | lacking | (set(known) - set(fields)))}"
        )
    made.__dict__.update(known, _late=dict(late))
    return made  # type: ignore[no-any-return]


@lru_cache(maxsize=64)
def _late(kind: type[Any]) -> type[Any]:
    def ask(self: Any, name: str) -> Any:
        late: dict[str, Callable[[], Any]] = self.__dict__.get("_late", {})
        if name not in late:
            raise AttributeError(name)
        value = self.__dict__[name] = late[name]()
        return value

    return type(kind.__name__, (kind,), {"__getattr__": ask, "__doc__": kind.__doc__})
