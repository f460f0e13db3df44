"""Word layouts made at random from the parts that real letterheads have, as three programs save
them. The same number always makes the same layout."""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass, field

from PIL import Image

from letters.document import SLOTS
from tests.builders import unzipped, zipped
from tests.render.docx.layouts import SHIPPED

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
STRICT = "http://purl.oclc.org/ooxml"
SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": f"{OFFICE}/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
}
DECLARED = " ".join(f'xmlns:{prefix}="{space}"' for prefix, space in SPACES.items())
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
PROGRAMS = ("Word", "Word for the web", "LibreOffice")
TEXTS = (
    "Inspectorate of Fens and Marshes", "1 Example Street, Saltmarsh EX1 1EX", "Our ref: AB/12",
    "Telephone 020 7946 0000", "letters@fens.example", "An independent body – since 1856",
    "Llythyrau yn Gymraeg", "Chief Inspector: Bo Finch OBE", "50% recycled paper & ink",
    "Please quote our reference", "Registered in England and Wales", "Promoting improvement",
)  # fmt: skip


def picture(kind: str) -> bytes:
    """A small picture of a kind that Word files hold."""
    if kind == "svg":
        return b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    if kind in ("emf", "wmf"):  # which nobody here opens
        return b"\x01\x00\x00\x00" + bytes(84)
    content = io.BytesIO()
    mode = "CMYK" if kind == "tiff" else "RGB"
    Image.new(mode, (30, 12)).save(content, kind.upper())
    return content.getvalue()


@dataclass
class Layout:
    """A layout: its file, what letter.html must say at which slot, and all that it says itself.

    `flaw` is what `check` must say of it; nothing where it is sound.
    """

    program: str
    content: bytes = b""
    page: list[tuple[str, str]] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    round_it: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    flaw: str = ""


class Maker:
    """Makes one layout."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.layout = Layout(PROGRAMS[seed % len(PROGRAMS)])
        self.parts: dict[str, bytes] = {}
        self.relations: dict[str, list[str]] = {}
        self.kinds: dict[str, str] = {}
        self.said: list[str] = []
        self.part = "body"
        self._count = 0

    def number(self) -> int:
        """A number that no other thing of the layout has."""
        self._count += 1
        return self._count + 100

    def chance(self, percent: int) -> bool:
        """Whether something that happens so often happens now."""
        return self.random.randrange(100) < percent

    def text(self) -> str:
        """Words of the layout's own, which no other place of it says."""
        text = f"{self.random.choice(TEXTS)} {self.number()}"
        self.said.append(text)
        return text

    def relate(self, part: str, kind: str, target: str, external: bool = False) -> str:
        """A relationship of a part; its id."""
        id_, mode = f"rIdG{self.number()}", ' TargetMode="External"' if external else ""
        space = kind if "://" in kind else f"{OFFICE}/relationships/{kind}"
        xml = f'<Relationship Id="{id_}" Type="{space}" Target="{target}"{mode}/>'
        self.relations.setdefault(part, []).append(xml)
        return id_

    def image(self) -> str:
        """The id of a picture of any kind."""
        kind = self.random.choice(["png", "jpeg", "gif", "bmp", "tiff", "emf", "wmf", "svg"])
        name = f"media/image{self.number()}.{kind}"
        self.parts[f"word/{name}"] = picture(kind)
        return self.relate(self.part, "image", name)


