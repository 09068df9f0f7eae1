"""What readers of tables share: site and role, numbers, and what tells passages apart."""

from array import array
from collections import Counter
from collections.abc import Hashable, Sequence

from qda_exchange.collecting import Collector
from qda_exchange.gathering import NONE
from qda_exchange.guard import Guard
from qda_exchange.model import FURTHEST, CodedProject, finite
from qda_exchange.naming import Names
from qda_exchange.report import DEVIATION, DROPPED

People = tuple[str | None, str | None, str | None]
NOBODY: People = (None, None, None)


class Rows(Collector):
    """Collects the rows of a table."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(guard)
        self._known: dict[tuple[Hashable, ...], int] = {}
        self._person_of = array("q")
        self._names = Names()
        self._often: Counter[Hashable] = Counter()

    def passage(
        self,
        source: str | None,
        key: Hashable,
        wish: str = "",
        words: str | None = None,
        *,
        span: tuple[int, int] = (NONE, NONE),
        people: People = NOBODY,
    ) -> int:
        """Take in a passage and return its number, the same for the same key and people.

        It is named as wished, with a number behind where another of its source is named so, or by
        its place where nothing is wished.
        """
        known: tuple[Hashable, ...] = source, key
        person = self.person(*people)
        first = self._known.get(known, NONE)
        if first != NONE and self._person_of[first] != person:
            known = source, key, person
        if known not in self._known:
            label = self._names.free(wish, source) if wish and first == NONE else ""
            label = label or self._labels.get(first, "")
            number = self.add_passage(self.source(source), *span, label)
            self._person_of.append(person)
            self.belongs(number, [] if person == NONE else [person])
            self.say(number, words)
            self._known[known] = number
        return self._known[known]

    def by_words(
        self,
        source: str | None,
        words: str,
        wish: str,
        *,
        spot: Hashable = None,
        said: Hashable = None,
        people: People = NOBODY,
    ) -> int:
        """Take in a passage that its words identify.

        `said` is who says what of it: said again of the same words, it is another passage.
        """
        key = spot, people[0], words
        self._often[source, key, said] += 1
        known = *key, self._often[source, key, said]
        return self.passage(source, known, wish, words, people=people)

    def project(self, origin: str = "") -> CodedProject:
        """Put everything together; what told passages apart makes room for the tables."""
        self._known.clear()
        self._often.clear()
        self._names = Names()
        return super().project(origin)

    def people_columns(self, header: Sequence[str]) -> dict[int, str]:
        """Return which columns are the site and the role, if the table has them."""
        lower, options = [name.lower() for name in header], self.guard.options
        found: dict[int, str] = {}
        for column in ("site", "role"):
            name = getattr(options, column).lower()
            # QualCoder marks variables by what they are of.
            for one in (name, f"casevar_{name}", f"filevar_{name}"):
                if one in lower and lower.index(one) not in found:
                    found[lower.index(one)] = column
                    options.used.add(column)
                    break
        return found

    def drop_columns(self, header: Sequence[str], used: set[int]) -> None:
        """Report the columns that the long table has no place for."""
        for position, name in enumerate(header):
            if position not in used and name:
                self.report.add(DROPPED, "column without a place in the long table", "", name)

    def number(self, text: str | None, place: str, what: str) -> float | None:
        """Read a number; report what is none."""
        value = finite(text or "")
        if value is None and (text or "").strip():
            found = f"{what} that is no number, left empty"
            self.report.add(DEVIATION, found, place, text or "")
        return value

    def span(self, start: str | None, end: str | None, place: str) -> tuple[int, int]:
        """Read a start and an end; report what is no span."""
        read = [self.number(start, place, "start"), self.number(end, place, "end")]
        whole = [int(one) for one in read if one is not None and 0 <= one == int(one) < FURTHEST]
        if len(whole) == 2 and whole[0] <= whole[1]:
            return whole[0], whole[1]
        if start or end:
            self.report.add(DEVIATION, "start and end that are no span, left empty", place)
        return NONE, NONE
