"""Missing pictures of a chunk that complaints of demuxer or decoder explain."""

from dataclasses import dataclass

from chalicelib.encoding.picture_evidence import Excused


@dataclass(slots=True)
class Excuses:
    """Counts the pictures of a run, as frames from the start of the chunk."""

    frames: int
    _spanned: int = 0
    _came: int = 0
    _begin: bool = False
    _end: bool = False
    _longest_hold: int = 0
    _is_any_own: bool = False
    _furthest: int = -1

    def see(self, number: int, *, is_excused: bool) -> None:
        """`is_excused`: a complaint explains the pictures missing since the previous one."""
        if number >= 0 and not self._is_past:
            if is_excused:
                self._spanned += max(0, min(number, self.frames - 1) - self._furthest)
            if number < self.frames:
                self._see_own(number, is_excused=is_excused)
            else:
                self._end = is_excused
                self._begin = self._begin if self._is_any_own else is_excused
        self._furthest = max(self._furthest, number)

    def _see_own(self, number: int, *, is_excused: bool) -> None:
        if is_excused:
            self._came += 1
        elif self._is_any_own:
            self._longest_hold = max(self._longest_hold, number - self._furthest)
        if not self._is_any_own:
            self._begin, self._is_any_own = is_excused, True

    @property
    def _is_past(self) -> bool:
        return self._furthest >= self.frames

    def until_the_end(self, *, is_excused: bool) -> Excused:
        """Return what complaints explain; `is_excused` adds all pictures after the last one."""
        is_rest = is_excused and not self._is_past
        return Excused(
            frames=self._spanned + is_rest * max(0, self.frames - 1 - self._furthest),
            count=self._came,
            begin=self._begin or (is_rest and not self._is_any_own),
            end=self._end or is_rest,
            longest_hold=self._longest_hold,
        )
