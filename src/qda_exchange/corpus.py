"""The compendium's own coded corpus as a project to exchange, and back.

A document of the corpus is a source whose text is its segments one after the other; a segment is
a unit, the person speaking its case, the district its site, the speaker's role its role. What a
segment says beyond that (section, level, kind of evidence, length) stays in the corpus: tools have
no place for attributes of a passage. The rank of a code is the order of its codings.
"""

from __future__ import annotations

import pandas as pd

from compendium.coding.cases import segment_cases
from compendium.coding.checks import check_applications, raise_faults, require_columns
from qda_exchange.composing import compose
from qda_exchange.model import (
    CODE_COLUMNS,
    COLUMNS,
    SOURCE_COLUMNS,
    UNIT_COLUMNS,
    CodedProject,
    table,
)

PARTS = ("label", "definition", "include", "exclude")
#: A second line that would be read back as the next part.
BEGINNING = r"\n(?:Label|Definition|Include|Exclude): "
UNIT_NAMES = {"document": "source", "district": "site", "speaker_role": "role"}
UNIT_NAMES |= {"segment_id": "unit", "summary": "text"}


def from_corpus(
    segments: pd.DataFrame,
    applications: pd.DataFrame,
    codebook: pd.DataFrame,
    speakers: pd.DataFrame | None = None,
) -> CodedProject:
    """Return the corpus as a project.

    Parameters
    ----------
    segments
        `segment_id`, `document`, `speaker`, `speaker_role`, `district`, `summary`.
    applications
        `segment_id`, `coder`, `rank`, `code`, `direction`.
    codebook
        `code`, `label`, `category`, `definition`, `include`, `exclude`.
    speakers
        The register of speakers, see `cases.segment_cases`.

    Returns
    -------
    CodedProject
        Texts and places composed; a category is a code that is only a folder.

    Raises
    ------
    ValueError
        When the frames do not fit together.

    Examples
    --------
    >>> segments = pd.DataFrame(
    ...     {
    ...         "segment_id": ["S1"],
    ...         "document": ["study"],
    ...         "speaker": ["Lola"],
    ...         "speaker_role": ["teacher"],
    ...         "district": ["Lehigh"],
    ...         "summary": ["Pace is set by the class."],
    ...     }
    ... )
    >>> applied = pd.DataFrame(
    ...     {"segment_id": ["S1"], "coder": ["A"], "rank": [1], "code": ["pace"]}
    ... ).assign(direction="hinders")
    >>> codebook = pd.DataFrame({"code": ["pace"], "label": ["Pace"], "category": ["Practice"]})
    >>> codebook = codebook.assign(definition="How fast.", include=None, exclude=None)
    >>> project = from_corpus(segments, applied, codebook)
    >>> project.applications[["case", "code", "start", "end", "direction"]].values.tolist()
    [['study/Lola', 'pace', 0, 25, 'hinders']]
    """
    check_applications(applications, codebook["code"], segments)
    require_columns(segments, UNIT_NAMES, "segments")
    units = segment_cases(segments, speakers).rename(columns=UNIT_NAMES)
    ranked = applications.sort_values(["coder", "rank"], kind="stable")
    known = units[["source", "case", "site", "role", "unit"]]
    applied = known.merge(ranked, left_on="unit", right_on="segment_id", how="inner")
    sources = {"source": segments["document"].unique(), "kind": "text"}
    return compose(
        CodedProject(
            table(applied, COLUMNS),
            table(units, UNIT_COLUMNS),
            codes_of(codebook),
            table(sources, SOURCE_COLUMNS),
        )
    )


def applications_of(project: CodedProject) -> pd.DataFrame:
    """Return a project's applications as the corpus holds them; the inverse of `from_corpus`.

    Returns
    -------
    pandas.DataFrame
        `segment_id`, `coder`, `rank` (the order of a coder's codes on a unit), `code`, `direction`.

    Examples
    --------
    >>> applied = table({"unit": ["u", "u"], "coder": "A", "code": ["pace", "talk"]}, COLUMNS)
    >>> applications_of(CodedProject(applied))["rank"].tolist()
    [1, 2]
    """
    columns = ["unit", "coder", "code", "direction"]
    applied = project.applications[columns].drop_duplicates().reset_index(drop=True)
    rank = applied.groupby(["unit", "coder"], dropna=False).cumcount() + 1
    applied.insert(2, "rank", rank)
    return applied.rename(columns={"unit": "segment_id"})


def codes_of(codebook: pd.DataFrame) -> pd.DataFrame:
    """Return the codebook as codes: categories as folders, the rest as the description.

    Raises
    ------
    ValueError
        When a column is missing, or a text would be read back as two parts.

    Examples
    --------
    >>> codebook = pd.DataFrame({"code": ["pace"], "label": ["Pace"], "category": ["Practice"]})
    >>> codes_of(codebook.assign(definition="How fast.", include=None, exclude=None))["code"]
    0    Practice
    1        pace
    Name: code, dtype: str
    """
    require_columns(codebook, ["code", "category", *PARTS], "codebook")
    raise_faults(
        "codebook",
        [
            f"row {row}, column {part}: a line begins with the name of a part, such as "
            "'Include: '; word it otherwise"
            for part in PARTS
            for row in codebook.index[codebook[part].astype("str").str.contains(BEGINNING)]
        ],
    )
    rows: list[dict[str, object]] = []
    for category, group in codebook.groupby("category", sort=False):
        rows.append({"code": category, "codable": False})
        rows += [
            {
                "code": row["code"],
                "parent": category,
                "codable": True,
                "description": "\n".join(
                    f"{part.capitalize()}: {row[part]}" for part in PARTS if pd.notna(row[part])
                ),
            }
            for _, row in group.iterrows()
        ]
    return table(rows, CODE_COLUMNS)


def codebook_of(codes: pd.DataFrame) -> pd.DataFrame:
    r"""Return codes as the corpus holds its codebook; the inverse of `codes_of`.

    Examples
    --------
    >>> codes = table(
    ...     {"code": ["pace"], "codable": [True], "description": ["Label: Pace\nInclude: speed"]},
    ...     CODE_COLUMNS,
    ... )
    >>> codebook_of(codes)[["label", "include"]].values.tolist()
    [['Pace', 'speed']]
    """
    used = codes[codes["codable"]]
    said = used["description"].fillna("")
    pattern = r"(?ms)^{}: (.*?)(?=^(?:{}): |\Z)"
    others = "|".join(part.capitalize() for part in PARTS)
    parts = {
        part: said.str.extract(pattern.format(part.capitalize(), others))[0].str.strip()
        for part in PARTS
    }
    columns = {"code": used["code"], "category": used["parent"], **parts}
    order = ["code", "label", "category", "definition", "include", "exclude"]
    return pd.DataFrame(columns)[order].reset_index(drop=True)