def run(text: str, properties: str = "") -> str:
    """A run of text."""
    text = text.replace("&", "&amp;")
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def plain(maker: Maker) -> str:
    """Words, cut into runs as programs cut them."""
    text = maker.text()
    cut = maker.random.randrange(len(text))
    noise = maker.random.choice(
        [
            "",
            '<w:proofErr w:type="spellStart"/>',
            '<w:bookmarkStart w:id="7" w:name="_GoBack"/><w:bookmarkEnd w:id="7"/>',
            f'<w:bookmarkStart w:id="{maker.number()}" w:name="Place{maker.number()}"/>',
            "<w:r><w:lastRenderedPageBreak/></w:r>",
            "<w:r><w:softHyphen/></w:r>",
        ]
    )
    if "Place" in noise:
        noise += f'<w:bookmarkEnd w:id="{re.findall(r"[0-9]+", noise)[0]}"/>'
    look = maker.random.choice(
        [
            "",
            "<w:rPr><w:b/><w:noProof/></w:rPr>",
            '<w:rPr><w:vanish w:val="0"/></w:rPr>',
            '<w:rPr><w:color w:val="1F3660" w:themeColor="accent1"/></w:rPr>',
            '<w:rPr><w:lang w:val="en-GB" w:eastAsia="zh-CN"/></w:rPr>',
        ]
    )
    style = maker.random.choice(["", '<w:pStyle w:val="Gone"/>', '<w:pStyle w:val="Sender"/>'])
    runs = run(text[:cut], look) + noise + run(text[cut:], look)
    return f'<w:p><w:pPr>{style}<w:jc w:val="right"/></w:pPr>{runs}</w:p>'


def table(maker: Maker) -> str:
    """A table of one row without borders; outside the body it may have several."""
    count = 1 if maker.part == "body" else maker.random.randint(1, 3)
    header = maker.random.choice(["", "<w:tblHeader/>"]) if count == 1 else ""
    row = (
        f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>"
        + "".join("<w:tc><w:tcPr/>%s</w:tc>" for _ in range(2))
        + "</w:tr>"
    )
    rows = "".join(
        row % (plain(maker), "<w:p/>" if maker.chance(30) else plain(maker)) for _ in range(count)
    )
    return f"<w:tbl><w:tblPr/><w:tblGrid><w:gridCol/><w:gridCol/></w:tblGrid>{rows}</w:tbl><w:p/>"


