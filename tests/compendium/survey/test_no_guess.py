"""No silent guess: whatever an option or a column holds, the answer is right or a sentence.

Every option of every public function meets every odd value; every column meets every way to hold
its values. Right is what plain text and floats give.
"""

import datetime
import decimal
import inspect
import math
from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import compendium.survey
from compendium.survey import (
    TESTS,
    ChiSquare,
    Scale,
    SurveyDesign,
    Weights,
    any_of,
    bootstrap,
    chisquare,
    compare_shares,
    design_effect,
    effective_sample_size,
    encode_answers,
    encode_items,
    equal_group_weights,
    mean,
    nonresponse_weights,
    poststratify,
    published_shares,
    rake,
    ratio,
    read_scales,
    share_p_value,
    tabulate,
    tabulate_choices,
    top_box,
    trim,
)

ALIKE = SurveyDesign(None)
SCALE = Scale("agreement", ("no", "rather", "yes"), ("not asked",))
SMALL = pd.DataFrame(
    {
        "q": ["yes", "no", "rather", "yes", "no", "yes"],
        "r": list("xyxyyx"),
        "x": [1.0, 2, 3, 4, 5, 6],
        "c": ["x", None, "x", None, None, "x"],
        "d": list("AABBBA"),
        "w": [1.0, 2, 1, 2, 1, 2],
    }
)
MARGINS = {"d": {"A": 4.0, "B": 6.0}, "r": {"x": 5.0, "y": 5.0}}
COUNTS = {"a": 3, "b": 1}, {"a": 5, "b": 4}
LONELY = SMALL.assign(d=list("AABBBC"))


def word(*words):
    return lambda value: isinstance(value, str) and value in words


def number(least, most=np.inf, *, whole=False, inside=False):
    """Say which values are numbers of a range; `inside` leaves its ends out."""

    def fits(value):
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
            return False
        if isinstance(value, np.complexfloating) or math.isnan(value):
            return False
        within = least < value < most if inside else least <= value <= most
        return bool(within and (not whole or value % 1 == 0))

    return fits


LEVEL = number(0, 1, inside=True)
BASE = word("substantive", "all")

