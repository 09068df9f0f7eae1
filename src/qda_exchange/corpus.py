"""The compendium's own coded corpus as a project to exchange, and any project as such a corpus.

A document of the corpus is a source whose text is its segments one after the other; a segment is
a unit, the person speaking its case, the district its site. What a segment says beyond that stays
in the corpus: tools have no place for attributes of a passage. The rank of a code is the order of
its codings. A table of excerpts, such as Taguette's, gets a text in the same way (`compose`).
"""

from dataclasses import replace

import pandas as pd

from compendium.coding.cases import segment_cases
from compendium.coding.checks import check_applications, raise_faults, require_columns
from qda_exchange.model import (
    CODE_COLUMNS,
    SOURCE_COLUMNS,
    CodedProject,
    complete,
    table,
)
from qda_exchange.positions import LINE_END

PARTS = ("label", "definition", "include", "exclude")
#: A second line that would be read back as the next part.
BEGINNING = r"\n(?:Label|Definition|Include|Exclude): "
BETWEEN = "\n\n"
UNKNOWN = "unknown"
NAMES = {"document": "source", "district": "site", "speaker_role": "role"}
NAMES |= {"segment_id": "unit", "summary": "text"}


def from_corpus(
    segments: pd.DataFrame,
    applications: pd.DataFrame,
    codebook: pd.DataFrame,
    speakers: pd.DataFrame | None = None,
) -> CodedProject:
    """Return the corpus as a project, with texts and places composed.

    The frames are those of `data/raw/coding`; `speakers` is the register, see `segment_cases`.
    Raises ValueError when they do not fit together.
    """
    check_applications(applications, codebook["code"], segments)
    require_columns(segments, NAMES, "segments")
    units = segment_cases(segments, speakers).rename(columns=NAMES)
    ranked = applications.sort_values(["coder", "rank"], kind="stable")
    known = units[["source", "case", "site", "role", "unit"]]
    applied = known.merge(ranked, left_on="unit", right_on="segment_id", how="inner")
    sources = {"source": segments["document"].unique(), "kind": "text"}
    codes = codes_of(codebook)
    return compose(CodedProject.of(applications=applied, units=units, codes=codes, sources=sources))


def applications_of(project: CodedProject) -> pd.DataFrame:
    """Return a project's codings as the corpus holds them, which is as `compendium.coding` counts.

    Returns
    -------
    pandas.DataFrame
        `segment_id`, `coder` (`unknown` where the file does not say), `rank` (the order of a
        coder's codes on a unit), `code`, `direction`. A segment's id is its unit's name; where two
        sources have units of one name, the source stands before it.

    Examples
    --------
    >>> applied = {"unit": ["u", "u"], "coder": "A", "code": ["pace", "talk"]}
    >>> applications_of(CodedProject.of(applications=applied))["rank"].tolist()
    [1, 2]
    """
    applied = project.applications.assign(segment_id=segment_ids(project, project.applications))
    applied = applied[["segment_id", "coder", "code", "direction"]].drop_duplicates()
    applied = applied.assign(coder=applied["coder"].fillna(UNKNOWN))
    rank = applied.groupby(["segment_id", "coder"]).cumcount() + 1
    applied.insert(2, "rank", rank)
    return applied.reset_index(drop=True)


def segments_of(project: CodedProject) -> pd.DataFrame:
    """Return a project's passages as segments, those that nobody coded included.

    Returns
    -------
    pandas.DataFrame
        `segment_id`, `document`, `speaker` (the case, or `unknown`), `speaker_role`, `district`
        (the site), `case` (or none), `start`, `end`, `summary` (the words). A passage of several
        cases has a row for each, which `with_cases` wants and agreement does not: give that
        `segments.drop_duplicates("segment_id")`.

    Examples
    --------
    >>> rows = {"source": "s", "unit": ["1"], "case": ["Ada"], "code": "pace"}
    >>> project = CodedProject.of(applications=rows)
    >>> segments_of(project)[["segment_id", "document", "case"]].values.tolist()
    [['1', 's', 'Ada']]
    """
    units = complete(project).units
    units = units.assign(
        segment_id=segment_ids(project, units), speaker=units["case"].fillna(UNKNOWN)
    )
    units = units.drop(columns="unit").rename(columns={old: new for new, old in NAMES.items()})
    columns = ["segment_id", "document", "speaker", "speaker_role", "district", "case"]
    return units[[*columns, "start", "end", "summary"]].reset_index(drop=True)


