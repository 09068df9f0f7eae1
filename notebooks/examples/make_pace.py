"""Write pace_ada.qdpx and pace_ben.qdpx: a small coded study, all of our own invention.

Six teachers of two invented schools say how their pupils work at their own pace; Ada and Ben each
code all of it, selecting passages by themselves. Run from anywhere: python make_pace.py. The
notebook 53_own_coding.ipynb starts from these two files.
"""

from pathlib import Path

from qda_exchange import CodedProject, write_qdpx
from qda_exchange.model import CODE_COLUMNS, COLUMNS, SOURCE_COLUMNS, VARIABLE_COLUMNS, table

HERE = Path(__file__).parent

PEOPLE = {
    "Ines": ("Hill School", "teacher"),
    "Jonas": ("Hill School", "teacher"),
    "Lea": ("Hill School", "coordinator"),
    "Marek": ("River School", "teacher"),
    "Samir": ("River School", "teacher"),
    "Tove": ("River School", "coordinator"),
}

TEXTS = {
    "Ines": "Everyone in my room has a plan for the week. Some finish it by Wednesday, others take "
    "until Friday. When somebody is ready, they start the next unit and nobody waits for the rest. "
    "If a test goes wrong, we sit together and they take it again. What I lack is time: thirty "
    "plans are thirty conversations.",
    "Jonas": "We say own pace, but the unit ends for all on the same day. Whoever is behind gets "
    "an extra hour in the afternoon. Whoever is ahead reads. I would let them go on, only there is "
    "no material for the next unit yet. So in truth we move together.",
    "Lea": "My colleagues differ a lot. In two rooms pupils choose when to take a test, in the "
    "others the calendar decides. The system shows me every week who has fallen behind, and then "
    "somebody calls them in. I wish it also showed who is bored. Writing material for three levels "
    "eats our evenings.",
    "Marek": "A pupil may take a test as soon as she feels ready. If she fails, she works through "
    "the part she missed and tries again. Two of mine are already doing next year's algebra. It "
    "took us two summers to write the units, and now they carry us.",
    "Samir": "With the younger ones I keep the class together, they like to begin and to end with "
    "each other. For reading it is different: there each child has a shelf and takes the next book "
    "when the last is done. Whoever struggles reads with me at noon. I do not find the time to "
    "look at every shelf.",
    "Tove": "We threw out the calendar of tests, and pupils ask for one when they are ready. The "
    "quick ones move on to the next level, that was the easy part. Harder is to notice in time who "
    "needs help. We now meet every Monday and go through the names. There are enough units, they "
    "are just not all good.",
}

CODES = {
    "Pace": {
        "own_pace": "Pupils decide when they go on or are tested.",
        "class_pace": "The class moves together; the calendar decides.",
    },
    "Help": {
        "catching_up": "Extra time or help for those who are behind.",
        "moving_ahead": "Those who are ready start what comes next.",
    },
    "Conditions": {
        "time": "Teachers have, or lack, the time it takes.",
        "materials": "Units and materials are there, or missing.",
    },
}