#: For each option: a call with a value for it, and which values it takes.
OPTIONS = {
    "tabulate interval": (
        lambda v: tabulate(SMALL, "q", ALIKE, interval=v),
        word("logit", "beta", "wilson"),
    ),
    "tabulate level": (lambda v: tabulate(SMALL, "q", ALIKE, level=v), LEVEL),
    "mean level": (lambda v: mean(SMALL, "x", ALIKE, level=v), LEVEL),
    "ratio level": (lambda v: ratio(SMALL, "x", "w", ALIKE, level=v), LEVEL),
    "bootstrap level": (lambda v: bootstrap(SMALL, "q", ALIKE, replicates=9, level=v), LEVEL),
    "bootstrap replicates": (
        lambda v: bootstrap(SMALL, "q", ALIKE, replicates=v),
        number(2, 10**6, whole=True),
    ),
    "bootstrap seed": (
        lambda v: bootstrap(SMALL, "q", ALIKE, replicates=9, seed=v),
        number(0, whole=True),
    ),
    "choices base": (
        lambda v: tabulate_choices(SMALL, ["c"], ALIKE, base=v),
        word("respondents", "answered"),
    ),
    "choices interval": (
        lambda v: tabulate_choices(SMALL, ["c"], ALIKE, interval=v),
        word("logit", "beta", "wilson"),
    ),
    "choices level": (lambda v: tabulate_choices(SMALL, ["c"], ALIKE, level=v), LEVEL),
    "choices chosen": (
        lambda v: tabulate_choices(SMALL, ["c"], ALIKE, chosen=v),
        lambda v: v is None or word("x")(v),
    ),
    "published level": (lambda v: published(SMALL, level=v), LEVEL),
    "design single_cluster": (
        lambda v: tabulate(LONELY, "q", SurveyDesign(None, "d", single_cluster=v)),
        word("certainty", "adjust"),
    ),
    "equal groups empty": (
        lambda v: equal_group_weights(SMALL, "d", "q", empty=v),
        word("raise", "drop", "keep"),
    ),
    "rake bounds": (lambda v: rake(SMALL, MARGINS, bounds=v), lambda v: v is None),
    "rake tolerance": (lambda v: rake(SMALL, MARGINS, tolerance=v), number(1e-15, 1)),
    "rake max_iterations": (
        lambda v: rake(SMALL, MARGINS, max_iterations=v),
        number(20, whole=True),
    ),
    "rake standard_error": (
        lambda v: rake(SMALL, MARGINS, standard_error=v),
        word("calibrate", "rake"),
    ),
    "trim lower": (lambda v: trim(SMALL["w"], v, 5), number(0, 1.5)),
    "trim upper": (lambda v: trim(SMALL["w"], 0, v), number(1.5)),
    "compare test": (lambda v: compare_shares(*COUNTS, test=v), word(*TESTS)),
    "compare adjust": (
        lambda v: compare_shares(*COUNTS, adjust=v),
        lambda v: v is None or word("holm", "fdr_bh", "b", "h")(v),
    ),
    "p value test": (lambda v: share_p_value(3, 4, 5, 9, v), word(*TESTS)),
    "p value count": (lambda v: share_p_value(v, 4, 5, 9, "one_sample_z"), number(0, 4)),
    "p value n": (lambda v: share_p_value(0, v, 5, 9, "one_sample_z"), number(1e-300, 9)),
    "p value held": (
        lambda v: share_p_value(1, 4, v, 9, "one_sample_z"),
        number(0, 9, inside=True),
    ),
    "p value size": (lambda v: share_p_value(1, 4, 0.01, v, "one_sample_z"), number(4)),
    "any_of wanted": (lambda v: any_of(SMALL["q"], SCALE, v), word("yes", "no")),
    "any_of base": (lambda v: any_of(SMALL["q"], SCALE, ["yes"], v), BASE),
    "top_box boxes": (lambda v: top_box(SMALL["q"], SCALE, v), number(1, 2, whole=True)),
    "top_box base": (lambda v: top_box(SMALL["q"], SCALE, 1, v), BASE),
}
#: Options that are columns, scales, frames or names: what they hold is tried further down.
COLUMNS = {
    "frame",
    "items",
    "design",
    "by",
    "variables",
    "numerator",
    "denominator",
    "row",
    "col",
    "rows",
    "instrument",
    "scales",
    "choices",
    "group",
    "item",
    "population",
    "cells",
    "totals",
    "base",
    "margins",
    "weights",
    "sample",
    "answers",
    "scale",
    "table",
    "strata",
    "clusters",
    "population_size",
    "df1",
    "df2",
    "statistic",
    "p_value",
    "pearson",
    "mean_design_effect",
    "n",
    "n_missing",
    "name",
    "levels",
    "not_substantive",
    "values",
    "method",
    "targets",
    "iterations",
    "largest_gap",
    "trimmed",
    "notes",
    "calibration",
}
ODD = [
    None,
    "",
    " ",
    "Logit",
    "logit ",
    "beta",
    "wilson",
    "LOGIT",
    "adjust",
    "Adjust",
    "average",
    "certainty",
    "Raise",
    "drop",
    "yes",
    "Yes",
    "no",
    "x",
    "holm",
    "Holm",
    "b",
    "all",
    "All",
    "substantive",
    "respondents",
    "answered",
    "rake",
    "calibrate",
    "one_sample_z",
    "z",
    "0.95",
    "95%",
    "2",
    b"logit",
    True,
    False,
    np.True_,
    0,
    1,
    2,
    3,
    -1,
    95,
    0.5,
    0.95,
    1.0,
    2.0,
    1.5,
    -0.5,
    np.float64(0.9),
    np.float32(0.5),
    np.int64(2),
    np.int8(1),
    np.nan,
    np.inf,
    -np.inf,
    pd.NA,
    pd.NaT,
    1j,
    decimal.Decimal("0.9"),
    [],
    ["logit"],
    ["yes"],
    [0.95],
    (0.5,),
    {"yes"},
    {"level": 0.95},
    (2, 0.5),
    (0.5, 2, 3),
    ("a", "b"),
    (np.nan, 2),
    np.array(["logit"]),
    np.array([0.95]),
    pd.Series(["yes"]),
    pd.Timestamp("2021-05-01"),
    object,
    len,
    1000,
    10**20,
]