def segment_ids(project: CodedProject, frame: pd.DataFrame) -> pd.Series:
    """Return an id for the unit of each row that no unit of another source has."""
    units = complete(project).units[["source", "unit"]].drop_duplicates()
    shared = units["unit"][units["unit"].duplicated()]
    named = frame["source"].astype("str") + ":" + frame["unit"]
    return frame["unit"].mask(frame["unit"].isin(shared), named)


def codes_of(codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook as codes: categories as folders, the rest as the description.

    Raises ValueError when a column is missing, or a text would be read back as two parts.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["pace"], "label": ["Pace"], "category": ["Practice"]})
    >>> codebook = codebook.assign(definition="How fast.", include=None, exclude=None)
    >>> codes_of(codebook)["code"].tolist()
    ['Practice', 'pace']
    """
    require_columns(codebook, ["code", "category", *PARTS], "codebook")
    hint = "a line begins with the name of a part, such as 'Include: '; word it otherwise"
    faults = [
        f"row {row}, column {part}: {hint}"
        for part in PARTS
        for row in codebook.index[codebook[part].astype("str").str.contains(BEGINNING)]
    ]
    raise_faults("codebook", faults)
    rows: list[dict[str, object]] = []
    for category, group in codebook.groupby("category", sort=False):
        rows.append({"code": category, "codable": False})
        for _, row in group.iterrows():
            said = [f"{part.capitalize()}: {row[part]}" for part in PARTS if pd.notna(row[part])]
            code = {"code": row["code"], "parent": category, "codable": True}
            rows.append({**code, "description": "\n".join(said)})
    return table(rows, CODE_COLUMNS)


def codebook_of(codes: pd.DataFrame) -> pd.DataFrame:
    r"""Return codes as the corpus holds its codebook; the inverse of `codes_of`.

    Examples
    --------
    >>> codes = {"code": ["pace"], "codable": True, "description": "Label: Pace\nInclude: speed"}
    >>> codes = table(codes, CODE_COLUMNS)
    >>> codebook_of(codes)[["label", "include"]].values.tolist()
    [['Pace', 'speed']]
    """
    used = codes[codes["codable"]]
    said = used["description"].fillna("")
    others = "|".join(part.capitalize() for part in PARTS)
    pattern = rf"(?ms)^{{}}: (.*?)(?=^(?:{others}): |\Z)"
    found = {
        part: said.str.extract(pattern.format(part.capitalize()))[0].str.strip() for part in PARTS
    }
    columns = {"code": used["code"], "label": found.pop("label"), "category": used["parent"]}
    return pd.DataFrame({**columns, **found}).reset_index(drop=True)


def compose(project: CodedProject) -> CodedProject:
    r"""Give each source that has no text the words of its units, and the units their places in it.

    A unit without words is its name in brackets. Line ends are one character everywhere.

    Examples
    --------
    >>> applied = {"source": ["a", "a"], "unit": ["1", "2"], "code": "pace"}
    >>> units = {"source": "a", "unit": ["1", "2"], "text": ["Slow.", "Fast."]}
    >>> composed = compose(CodedProject.of(applications=applied, units=units))
    >>> composed.sources["text"].tolist(), composed.applications["end"].tolist()
    (['Slow.\n\nFast.'], [5, 12])
    """
    project = complete(project)
    missing = project.sources["source"][project.sources["text"].isna()]
    units = project.units[project.units["source"].isin(missing)]
    words = units.drop_duplicates(["source", "unit"])[["source", "unit", "text"]]
    text = words["text"].fillna("[" + words["unit"] + "]").map(lambda one: LINE_END.sub("\n", one))
    end = (text.str.len() + len(BETWEEN)).groupby(words["source"]).cumsum() - len(BETWEEN)
    words = words.assign(text=text, start=end - text.str.len(), end=end)
    texts = words.groupby("source", sort=False)["text"].agg(BETWEEN.join)
    filled = project.sources["text"].fillna(project.sources["source"].map(texts))
    sources = table(project.sources.assign(text=filled), SOURCE_COLUMNS)
    applied, units = (_placed(one, words) for one in (project.applications, project.units))
    return replace(project, applications=applied, units=units, sources=sources)


def _placed(frame: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Put start and end of the composed texts where the frame's rows stand in one."""
    places = words[["source", "unit", "start", "end"]]
    found = frame[["source", "unit"]].merge(places, on=["source", "unit"], how="left")
    composed = frame["source"].isin(words["source"]).to_numpy()
    columns = {
        name: found[name].astype("Int64").where(composed, frame[name].reset_index(drop=True))
        for name in ("start", "end")
    }
    return frame.reset_index(drop=True).assign(**columns)
