"""Ask libxml2 which changes to a valid project break the published REFI-QDA schema.

Run in an environment of its own: `pip install lxml==6.1.3`, then `python make_verdicts.py`. Reads
`base.qde` and the package's `Project.xsd`, writes `verdicts.csv`: a change (first occurrence of
`old` becomes `new`) and whether the changed document is valid.
"""

import csv
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).parent
SCHEMA = HERE.parents[2] / "src/qda_exchange/refi/schema/Project.xsd"
GUID = "00000000-0000-0000-0000-000000000070"
CHANGES = {
    "nothing": ("<Users>", "<Users>"),
    "comment between elements": ("<Users>", "<!-- people --><Users>"),
    "blanks around a value": ('isCodable="1"', 'isCodable=" 1 "'),
    "capital letters in an identifier": ("00000000000b", "00000000000B"),
    "list that is empty": ("<Users>", "<Users/><Users>"),
    "no name of the project": (' name="every element"', ""),
    "unknown attribute": (' id="A"', ' id="A" mail="a"'),
    "unknown element": ("<Users>", "<People/><Users>"),
    "no description": ("<Description>A folder</Description><NoteRef", "<NoteRef"),
    "description after a note": (
        f'<Description>A folder</Description><NoteRef targetGUID="{GUID}"/>',
        f'<NoteRef targetGUID="{GUID}"/><Description>A folder</Description>',
    ),
    "description twice": ("<Description>A folder</Description>", "<Description/><Description/>"),
    "code without a name": (' name="slow"', ""),
    "code without isCodable": (' isCodable="1"', ""),
    "truth in words": ('isCodable="1"', 'isCodable="yes"'),
    "truth in capitals": ('isCodable="true"', 'isCodable="True"'),
    "colour by name": ('color="#aBc"', 'color="red"'),
    "colour of four digits": ('color="#aBc"', 'color="#abcd"'),
    "empty colour": ('color="#aBc"', 'color=""'),
    "identifier too short": ('guid="00000000-0000-0000-0000-000000000012"', 'guid="12"'),
    "identifier with one brace": (
        'guid="00000000-0000-0000-0000-000000000012"',
        'guid="{00000000-0000-0000-0000-000000000012"',
    ),
    "identifier in braces": (
        'guid="00000000-0000-0000-0000-000000000012"',
        'guid="{00000000-0000-0000-0000-000000000012}"',
    ),
    "no identifier": ('guid="00000000-0000-0000-0000-000000000012" ', ""),
    "codes without a code": (
        "<CodeBook><Codes>",
        "<CodeBook><Codes/></CodeBook><CodeBook><Codes>",
    ),
    "codebook without codes": ("<CodeBook>", "<CodeBook/><CodeBook>"),
    "variable of unknown type": ('"Integer"', '"Number"'),
    "variable without a type": (' typeOfVariable="Integer"', ""),
    "value without its variable": (
        '<VariableRef targetGUID="00000000-0000-0000-0000-000000000020"/><TextValue>Lehigh',
        "<TextValue>Lehigh",
    ),
    "two values": (
        "<TextValue>Lehigh</TextValue>",
        "<TextValue>L</TextValue><TextValue>L</TextValue>",
    ),
    "two values of two types": (
        "<IntegerValue>41</IntegerValue>",
        "<IntegerValue>41</IntegerValue><TextValue>41</TextValue>",
    ),
    "integer with a fraction": ("<IntegerValue>41", "<IntegerValue>41.0"),
    "integer with a sign": ("<IntegerValue>41", "<IntegerValue>+41"),
    "empty integer": ("<IntegerValue>41</IntegerValue>", "<IntegerValue/>"),
    "number with an exponent": ("<FloatValue>1.5", "<FloatValue>1e5"),
    "number ending in a point": ("<FloatValue>1.5", "<FloatValue>1."),
    "number of a point": ("<FloatValue>1.5", "<FloatValue>."),
    "truth value in words": ("<BooleanValue>true", "<BooleanValue>wahr"),
    "month thirteen": ("<DateValue>2024-02-29", "<DateValue>2024-13-29"),
    "date with a zone": ("<DateValue>2024-02-29", "<DateValue>2024-02-29+14:00"),
    "date with a zone too far": ("<DateValue>2024-02-29", "<DateValue>2024-02-29+15:00"),
    "date written with points": ("<DateValue>2024-02-29", "<DateValue>29.02.2024"),
    "year of two digits": ("<DateValue>2024-02-29", "<DateValue>24-02-29"),
    "time without a date": (">2024-02-29T00:00:00Z<", ">00:00:00Z<"),
    "time with a blank": (">2024-02-29T00:00:00Z<", ">2024-02-29 00:00:00Z<"),
    "hour twenty-four": (">2024-02-29T00:00:00Z<", ">2024-02-29T24:00:00Z<"),
    "hour twenty-five": (">2024-02-29T00:00:00Z<", ">2024-02-29T25:00:00Z<"),
    "time with a fraction": (">2024-02-29T00:00:00Z<", ">2024-02-29T00:00:00.123<"),
    "case without a name": (' name="Lola"', ""),
    "reference without a target": (
        '<SelectionRef targetGUID="00000000-0000-0000-0000-000000000050"/>',
        "<SelectionRef/>",
    ),
    "passage before source": (
        '<SourceRef targetGUID="00000000-0000-0000-0000-000000000042"/>',
        '<SelectionRef targetGUID="00000000-0000-0000-0000-000000000050"/>'
        '<SourceRef targetGUID="00000000-0000-0000-0000-000000000042"/>',
    ),
    "start missing": (' startPosition="0"', ""),
    "start that is no number": ('startPosition="0"', 'startPosition="0.0"'),
    "negative start": ('startPosition="0"', 'startPosition="-1"'),
    "coding without a code": (
        '<CodeRef targetGUID="00000000-0000-0000-0000-000000000011"/><NoteRef',
        "<NoteRef",
    ),
    "coding with two codes": (
        '<CodeRef targetGUID="00000000-0000-0000-0000-000000000011"/><NoteRef',
        '<CodeRef targetGUID="00000000-0000-0000-0000-000000000011"/>'
        '<CodeRef targetGUID="00000000-0000-0000-0000-000000000012"/><NoteRef',
    ),
    "text between elements": ("</Users>", "Ada</Users>"),
    "text in an empty element": ('id="A"/>', 'id="A">Ada</User>'),
    "element in a text": ("<Description>why?", "<Description><b>why?</b>"),
    "sources mixed": ("<PDFSource ", '<TextSource guid="' + GUID + '"/><PDFSource '),
    "empty sources": ("<Sources>", "<Sources/><Sources>"),
    "sets without a set": ("<Sets>", "<Sets/><Sets>"),
    "page missing": (' page="3"', ""),
    "shape unknown": ('shape="Star"', 'shape="Moon"'),
    "line style unknown": ('lineStyle="dashed"', 'lineStyle="wavy"'),
    "direction of a link unknown": ('direction="OneWay"', 'direction="TwoWay"'),
    "no namespace": (' xmlns="urn:QDA-XML:project:1.0"', ""),
    "other namespace": ("urn:QDA-XML:project:1.0", "urn:QDA-XML:project:0:10"),
    "prefix": ("<Project xmlns=", '<q:Project xmlns:q="urn:QDA-XML:project:1.0" xmlns='),
}


def main() -> None:
    etree = import_module("lxml.etree")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    base = (HERE / "base.qde").read_text(encoding="utf-8")
    with (HERE / "verdicts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["change", "old", "new", "valid"])
        for name, (old, new) in CHANGES.items():
            assert old in base, name
            document = base.replace(old, new, 1)
            if name == "prefix":
                document = document.replace("</Project>", "</q:Project>")
            valid = schema.validate(etree.fromstring(document.encode()))
            writer.writerow([name, old, new, str(valid).lower()])


if __name__ == "__main__":
    main()