def published(rows, **options):
    instrument = pd.DataFrame(
        {"item_id": ["I"], "column": "q", "levels": "yes;rather", "answer": "at all"}
    )
    return published_shares(rows, instrument, ALIKE, **options)


@pytest.mark.parametrize("odd", ODD, ids=repr)
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_takes_what_it_allows_and_nothing_else(option, odd):
    call, takes = OPTIONS[option]
    if option.endswith("replicates") and takes(odd) and odd > 1000:
        return  # allowed, and long
    if (
        option == "any_of wanted"
        and isinstance(odd, list | np.ndarray | pd.Series)
        and "yes" in list(odd)
    ):
        takes = bool  # a list of answers is as good as one
        odd = ["yes"]
    if takes(odd):
        call(odd)
        return
    with pytest.raises(ValueError) as refused:
        call(odd)
    named = option.split()[-1]
    assert str(refused.value).startswith(
        (f"{named}:", "sample:", "counts:", "population:", "trim:", "margins:")
    )


def test_no_option_is_left_out():
    """The twin: each parameter of each public function is an option above or a column below."""
    tried = {option.split()[-1] for option in OPTIONS}
    for name in compendium.survey.__all__:
        part = getattr(compendium.survey, name)
        if callable(part):
            assert (
                not set(inspect.signature(part).parameters)
                - tried
                - COLUMNS
                - {"lower", "upper", "level_size", "collected", "estimates", "fixed", "limits"}
            )


# --- Columns: ways to hold the same labels and numbers ------------------------------------------

WORDS = ["a", "b", "c", "d"]
ORDERED = pd.CategoricalDtype(["z", "d", "c", "unused", "b", "a"], ordered=True)
DAYS = [datetime.date(2021, 5, day) for day in (1, 2, 3, 4)]


def renamed(values, kind=None):
    """Hold labels as other values, of some type."""
    return lambda column: pd.Series(
        column.map(dict(zip(WORDS, values, strict=True)))
        .astype(object)
        .where(column.notna(), None),
        index=column.index,
        name=column.name,
        dtype=kind or object,
    )


