"""BPF programs that filter system calls."""

ALLOW, NOTIFY, KILL_PROCESS = 0x7FFF0000, 0x7FC00000, 0x80000000
_ERRNO = 0x00050000
_LOAD, _AND, _RETURN = 0x20, 0x54, 0x06
_IS_EQUAL, _IS_AT_LEAST = 0x15, 0x35
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

Instruction = tuple[int, int, int, int]  # code, how far to jump if true, and if false, operand
Block = list[Instruction]


def answer(errno: int) -> int:
    """End the call with this error instead of making it; 0 pretends that it was made."""
    return _ERRNO | errno


def give(action: int) -> Instruction:
    return _RETURN, 0, 0, action


def argument_is(
    position: int, values: list[int], *, mask: int = 0xFFFFFFFF, otherwise: int
) -> Block:
    """Go on only if the lower half of an argument, under the mask, is one of the values."""
    compared = [
        (_IS_EQUAL, len(values) - index, 0, value) for index, value in enumerate(values)
    ]  # fmt: skip
    return [
        (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * position),
        (_AND, 0, 0, mask),
        *compared,
        give(otherwise),
    ]


def for_call(number: int, block: Block) -> Block:
    return [(_IS_EQUAL, 0, len(block), number), *block]


def begin(architecture: int) -> Block:
    """Only calls of this architecture: the numbers of others mean something else."""
    return [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_IS_EQUAL, 1, 0, architecture),
        give(KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
    ]


def only(numbers: list[int], *, otherwise: int) -> Block:
    block: Block = []
    for first, last in _ranges(sorted(numbers)):
        block += [
            (_IS_AT_LEAST, 3, 0, last + 1),
            (_IS_AT_LEAST, 1, 0, first),
            give(otherwise),
            give(ALLOW),
        ]
    return [*block, give(otherwise)]


def _ranges(numbers: list[int]) -> list[tuple[int, int]]:
    ranges = [(numbers[0], numbers[0])]
    for number in numbers[1:]:
        first, last = ranges[-1]
        if number == last + 1:
            ranges[-1] = (first, number)
        else:
            ranges.append((number, number))
    return ranges
