"""One style sheet, one script and one icon font for all pages, cut down to what the book uses.

The theme and the extensions bring styles for everything that a site may hold, scripts for more, and
two thousand icons: a megabyte for each page. A rule of style stays when every class, id and element
that it asks for stands in a page or in a script; an icon when a rule that stays shows it. What no
page asks for any more is not shipped.
"""

import re
from collections.abc import Collection
from pathlib import Path

from compendium.files import sha256

STATIC, STYLE, SCRIPT = "_static", "book.css", "book.js"
ICONS = "fonts/icons.woff"
#: The index of the search stays apart, as one page asks for it; some scripts of the theme nothing
#: needs.
APART = "search_index.js"
UNUSED = {"bootstrap", "togglebutton", "fontawesome", "design-tabs", "sphinx_highlight"}
SHEET = re.compile(
    r'\s*<link\b(?=[^>]*rel="stylesheet")[^>]*href="(?:\.\./)*_static/([^"?]+)[^"]*"[^>]*>'
)
SCRIPTS = re.compile(r'\s*<script\b[^>]*src="(?:\.\./)*_static/([^"?]+)[^"]*"[^>]*></script>')
#: A rule: what stands before its braces, and what within, where there may be rules again.
PIECE = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^{}"'])"""
RULE = re.compile(rf"({PIECE}*)\{{((?:{PIECE}|\{{{PIECE}*\}})*)\}}")
#: What stands in brackets, and selectors, which commas part, but for those within brackets.
BRACKETS = r"(?:\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|\[[^\]]*\])"
SELECTOR = re.compile(rf"(?:{BRACKETS}|[^,(\[])+")
NAME = re.compile(r"[.#]?(?:\\.|[\w-])+")
VARIABLE = re.compile(r"(?<=[{;])\s*(--[\w-]+)\s*:(?:\"[^\"]*\"|'[^']*'|[^;{}\"'])*(?:;|(?=\}))")
#: What a script does without: indentation, and remarks that begin a line, but for licences.
REMARK = re.compile(r"(?m)^[ \t]*(?:(?://.*|/\*(?!!)(?:[^*]|\*(?!/))*\*/)\n?)?")
NESTING = ("@media", "@supports", "@layer", "@container")


def bundle(folder: Path, pages: list[Path]) -> None:
    """Write style, script and icons of a finished site, and have its pages ask for these only.

    A page that asks for the bundle already is brought to its present version.
    """
    static = folder / STATIC
    if not (static / "basic.css").exists():  # no page was made again: all ask for the bundle
        return
    texts = {page: html for page in pages if SHEET.search(html := _read(page))}  # others lead on
    whole = max(texts.values(), key=lambda html: len(SHEET.findall(html)))
    parts = (_read(static / name) + "\n;" for name in _needed(SCRIPTS, whole))
    script = REMARK.sub("", "".join(parts))
    used = set().union(*map(names, texts.values())) | set(re.findall(r"[\w-]+", script))
    sheets = ["basic.css", *_needed(SHEET, whole)]  # which the theme's imports
    style = "".join(cut(_read(static / sheet), used) for sheet in sheets)
    style = without_idle_variables(style, script)
    _draw_icons(static, style)
    (static / STYLE).write_text(style, encoding="utf-8")
    (static / SCRIPT).write_text(script, encoding="utf-8")
    versions = {name: sha256(static / name)[:8] for name in (STYLE, SCRIPT)}
    for page, html in texts.items():
        up = "../" * (len(page.relative_to(folder).parts) - 1)
        page.write_text(_ask(html, up, versions), encoding="utf-8")


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _needed(kind: re.Pattern[str], html: str) -> list[str]:
    """Return the files of a kind that a page asks for, in order, those only of the bundle."""
    found = dict.fromkeys(kind.findall(html))
    return [name for name in found if name != APART and Path(name).stem not in UNUSED]