LABELS = {
    "text": (WORDS, lambda column: column.astype(object)),
    "str": (WORDS, lambda column: column.astype("str")),
    "string": (WORDS, lambda column: column.astype("string")),
    "category": (WORDS, lambda column: column.astype(pd.CategoricalDtype(WORDS))),
    "category with gaps": (WORDS, lambda column: column.astype(ORDERED)),
    "int": ([1, 2, 3, 10], renamed([1, 2, 3, 10])),
    "Int64": ([1, 2, 3, 10], renamed([1, 2, 3, 10], "Int64")),
    "float": ([1.0, 2.0, 3.0, 10.0], renamed([1.0, 2.0, 3.0, 10.0], float)),
    "category of numbers": (
        [4, 3, 2, 1],
        lambda c: renamed([4, 3, 2, 1], "Int64")(c).astype("category"),
    ),
    "digits": (list("1234"), renamed(list("1234"))),
    "time": (
        pd.to_datetime(DAYS).tolist(),
        renamed(pd.to_datetime(DAYS).tolist(), "datetime64[ns]"),
    ),
    "date": (DAYS, renamed(DAYS)),
    "period": (
        [pd.Period(day, "D") for day in DAYS],
        renamed([pd.Period(day, "D") for day in DAYS], "period[D]"),
    ),
}
NUMBERS = {
    "float": lambda column: column,
    "Float64": lambda column: column.astype("Float64"),
    "float32": lambda column: column.astype("float32"),
    "int": lambda column: column.astype(int) if column.notna().all() else column.astype("Int64"),
    "Int8": lambda column: column.astype("Int8"),
    "object": lambda column: column.astype(object).where(column.notna(), None),
    "decimal": lambda column: column.map(lambda n: None if pd.isna(n) else decimal.Decimal(int(n))),
    "sparse": lambda column: column.astype(pd.SparseDtype(float)),
}
BAD_LABELS = {
    "mixed": lambda column: column.astype(object).mask(column == "a", 1),
    "truth and numbers": renamed([True, 1, 0, 2]),
    "padded": lambda column: column.mask(column == "a", "a "),
    "empty": lambda column: column.mask(column == "a", ""),
    "blank": lambda column: column.mask(column == "a", "\N{NO-BREAK SPACE}"),
    "lists": lambda column: column.map(lambda label: [label]),
    "padded category": lambda column: column.mask(column == "a", " a").astype("category"),
}
BAD_NUMBERS = {
    "text": lambda column: column.astype(str),
    "one text": lambda column: column.astype(object).mask(column == column.max(), "1,5"),
    "time": lambda column: pd.to_datetime(column, unit="D"),
    "length": lambda column: pd.to_timedelta(column, unit="D"),
    "category": lambda column: column.astype("category"),
    "complex": lambda column: column.astype(complex),
    "infinite": lambda column: column.mask(column == column.max(), np.inf),
    "lists": lambda column: column.map(lambda n: [n]),
}
ROLES = {
    "item": LABELS,
    "group": LABELS,
    "h": LABELS,
    "psu": LABELS,
    "one": LABELS,
    "two": LABELS,
    "weight": NUMBERS,
    "size": NUMBERS,
    "x": NUMBERS,
    "y": NUMBERS,
}
DESIGN = SurveyDesign("weight", "h", "psu")


def totals(frame, names, column):
    known = names[column]
    return {label: 100.0 / len(known) for label in known.values()}


#: Calls that together read every column; `names` says how the labels of each column are held.
CALLS = {
    "tabulate": lambda f, names: tabulate(f, ["item", "two"], DESIGN, by="group"),
    "tabulate rows": lambda f, names: tabulate(
        f, "item", SurveyDesign("weight", "h"), by=["group", "two"]
    ),
    "tabulate counts": lambda f, names: tabulate(f, ["item", "one"], SurveyDesign(None), by="two"),
    "tabulate sizes": lambda f, names: tabulate(
        f, "item", SurveyDesign(None, "h", population_size="size")
    ),
    "study": lambda f, names: tabulate(
        f, "item", SurveyDesign(partial(equal_group_weights, group="group", empty="drop"))
    ),
    "bootstrap": lambda f, names: bootstrap(f, "item", DESIGN, by="group", replicates=5),
    "mean": lambda f, names: mean(f, ["x", "y"], DESIGN, by="group"),
    "ratio": lambda f, names: ratio(f, "x", "y", DESIGN, by="two"),
    "chisquare": lambda f, names: chisquare(f, "one", "two", DESIGN),
    "choices": lambda f, names: tabulate_choices(
        f, ["item"], DESIGN, by="group", chosen=names["item"]["a"]
    ),
    "rake": lambda f, names: (
        rake(f, {c: totals(f, names, c) for c in ("one", "two")}, base="weight").values
    ),
    "poststratify": lambda f, names: (
        poststratify(f, "group", totals(f, names, "group"), base="weight").values
    ),
    "equal groups": lambda f, names: equal_group_weights(f, "group", "item", empty="keep").values,
    "nonresponse": lambda f, names: nonresponse_weights(f, "group", pd.concat([f, f])).values,
    "compare": lambda f, names: (
        compare_shares(*(part["group"] for part in (f.iloc[4:], f)), "one_sample_z")
        if not pd.api.types.is_numeric_dtype(f["group"]) or f.index.dtype.kind == "i"
        else None
    ),
    "effect": lambda f, names: pd.Series(
        [design_effect(f["weight"]), effective_sample_size(f["weight"])]
    ),
    "trim": lambda f, names: trim(f["weight"], 0.5, 9).values,
    "export": lambda f, names: Weights(f["weight"].astype(float), "given").export(
        pd.Series(range(len(f)), f.index, name="id")
    )["weight"],
}


