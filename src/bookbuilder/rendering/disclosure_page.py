"""The page that says what the gate read: filled in last, for only then is there anything to read.

`book/disclosure.md` holds the words and a mark; the mark gives way to what was found in the site
that it is part of. Findings that are let through are shown with the reason, never hidden.
"""

import html
from pathlib import Path

import pandas as pd

from bookbuilder.rendering.disclosure import DisclosureReport
from compendium import files

PAGE = Path("disclosure.html")
PLACEHOLDER = "<!-- what the gate read -->"
HEADINGS = ("File", "Check", "What (persons)", "Why shown")


def fill(site: Path, report: DisclosureReport) -> None:
    """Put the findings into the page of a rendered site, where it has one."""
    page = site / PAGE
    if page.exists():
        text = page.read_text(encoding="utf-8")
        files.write_text(page, text.replace(PLACEHOLDER, report_html(report)))


def report_html(report: DisclosureReport) -> str:
    """Return what was read and found as HTML.

    >>> none = pd.DataFrame(columns=["place", "check", "subject", "value", "reason"])
    >>> print(report_html(DisclosureReport(none, pages=60, files=200, threshold=5)))
    <p>Read: <strong>60</strong> pages and <strong>200</strong> files on offer. Threshold:
    <strong>5</strong> persons. Nothing was found.</p>
    """
    found = report.findings
    read = (
        f"<p>Read: <strong>{report.pages}</strong> pages and <strong>{report.files}</strong> "
        f"files on offer. Threshold:\n<strong>{report.threshold}</strong> persons."
    )
    if found.empty:
        return f"{read} Nothing was found.</p>"
    groups = found.groupby(["place", "check", "reason"], sort=False)
    rows = "".join(
        _row(_text(place), _text(check), _list(group), _text(reason))
        for (place, check, reason), group in groups
    )
    heads = "".join(f'<th scope="col">{head}</th>' for head in HEADINGS)
    return (
        f"{read} Let through, with a reason: <strong>{len(found)}</strong>.</p>"
        '<div class="exhibit-scroll" role="region" tabindex="0" aria-label="Findings let through">'
        f'<table class="table stack"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _row(*cells: str) -> str:
    """Return a row whose cells name their heading, as a phone shows it as a block."""
    marked = (
        f'<td data-label="{head}"><div>{cell}</div></td>'
        for head, cell in zip(HEADINGS, cells, strict=True)
    )
    return f"<tr>{''.join(marked)}</tr>"


def _list(group: pd.DataFrame) -> str:
    pairs = group[["subject", "value"]].itertuples(index=False)
    return "<br>".join(_text(f"{about} ({value})") for about, value in pairs)


def _text(value: object) -> str:
    return html.escape(str(value))