def text_box(maker: Maker) -> str:
    """A text box: in both forms as Word writes it, or in the old one alone."""
    inside = plain(maker) + ("<w:p/>" if maker.chance(30) else "")
    content = f"<w:txbxContent>{inside}</w:txbxContent>"
    old = (
        f'<w:pict><v:shape style="position:absolute;width:90pt;height:40.5pt" id="Box">'
        f"<v:textbox>{content}</v:textbox></v:shape></w:pict>"
    )
    new = (
        '<w:drawing><wp:inline><wp:extent cx="900000" cy="500000"/>'
        f'<wp:docPr id="{maker.random.choice([1, maker.number()])}" name="Text Box"/><a:graphic>'
        f'<a:graphicData uri="x"><wps:wsp><wps:txbx>{content}</wps:txbx><wps:bodyPr/></wps:wsp>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing>"
    )
    both = (
        f'<mc:AlternateContent><mc:Choice Requires="wps">{new}</mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )
    return f"<w:p><w:r>{maker.random.choice([both, both, old])}</w:r></w:p>"


def drawn(maker: Maker) -> str:
    """A picture in the new form, described or decorative."""
    alt = f"Crest {maker.number()}"
    extra = ""
    if maker.chance(30):
        alt, space = "", "http://schemas.microsoft.com/office/drawing/2017/decorative"
        extra = (
            '<a:extLst><a:ext uri="{C183D7F6-B498-43B3-948B-1728B52AA6E4}">'
            f'<adec:decorative xmlns:adec="{space}" val="1"/></a:ext></a:extLst>'
        )
    else:
        maker.layout.alternatives.append(alt)
    number = maker.random.choice([1, 2, maker.number()])
    beside = run(maker.text()) if maker.chance(30) else ""
    return (
        '<w:p><w:r><w:drawing><wp:inline><wp:extent cx="900000" cy="500000"/>'
        f'<wp:docPr id="{number}" name="Picture {number}" descr="{alt}">{extra}</wp:docPr>'
        f'<a:graphic><a:graphicData uri="{SPACES["pic"]}"><pic:pic><pic:blipFill>'
        f'<a:blip r:embed="{maker.image()}"/></pic:blipFill></pic:pic></a:graphicData>'
        f"</a:graphic></wp:inline></w:drawing></w:r>{beside}</w:p>"
    )


def old_picture(maker: Maker) -> str:
    """A picture in the old form."""
    alt = f"Wave {maker.number()}"
    maker.layout.alternatives.append(alt)
    return (
        f'<w:p><w:r><w:pict><v:shape id="_x0000_i1025" style="width:90pt;height:9pt" alt="{alt}">'
        f'<v:imagedata r:id="{maker.image()}" o:title="wave"/></v:shape></w:pict></w:r></w:p>'
    )


def control(maker: Maker) -> str:
    """A content control without a mapping, round a paragraph or inside one."""
    properties = '<w:sdtPr><w:alias w:val="Name"/><w:id w:val="99"/><w:text/></w:sdtPr>'
    if maker.chance(50):
        inside = plain(maker)
        return f"<w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt>"
    inside = run(maker.text())
    return f"<w:p><w:sdt>{properties}<w:sdtContent>{inside}</w:sdtContent></w:sdt></w:p>"


def link(maker: Maker) -> str:
    """A web link, or the field of one."""
    if maker.chance(50):
        id_ = maker.relate(maker.part, "hyperlink", "https://fens.example/", external=True)
        return f'<w:p><w:hyperlink r:id="{id_}">{run(maker.text())}</w:hyperlink></w:p>'
    code = 'HYPERLINK "https://fens.example/"'
    return f"<w:p>{complex_field(code, maker.text())}</w:p>"


def complex_field(code: str, result: str) -> str:
    """A field as Word writes it, its code in two runs."""
    char = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'.format
    codes = "".join(
        f'<w:r><w:instrText xml:space="preserve">{each}</w:instrText></w:r>'
        for each in (code[:3], code[3:])
    )
    return char("begin") + codes + char("separate") + run(result) + char("end")


def spaced(maker: Maker) -> str:
    """Words on both sides of a tab, a positional tab, a line's end or a hyphen that holds."""
    texts = maker.text(), maker.text()
    maker.said[-2:] = [" ".join(texts)]
    first, second = map(run, texts)
    one = '<w:ptab w:relativeTo="margin" w:alignment="right" w:leader="none"/>'
    between = maker.random.choice(["<w:tab/>", "<w:br/>", one])
    return f"<w:p>{first}<w:r>{between}</w:r>{second}</w:p>"


def empty(maker: Maker) -> str:
    """Nothing: one empty line or more, or the end of a page."""
    return maker.random.choice(
        [
            "<w:p/>",
            '<w:p><w:pPr><w:pStyle w:val="Closing"/></w:pPr></w:p><w:p/>',
            "<w:p><w:r><w:t></w:t></w:r></w:p>",
            '<w:p w:rsidR="00A77B3E"><w:r><w:tab/></w:r></w:p>',
            "<w:p><w:r><w:t>{% if contact_phone %}{{ contact_phone }}{% endif %}</w:t></w:r></w:p>",
            "<w:p><w:r><w:t>{# Crest goes here #}</w:t></w:r></w:p>",
            "<w:sdt><w:sdtPr/><w:sdtContent><w:p/></w:sdtContent></w:sdt>",
        ]
    )


def filled(maker: Maker) -> str:
    """A placeholder, cut into runs."""
    maker.said.append("{{ force_name }}")
    return f"<w:p>{run('{{ for')}{run('ce_name }}')}</w:p>"


BODY_PIECES = (
    plain, plain, empty, empty, table, text_box, drawn, old_picture, control, link, spaced, filled,
)  # fmt: skip


def counted(maker: Maker) -> str:
    """The page's number."""
    maker.said += ["1"]
    code = maker.random.choice(["PAGE", "PAGE   \\* MERGEFORMAT", "NUMPAGES"])
    if maker.chance(50):
        return f"<w:p>{complex_field(f' {code} ', '1')}</w:p>"
    return f'<w:p><w:fldSimple w:instr=" {code} ">{run("1")}</w:fldSimple></w:p>'


def flawed_control(properties: str) -> str:
    """A content control with properties of some kind."""
    inside = f"<w:sdtContent><w:p>{run('x')}</w:p></w:sdtContent>"
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr>{inside}</w:sdt>"


HIDDEN = run("x", "<w:rPr><w:vanish/></w:rPr>")
WHITE = run("x", '<w:rPr><w:color w:val="FFFFFF"/></w:rPr>')
FLAWS = {
    "they are hidden text": f"<w:p>{HIDDEN}</w:p>",
    "they have the colour of the paper": f"<w:p>{WHITE}</w:p>",
    "is bound to data of the file": flawed_control('<w:dataBinding w:xpath="/x"/>'),
    "has no alternative text": "<w:p><w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"
    "</w:p>",
    "The field 'DATE' would change": f"<w:p>{complex_field('DATE', 'x')}</w:p>",
    "The field 'STYLEREF' would change": f"<w:p>{complex_field('STYLEREF Date', 'x')}</w:p>",
    "depending on the program": '<w:p><mc:AlternateContent><mc:Choice Requires="wps">'
    f"{run('x')}</mc:Choice><mc:Fallback>{run('y')}</mc:Fallback></mc:AlternateContent></w:p>",
    "The watermark or WordArt 'SECRET' prints": "<w:p><w:r><w:pict><v:shape>"
    '<v:textpath string="SECRET"/></v:shape></w:pict></w:r></w:p>',
    "Tracked changes would travel": f'<w:p><w:ins w:id="1">{run("x")}</w:ins></w:p>',
    "Comments would travel": '<w:p><w:commentRangeStart w:id="1"/></w:p>',
}
"""What check says of a layout, by what it finds in its text."""

ROW = f"<w:tr><w:tc><w:p>{run('x')}</w:p></w:tc></w:tr>"
BODY_FLAWS = {
    "has the style 'Heading 1'": '<w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    f"{run('x')}</w:p>",
    "has 2 rows": f"<w:tbl><w:tblPr/><w:tblGrid/>{ROW}{ROW}</w:tbl><w:p/>",
}
STRICT_FLAW = "The file is a Strict Open XML Document"


def pieces(maker: Maker, most: int) -> str:
    """Some pieces at random."""
    choice = [*BODY_PIECES, *([] if maker.part == "body" else [counted])]
    count = maker.random.randint(0, most)
    return "".join(maker.random.choice(choice)(maker) for _ in range(count))


def generated(seed: int) -> Layout:
    """The layout of a number."""
    maker = Maker(seed)
    layout, parts = maker.layout, unzipped(SHIPPED)
    flaw = ("", "", "", "part", "body", "")[seed % 6] if seed % 17 else "strict"
    web = layout.program == "Word for the web"
    main = "document2.xml" if web else "document.xml"
    flawed = ""
    if flaw in ("part", "body"):
        flaws = {**FLAWS, **BODY_FLAWS} if flaw == "body" else FLAWS
        layout.flaw = maker.random.choice(sorted(flaws))
        flawed = flaws[layout.flaw]
    body = _body(maker, flawed if flaw == "body" else "")
    section = _headers(maker, flawed if flaw == "part" else "", parts)
    document = f"<w:document {DECLARED} {_ignorable(maker)}><w:body>{body}{section}</w:body>"
    parts |= maker.parts
    parts.pop("word/document.xml")
    parts[f"word/{main}"] = f"{document}</w:document>".encode()
    _clutter(maker, parts)
    _relations(maker, parts, main)
    _as_saved(layout.program, parts, main)
    if flaw == "strict":
        layout.flaw = STRICT_FLAW
        strict = f"{STRICT}/officeDocument/relationships".encode()
        old = f"{OFFICE}/relationships".encode()
        parts = {name: content.replace(old, strict) for name, content in parts.items()}
    layout.content = zipped(parts)
    return layout


def _ignorable(maker: Maker) -> str:
    return 'mc:Ignorable="w14"' if maker.layout.program != "LibreOffice" else ""


def _body(maker: Maker, flawed: str) -> str:
    """The slots in order, with pieces between them; what those say goes into the page too."""
    at, out = maker.random.choice(SLOTS[:6]), ""
    for slot in SLOTS:
        here = pieces(maker, 2) if maker.chance(35) else ""
        here += flawed if slot == at else ""
        maker.layout.page += [(slot, text) for text in maker.said]
        maker.layout.body += maker.said
        maker.said.clear()
        style = maker.random.choice(["", '<w:pPr><w:pStyle w:val="Sender"/></w:pPr>'])
        out += f"{here}<w:p>{style}{run('{{p ' + slot)}{run(' }}')}</w:p>"
    return out + pieces_at_the_end(maker)


def pieces_at_the_end(maker: Maker) -> str:
    """A last empty paragraph, as programs leave one."""
    return "<w:p/>" if maker.chance(50) else ""


def _headers(maker: Maker, flawed: str, parts: dict[str, bytes]) -> str:
    """Headers and footers of one to three kinds, and the section that shows them."""
    for name in ("header1", "header2", "footer1", "footer2"):
        parts.pop(f"word/{name}.xml")
    parts.pop("word/_rels/header2.xml.rels")
    first, even = maker.chance(50), maker.chance(30)
    kinds = ["default", *(["first"] if first else []), *(["even"] if even else [])]
    references = ""
    for kind in kinds:
        for tag, root in (("header", "hdr"), ("footer", "ftr")):
            name = f"{tag}{maker.number()}.xml"
            mark = run("{{r draft_mark }}")
            end = f"<w:p>{mark}</w:p>" if tag == "header" else "<w:p/>"
            here = flawed if tag == "header" and kind == "default" else ""
            maker.part = name
            content = pieces(maker, 3) + here + end
            maker.layout.round_it += maker.said
            maker.said.clear()
            maker.parts[f"word/{name}"] = (
                f"<w:{root} {DECLARED} {_ignorable(maker)}>{content}</w:{root}>".encode()
            )
            maker.kinds[f"word/{name}"] = f"{WORD}.{tag}+xml"
            id_ = maker.relate("body", tag, name)
            references += f'<w:{tag}Reference w:type="{kind}" r:id="{id_}"/>'
    off = maker.random.choice(["", '<w:titlePg w:val="0"/>', '<w:titlePg w:val="off"/>'])
    switch = "<w:titlePg/>" if first else off
    settings = parts["word/settings.xml"].decode()
    even_on = maker.random.choice(["", '<w:evenAndOddHeaders w:val="false"/>'])
    even_on = "<w:evenAndOddHeaders/>" if even else even_on
    settings = settings.replace("<w:defaultTabStop", f"{even_on}<w:defaultTabStop")
    parts["word/settings.xml"] = settings.encode()
    return (
        f'<w:sectPr>{references}<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1417" '
        f'w:right="1417" w:bottom="1417" w:left="1417"/>{switch}</w:sectPr>'
    )


PEOPLE = b'<w15:people xmlns:w15="x"><w15:person w15:author="Pat Leftover"/></w15:people>'
SHARED = b"<p><SharedWithUsers>Pat Leftover</SharedWithUsers></p>"


def _clutter(maker: Maker, parts: dict[str, bytes]) -> None:
    """What programs keep in a file beside its text."""
    clutter = {
        "people.xml": (f"{SPACES['w14']}/people", PEOPLE),
        "../customXml/item1.xml": ("customXml", SHARED),
        "comments.xml": ("comments", f"<w:comments {DECLARED}/>".encode()),
        "printerSettings1.bin": ("printerSettings", b"Pat Leftover's printer"),
        "glossary/document.xml": ("glossaryDocument", b"<x>Pat Leftover</x>"),
    }
    for name, (kind, content) in clutter.items():
        if maker.chance(40):
            parts[f"word/{name}".replace("word/../", "")] = content
            maker.relate("body", kind, name)
    if maker.chance(30):
        merge = '<w:mailMerge><w:query w:val="SELECT Pat Leftover"/></w:mailMerge>'
        variables = '<w:docVars><w:docVar w:name="a" w:val="Pat Leftover"/></w:docVars>'
        settings = parts["word/settings.xml"].decode()
        settings = settings.replace("<w:compat>", f"{merge}{variables}<w:compat>")
        parts["word/settings.xml"] = settings.encode()
    if maker.chance(30):
        parts["word/orphan.xml"] = b"<x>Pat Leftover</x>"


def _relations(maker: Maker, parts: dict[str, bytes], main: str) -> None:
    """The relationships of all parts, and the content types of the new ones."""
    kept = parts.pop("word/_rels/document.xml.rels").decode()
    kept = re.sub(r'<Relationship Id="rId1[0-3]"[^>]*/>', "", kept)
    for part, relations in maker.relations.items():
        name = main if part == "body" else part
        before = (
            kept if part == "body" else kept.partition("<Relationship ")[0] + "</Relationships>"
        )
        whole = before.replace("</Relationships>", "".join(relations) + "</Relationships>")
        parts[f"word/_rels/{name}.rels"] = whole.encode()
    types = parts["[Content_Types].xml"].decode()
    types = re.sub(r'<Override PartName="/word/(header|footer)[12].xml"[^>]*/>', "", types)
    types = types.replace("/word/document.xml", f"/word/{main}")
    media = ("jpeg", "gif", "bmp", "tiff", "emf", "wmf", "svg", "bin")
    extensions = "".join(f'<Default Extension="{m}" ContentType="image/{m}"/>' for m in media)
    overrides = "".join(
        f'<Override PartName="/{n}" ContentType="{k}"/>' for n, k in maker.kinds.items()
    )
    parts["[Content_Types].xml"] = types.replace(
        "</Types>", extensions + overrides + "</Types>"
    ).encode()
    parts["_rels/.rels"] = parts["_rels/.rels"].replace(
        b"word/document.xml", f"word/{main}".encode()
    )


def _as_saved(program: str, parts: dict[str, bytes], main: str) -> None:
    """What tells the programs apart: the names of parts, of styles, and their own properties."""
    relations = f"word/_rels/{main}.rels"
    if program == "Word for the web":
        for name in ("styles", "settings", "numbering"):
            parts[f"word/{name}2.xml"] = parts.pop(f"word/{name}.xml")
            for part in (relations, "[Content_Types].xml"):
                parts[part] = parts[part].replace(f"{name}.xml".encode(), f"{name}2.xml".encode())
        parts[relations] = parts[relations].replace(b'Target="styles2', b'Target="/word/styles2')
    elif program == "LibreOffice":
        styles = parts["word/styles.xml"].decode()
        styles = styles.replace('w:val="Addressee"', 'w:val="envelope address"')
        parts["word/styles.xml"] = styles.encode()
        theme = re.compile(rb'<Relationship [^>]*theme/theme1.xml"[^>]*/>')
        parts[relations] = theme.sub(b"", parts[relations])
    else:
        app = b"<Properties><Company>Pat Leftover</Company><Template>x.dotx</Template></Properties>"
        parts["docProps/app.xml"] = app
        parts["_rels/.rels"] = parts["_rels/.rels"].replace(
            b"</Relationships>",
            f'<Relationship Id="rIdApp" Type="{OFFICE}/relationships/extended-properties" '
            'Target="docProps/app.xml"/></Relationships>'.encode(),
        )