def survey(seed):
    """A small survey in plain text and floats; every label occurs twice in its column."""
    random = np.random.default_rng(seed)
    size = int(random.integers(16, 25))

    def labels(count, *more):
        extra = random.choice([*WORDS[:count], *more], size - 2 * count)
        return pd.Series(random.permutation([*WORDS[:count] * 2, *extra]), dtype=object)

    def figures():
        return random.integers(1, 7, size).astype(float)

    frame = pd.DataFrame(
        {"item": labels(3, ""), "group": labels(2), "one": labels(2), "two": labels(4)}
    )
    frame["item"] = frame["item"].replace("", None)
    frame = frame.assign(weight=figures(), x=figures(), y=figures(), size=100.0)
    frame["x"] = frame["x"].mask(random.random(size) < 0.2)
    frame["h"], frame["psu"] = (np.resize(WORDS[:number], size) for number in (2, 4))
    frame[["h", "psu"]] = frame[["h", "psu"]].astype(object)
    return frame.set_axis([f"R{row}" for row in range(size)]) if seed % 2 else frame


SEEDS = st.integers(0, 2**32)


def attempt(call, frame, names):
    """A result, or the sentence in its place; anything else is an error of the test."""
    try:
        return call(frame, names)
    except ValueError as refusal:
        return f"refused: {refusal}"


def comparable(found, names):
    """Bring a result to the labels of plain text, and its rows to one order."""
    if isinstance(found, ChiSquare):
        return pd.DataFrame([vars(found)])
    if not isinstance(found, pd.DataFrame):
        return found
    back = {
        (column, label): plain for column, known in names.items() for plain, label in known.items()
    }
    table = found.copy()
    if "item" in table and "level" in table:
        chosen = [key in back for key in zip(table["item"], table["level"], strict=True)]
        assert not table.loc[~np.array(chosen), "share"].any()
        table = table[chosen]
    any_label = {label: plain for (_, label), plain in back.items()}
    for name in {"group", "level"} & set(table):
        table[name] = [
            "/".join(str(any_label.get(part, part)) for part in label)
            if isinstance(label, tuple)
            else any_label.get(label, label)
            for label in table[name]
        ]
    keys = [name for name in ("item", "variable", "choice", "group", "level") if name in table]
    return table.sort_values(keys).reset_index(drop=True) if keys else table


@pytest.mark.parametrize("name", CALLS)
@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_a_column_is_read_alike_however_it_is_held(name, seed, data):
    call, frame = CALLS[name], survey(seed)
    plain = {column: dict(zip(WORDS, WORDS, strict=True)) for column in frame}
    plain = {
        column: {k: v for k, v in known.items() if frame[column].eq(k).any()}
        for column, known in plain.items()
    }
    wanted = comparable(attempt(call, frame, plain), plain)
    held, names = frame.copy(), dict(plain)
    one_way = data.draw(st.sampled_from(sorted(LABELS)))
    for column, ways in ROLES.items():
        way = data.draw(st.sampled_from(sorted(ways))) if ways is NUMBERS else one_way
        if ways is LABELS:
            values, hold = LABELS[way]
            names[column] = {k: dict(zip(WORDS, values, strict=True))[k] for k in plain[column]}
            held[column] = hold(frame[column])
        else:
            held[column] = NUMBERS[way](frame[column])
    found = comparable(attempt(call, held, names), names)
    if isinstance(wanted, str):
        assert isinstance(found, str)
        assert found.split(":")[1] == wanted.split(":")[1]
    elif isinstance(wanted, pd.Series):
        pd.testing.assert_series_equal(found, wanted, rtol=1e-9, check_names=False)
    elif wanted is not None and found is not None and not isinstance(found, str):
        ignored = ["replicates", "se", "lower", "upper"] if name == "bootstrap" else []
        order = [column for column in wanted if column not in ignored]
        pd.testing.assert_frame_equal(
            found[order], wanted[order], rtol=1e-8, atol=1e-12, check_dtype=False
        )
    elif isinstance(found, str):
        assert name == "compare"
        assert "may be counts or labels" in found