#: Who selected which words, and gave them which codes.
ADA = [
    ("Ines", "Some finish it by Wednesday, others take until Friday.", "own_pace"),
    (
        "Ines",
        "When somebody is ready, they start the next unit and nobody waits for the rest.",
        "moving_ahead",
    ),
    ("Ines", "If a test goes wrong, we sit together and they take it again.", "catching_up"),
    ("Ines", "What I lack is time: thirty plans are thirty conversations.", "time"),
    ("Jonas", "We say own pace, but the unit ends for all on the same day.", "class_pace"),
    ("Jonas", "Whoever is behind gets an extra hour in the afternoon.", "catching_up"),
    ("Jonas", "only there is no material for the next unit yet.", "materials"),
    ("Jonas", "So in truth we move together.", "class_pace"),
    ("Lea", "In two rooms pupils choose when to take a test,", "own_pace"),
    ("Lea", "in the others the calendar decides.", "class_pace"),
    (
        "Lea",
        "The system shows me every week who has fallen behind, and then somebody calls them in.",
        "catching_up",
    ),
    ("Lea", "Writing material for three levels eats our evenings.", "materials time"),
    ("Marek", "A pupil may take a test as soon as she feels ready.", "own_pace"),
    (
        "Marek",
        "If she fails, she works through the part she missed and tries again.",
        "catching_up",
    ),
    ("Marek", "Two of mine are already doing next year's algebra.", "moving_ahead"),
    ("Marek", "It took us two summers to write the units, and now they carry us.", "materials"),
    ("Samir", "With the younger ones I keep the class together,", "class_pace"),
    (
        "Samir",
        "there each child has a shelf and takes the next book when the last is done.",
        "own_pace",
    ),
    ("Samir", "Whoever struggles reads with me at noon.", "catching_up"),
    ("Samir", "I do not find the time to look at every shelf.", "time"),
    (
        "Tove",
        "We threw out the calendar of tests, and pupils ask for one when they are ready.",
        "own_pace",
    ),
    ("Tove", "The quick ones move on to the next level,", "moving_ahead"),
    ("Tove", "There are enough units, they are just not all good.", "materials"),
]
BEN = [
    ("Ines", "Some finish it by Wednesday, others take until Friday", "own_pace"),
    (
        "Ines",
        "When somebody is ready, they start the next unit and nobody waits for the rest",
        "moving_ahead own_pace",
    ),
    ("Ines", "If a test goes wrong, we sit together and they take it again", "catching_up"),
    ("Ines", "What I lack is time", "time"),
    ("Jonas", "the unit ends for all on the same day", "class_pace"),
    ("Jonas", "Whoever is behind gets an extra hour in the afternoon", "catching_up"),
    (
        "Jonas",
        "I would let them go on, only there is no material for the next unit yet",
        "materials",
    ),
    ("Jonas", "in truth we move together", "class_pace"),
    ("Lea", "In two rooms pupils choose when to take a test", "own_pace"),
    ("Lea", "in the others the calendar decides", "class_pace"),
    ("Lea", "who has fallen behind, and then somebody calls them in", "catching_up"),
    ("Lea", "Writing material for three levels eats our evenings", "materials"),
    ("Marek", "A pupil may take a test as soon as she feels ready", "own_pace"),
    ("Marek", "If she fails, she works through the part she missed and tries again", "catching_up"),
    ("Marek", "Two of mine are already doing next year's algebra", "moving_ahead own_pace"),
    ("Marek", "It took us two summers to write the units", "time"),
    (
        "Samir",
        "I keep the class together, they like to begin and to end with each other",
        "class_pace",
    ),
    ("Samir", "each child has a shelf and takes the next book when the last is done", "own_pace"),
    ("Samir", "Whoever struggles reads with me at noon", "catching_up"),
    ("Samir", "I do not find the time to look at every shelf", "time"),
    ("Tove", "pupils ask for one when they are ready", "own_pace"),
    ("Tove", "The quick ones move on to the next level", "moving_ahead"),
    ("Tove", "Harder is to notice in time who needs help", "catching_up"),
    ("Tove", "There are enough units", "materials"),
]


def project(coder: str, selected: list[tuple[str, str, str]]) -> CodedProject:
    """Return the study as one coder has coded it."""
    rows = []
    for person, words, codes in selected:
        start = TEXTS[person].index(words)
        school, role = PEOPLE[person]
        place = {"source": person, "case": person, "site": school, "role": role, "coder": coder}
        place |= {"start": start, "end": start + len(words), "unit": f"{person}:{start}"}
        rows += [{**place, "code": code} for code in codes.split()]
    codes = []
    for folder, leaves in CODES.items():
        codes.append({"code": folder, "codable": False})
        codes += [
            {"code": code, "parent": folder, "codable": True, "description": f"Definition: {text}"}
            for code, text in leaves.items()
        ]
    texts = [{"source": name, "kind": "text", "text": text} for name, text in TEXTS.items()]
    facts = [
        {"of": "case", "name": name, "variable": variable, "type": "Text", "value": value}
        for name, values in PEOPLE.items()
        for variable, value in zip(("site", "role"), values, strict=True)
    ]
    return CodedProject(
        table(rows, COLUMNS),
        codes=table(codes, CODE_COLUMNS),
        sources=table(texts, SOURCE_COLUMNS),
        variables=table(facts, VARIABLE_COLUMNS),
    )


def files() -> dict[str, bytes]:
    """Return what is written, by name."""
    return {
        f"pace_{coder.lower()}.qdpx": write_qdpx(project(coder, selected), "Own pace (invented)")
        for coder, selected in {"Ada": ADA, "Ben": BEN}.items()
    }


def main() -> None:
    """Write the files beside this script."""
    for name, content in files().items():
        (HERE / name).write_bytes(content)


if __name__ == "__main__":
    main()
