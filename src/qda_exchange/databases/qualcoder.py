"""QualCoder's project: `data.qda` in the folder that QualCoder shows as one project."""

from qda_exchange.collecting import Collector
from qda_exchange.databases.safe import Database, keys_of, whole
from qda_exchange.databases.spans import LOST, Spans
from qda_exchange.report import DROPPED

KINDS = {"images": "picture", "audio": "audio", "video": "video"}


def read(database: Database, into: Collector) -> str:
    """Take in codes, files, cases, attributes and all three sorts of codings."""
    spans, codes = Spans(into), _codes(database, into)
    files = database.names("source", "id", "name", "fulltext", "mediapath")
    for key, (name, text, path) in files.items():
        folder = (path or "").lstrip("/").partition("/")[0].partition(":")[0]
        spans.add_source(key, name, text or None, KINDS.get(folder, "text"))
    for key, name in database.rows("cases", "caseid", "name"):
        spans.add_case(key, name)
    for link in database.rows("case_text", "caseid", "fid", "pos0", "pos1"):
        spans.link(*link)
    for kind, *value in database.rows("attribute", "attr_type", "id", "name", "value"):
        spans.add_value("case" if kind == "case" else "source", *value)
    texts = ("fid", "pos0", "pos1", "seltext", "cid", "owner")
    spans.apply(database.rows("code_text", *texts), codes)
    media = ("id", "pos0", "pos1", "nothing", "cid", "owner")
    spans.apply(database.rows("code_av", *media), codes)
    boxes = ("imid", "id", "x1", "y1", "width", "height", "cid", "owner", "pdf_page")
    for imid, source, *box, code, coder, page in database.rows("code_image", *boxes):
        if source in spans.sources and code in codes:
            place = ",".join(str(whole(one)) for one in box)
            place = place if page is None else f"page {page} {place}"
            label = f"{into.sources[spans.sources[source]].name}:{place}"
            into.apply(spans.passage(source, label=label), codes[code], coder)
        else:
            into.report.add(DROPPED, LOST, f"imid {imid}")
    spans.drop("memo on a coding", database.rows("code_text", "fid", "memo"))
    spans.drop("annotation of a text", database.rows("annotation", "fid", "memo"))
    spans.drop("journal", database.rows("journal", "name", "jentry"))
    return "QualCoder"


def _codes(database: Database, into: Collector) -> dict[object, int]:
    """Take in categories and codes, and return each code's number by key."""
    above = database.names("code_cat", "catid", "name", "supercatid", "memo")
    listed = database.names("code_name", "cid", "name", "supercid", "catid", "memo", "color")
    paths = {
        key: [above[one][0] or f"category {one}" for one in keys_of(key, above, 1)] for key in above
    }
    for key, (_, _, memo) in above.items():
        into.describe(into.code(paths[key], codable=False), memo)
    codes = {}
    for key, (_, _, _, memo, colour) in listed.items():
        keys = keys_of(key, listed, 1)
        path = [*paths.get(listed[keys[0]][2], []), *(listed[x][0] or f"code {x}" for x in keys)]
        codes[key] = into.code(path)
        into.describe(codes[key], memo, colour)
    return codes