READS = {
    "item": {
        "tabulate",
        "tabulate rows",
        "tabulate counts",
        "tabulate sizes",
        "study",
        "bootstrap",
        "choices",
        "equal groups",
    },
    "group": {
        "tabulate",
        "tabulate rows",
        "study",
        "bootstrap",
        "mean",
        "choices",
        "poststratify",
        "equal groups",
        "nonresponse",
        "compare",
    },
    "h": {
        "tabulate",
        "tabulate rows",
        "tabulate sizes",
        "bootstrap",
        "mean",
        "ratio",
        "chisquare",
        "choices",
    },
    "psu": {"tabulate", "bootstrap", "mean", "ratio", "chisquare", "choices"},
    "one": {"tabulate counts", "chisquare", "rake"},
    "two": {"tabulate", "tabulate rows", "tabulate counts", "ratio", "chisquare", "rake"},
    "weight": {
        "tabulate",
        "tabulate rows",
        "bootstrap",
        "mean",
        "ratio",
        "chisquare",
        "choices",
        "rake",
        "poststratify",
        "effect",
        "trim",
    },
    "size": {"tabulate sizes"},
    "x": {"mean", "ratio"},
    "y": {"mean", "ratio"},
}


@settings(max_examples=80, deadline=None)
@given(seed=SEEDS, data=st.data())
def test_a_column_that_cannot_be_read_is_a_sentence_that_names_it(seed, data):
    frame = survey(seed)
    column = data.draw(st.sampled_from(sorted(ROLES)))
    ways = BAD_LABELS if ROLES[column] is LABELS else BAD_NUMBERS
    way = data.draw(st.sampled_from(sorted(ways)))
    name = data.draw(st.sampled_from(sorted(READS[column])))
    broken = frame.assign(**{column: ways[way](frame[column])})
    plain = {each: {k: k for k in WORDS if frame[each].eq(k).any()} for each in frame}
    with pytest.raises(ValueError, match=repr(column)):
        CALLS[name](broken, plain)


@pytest.mark.parametrize("way", ["int", "Int64", "float", "time", "date", "period", "padded"])
def test_answers_that_are_not_the_words_of_a_scale_are_refused(way):
    answers = pd.Series(["a", "b", None, "a"], name="q", dtype=object)
    answers = (LABELS | {k: (None, v) for k, v in BAD_LABELS.items()})[way][1](answers)
    scale = Scale("s", ("a", "b"))
    calls = [
        lambda: encode_answers(answers, scale),
        lambda: encode_items(answers.to_frame(), {"q": scale}),
        lambda: any_of(answers, scale, "a"),
        lambda: top_box(answers, scale, 1),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=r"column 'q', row 0: .* is not on the scale 's'"):
            call()


@pytest.mark.parametrize("odd", [None, "agreement", ["no", "yes"], {"no": 1}], ids=repr)
def test_what_is_no_scale_or_no_column_is_refused(odd):
    for call in (
        lambda: encode_answers(SMALL["q"], odd),
        lambda: any_of(SMALL["q"], odd, "yes"),
        lambda: top_box(SMALL["q"], odd),
        lambda: encode_items(SMALL, {"q": odd}),
    ):
        with pytest.raises(ValueError, match=r"scale: .* is no Scale"):
            call()
    with pytest.raises(ValueError, match=r"answers: .* is no Series|is not on the scale"):
        encode_answers(odd, SCALE)
    for call in (
        lambda: tabulate(odd, "q", ALIKE),
        lambda: rake(odd, MARGINS),
        lambda: read_scales(odd),
        lambda: encode_items(odd, {"q": SCALE}),
        lambda: published(odd),
        lambda: equal_group_weights(odd, "d"),
        lambda: design_effect(odd),
        lambda: trim(odd, 0, 1),
    ):
        with pytest.raises(ValueError, match=r"DataFrame|neither a Series nor Weights"):
            call()
