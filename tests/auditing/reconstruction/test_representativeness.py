import numpy as np
import pytest

from auditing.reconstruction.representativeness import margin_problems


@pytest.fixture
def printed(tables):
    return tables["epic_table3_representativeness"]


def test_a_row_of_whole_numbers_is_read_as_whole_percents(printed):
    race = margin_problems(printed, 611, 444)["Race / Ethnicity"]
    units = dict(zip(race.categories, race.unit.tolist(), strict=True))
    assert units["White"] == 1.0
    assert units["Unknown"] == 0.1  # 0.2, 0, -0.2: the 0 stands for 0.0


def test_a_difference_of_printed_percentages_adds_nothing(printed):
    race = margin_problems(printed, 611, 444)["Race / Ethnicity"]
    widths = dict(zip(race.categories, race.half_width[:, 2].tolist(), strict=True))
    assert widths["Asian"] == 1.0  # 0.5 - 0.4 = 0.1
    assert widths["Black/African American"] == 0.5  # 0.2 - 0.2 is not 0.1


def test_who_is_in_no_printed_category(printed):
    rests = {g: (p.rest, p.rest_name) for g, p in margin_problems(printed, 611, 444).items()}
    assert rests == {
        "Gender": ("complement", "Not female"),
        "Teacher Department": ("unlisted", "Not stated"),
        "Race / Ethnicity": ("none", "Not stated"),
        "Teacher Grade Level": ("none", "Not stated"),
    }


def test_excess_counts_units_beyond_rounding(printed):
    gender = margin_problems(printed, 611, 444)["Gender"]
    # 451/611 = 73.813 %: 0.213 from 73.6, 0.163 beyond 0.05, so 1.63 units.
    excess = gender.excess(0, np.array([450, 451]), np.array([334, 334]))
    assert excess[0].tolist() == [0, 0, 0]
    assert excess[1, 0] == pytest.approx((45100 / 611 - 73.6 - 0.05) / 0.1)


def test_exchanged_columns_change_places_and_the_difference_its_sign(printed):
    grade = "Teacher Grade Level"
    plain = margin_problems(printed, 611, 444)[grade]
    other = margin_problems(printed, 611, 444, [grade])[grade]
    assert other.printed[-1].tolist() == [3.1, 0.9, -2.2]
    assert np.array_equal(other.exchange().printed, plain.printed)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace({"Gender": "Sex"}), "'Sex' is unknown"),
        (lambda t: t.replace({"Math": "ELA"}), "row 3: Teacher Department / ELA is printed twice"),
        (lambda t: t.replace({73.6: 736.0}), r"population_percent, row 0 \(Female\): 736.0"),
        (lambda t: t.replace({75.2: np.nan}), r"sample_percent, row 0 \(Female\): nan"),
    ],
)
def test_impossible_tables_are_refused(printed, change, message):
    with pytest.raises(ValueError, match=message):
        margin_problems(change(printed), 611, 444)


def test_an_unknown_group_cannot_be_exchanged(printed):
    with pytest.raises(ValueError, match="'Grade' is unknown"):
        margin_problems(printed, 611, 444, ["Grade"])
