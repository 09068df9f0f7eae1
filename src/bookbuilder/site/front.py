"""The picture of the front page: survey statements beside the teachers who speak to them.

It is a table whose cells hold a bar and dots, so that its text is text at any width and is read
aloud as a table.
"""

import csv
from html import escape

from bookbuilder.site import record

EXHIBIT = "findings_statements"
SIDES = {"yes": "cases_for", "both": "cases_both", "no": "cases_against"}


def chart() -> str:
    """Return the statements of the recorded table as HTML in MyST Markdown."""
    with record.data_file(EXHIBIT, "table").open(encoding="utf-8", newline="") as stream:
        rows = "\n".join(map(_row, csv.DictReader(stream)))
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Statement", "Surveyed teachers who agree", "Quoted teachers")
    )
    return (
        f'```{{raw}} html\n<table class="front-chart"><thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table>\n```"
    )


def _row(row: dict[str, str]) -> str:
    start, end = (100 * float(row[f"print_{side}"]) for side in ("lower", "upper"))
    place = f"left: {start:.1f}%; width: {end - start:.1f}%"
    counts = {word: int(row[column]) for word, column in SIDES.items()}
    dots = "".join(f'<i class="{word}"></i>' * count for word, count in counts.items())
    said = ", ".join(f"{count} {word}" for word, count in counts.items() if count) or "nobody"
    return (
        f'<tr><th scope="row">{escape(row["claim"])}</th>'
        f'<td><span class="bar" aria-hidden="true"><i style="{place}"></i></span>'
        f"{escape(row['survey'])}</td>"
        f'<td><span class="dots" aria-hidden="true">{dots}</span>{said}</td></tr>'
    )