def _ask(html: str, up: str, versions: dict[str, str]) -> str:
    """Have a page ask for the bundle instead of its parts, or for its present version."""
    html = SCRIPTS.sub(lambda match: match[0] if match[1] == APART else "", SHEET.sub("", html))
    style, script = (f"{up}{STATIC}/{name}?v={versions[name]}" for name in (STYLE, SCRIPT))
    link = f'<link rel="stylesheet" href="{style}" /><script defer src="{script}"></script>'
    return re.sub(r"\s*</head>", lambda _: f"\n{link}</head>", html, count=1)


def names(html: str) -> set[str]:
    """Return the elements, classes and ids of a page.

    Examples
    --------
    >>> sorted(names('<p class="a b" id="c">x</p>'))
    ['a', 'b', 'c', 'p']
    """
    values = re.findall(r'\b(?:class|id)="([^"]*)"', html)
    return set(re.findall(r"<([a-z][\w-]*)", html)) | {word for v in values for word in v.split()}


def cut(css: str, used: Collection[str]) -> str:
    """Return the rules of a style sheet that apply where only some names are used.

    Examples
    --------
    >>> cut("a, .gone {top: 0} @media print {.gone {top: 0} .b:hover {left: 0}}", {"a", "b"})
    'a{top: 0}@media print{.b:hover{left: 0}}'
    """
    kept = []
    for before, body in RULE.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.S)):
        head = before.rpartition(";")[2].strip()  # before a semicolon: @charset, @import
        if head.startswith(NESTING):
            kept.append((head, cut(body, used)))
        elif head.startswith("@font-face"):
            kept.append((head, _own_font(body)))
        elif head.startswith("@"):
            kept.append((head, body))
        else:
            selectors = (selector.strip() for selector in SELECTOR.findall(head))
            kept.append((",".join(one for one in selectors if _applies(one, used)), body))
    return "".join(f"{head}{{{' '.join(body.split())}}}" for head, body in kept if head and body)


def without_idle_variables(css: str, script: str) -> str:
    """Return a style sheet without the variables that neither it nor a script asks for."""
    used = {*re.findall(r"var\(\s*(--[\w-]+)", css), *re.findall(r"--[\w-]+", script)}
    left = VARIABLE.sub(lambda match: match[0] if match[1] in used else "", css)
    return left if left == css else without_idle_variables(left, script)


def _applies(selector: str, used: Collection[str]) -> bool:
    """Say whether all that a selector asks for is used; alternatives in brackets are not judged."""
    plain = re.sub(r"::?[\w-]+", " ", re.sub(BRACKETS, "", selector))
    return all(re.sub(r"^[.#]|\\", "", name) in used for name in NAME.findall(plain))


def _own_font(body: str) -> str:
    """Have the one icon font in use come from its cut-down file; none of the others is used."""
    if "fa-solid-900" in body:
        return re.sub(r"src:[^;}]*", f"src:url({ICONS})", body)
    return "" if "vendor/" in body else body


def _draw_icons(static: Path, style: str) -> None:
    """Write a font with only the icons that the style sheet shows."""
    from fontTools import subset

    (font_file,) = static.rglob("fa-solid-900.ttf")
    options = subset.Options(flavor="woff", notdef_outline=True)
    font = subset.load_font(str(font_file), options)
    subsetter = subset.Subsetter(options)
    codes = {int(code, 16) for code in re.findall(r"\\([ef]\w{3})\b", style)}
    subsetter.populate(
        unicodes=codes | {ord(icon) for icon in re.findall("[\ue000-\uf8ff]", style)}
    )
    subsetter.subset(font)
    subset.save_font(font, str(static / ICONS), options)


def remove_unused(folder: Path) -> None:
    """Take away the files that nothing of a finished site names."""
    static = folder / STATIC
    pages = [page for page in folder.rglob("*.html") if STATIC not in page.parts]
    texts = [_read(path) for path in (*pages, static / STYLE, static / SCRIPT)]
    named = set(re.findall(r"[\w.-]+\.\w+", "\n".join(texts)))
    for path in sorted(static.rglob("*"), reverse=True):
        if path.is_file() and path.name not in named | {STYLE, SCRIPT}:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
