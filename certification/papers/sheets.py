"""The pages of a paper (文书): A4, drawn without markup, so that nothing in a text can be taken for any.

The same content gives the same bytes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ..paperwork import Kind, spaced
from . import code
from .fonts import Faces, faces, faces_at_hand
from .lines import lines_of

rl_config.useA85 = 0  # streams as they are: a fifth smaller than as text
WIDTH, HEIGHT = A4
MARGIN, FOOT = 79.0, 136.0
ROOM = WIDTH - 2 * MARGIN
BODY, LEADING = 15.0, 29.0
CLOSER = ((BODY, LEADING), (13.5, 25.0), (12.0, 21.5), (11.0, 18.5))  # a certificate stands on one page if it can
TIGHTER = ((BODY, LEADING), (BODY, 27.0), (14.5, 25.5), (14.0, 24.0))  # a letter whose last page is nearly empty
FEWEST = 6  # lines above the seal of a further page
CORNER = 26.0
SMALLEST, MOST_LINES = 8.0, 2  # of a name
NOTE = 9.0
RED, INK, GREY, GOLD = (0.75, 0.09, 0.11), (0.1, 0.1, 0.12), (0.42, 0.42, 0.45), (0.69, 0.55, 0.25)
PALE = (0.93, 0.93, 0.94)
QR_SIDE = 92.0


@dataclass(frozen=True, slots=True)
class Printing:
    """What is printed: the words, the code and the address that its QR code opens, the note in the seal's place."""

    content: Mapping[str, Any]
    code: str
    address: str
    seal_note: str
    is_sample: bool = False

    @property
    def is_certificate(self) -> bool:
        return bool(self.content["kind"] == Kind.CERTIFICATE)

    @property
    def text(self) -> str:
        """Every character of it."""
        said = [text for text in self.content.values() if isinstance(text, str)]
        return "".join([*said, *self.content["paragraphs"], self.seal_note, spaced(self.code), CAPTION, FIXED])


SAMPLE = "样张"
CAPTION = "扫码查验，或在查验页面输入查验码"
FIXED = SAMPLE + "第页共统一社会信用代码编号查验码扫码或访问核对状态有效期至年月日长期　〔〕：，。（）0123456789"


def pages_of(printing: Printing) -> bytes:
    """The PDF, neither signed nor with its proof; a sample says across each page that it is one."""
    fonts = faces_at_hand if printing.is_sample else faces
    return _Sheet(printing, fonts(printing.text)).made()


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    indent: float


class _Sheet:
    """One paper being drawn."""

    def __init__(self, printing: Printing, fonts: Faces) -> None:
        self.printing, self.content, self.fonts = printing, printing.content, fonts
        self.size, self.leading = BODY, LEADING
        self._buffer = BytesIO()
        self.canvas: Any = Canvas(
            self._buffer, pagesize=A4, invariant=1, pageCompression=1, initialFontName=fonts.regular, lang="zh-CN"
        )

    def made(self) -> bytes:
        said = self.content
        self.canvas.setTitle(f"{said['title']} {said['number']}")
        self.canvas.setAuthor(said["issuing_body"])
        self.canvas.setSubject(said["number"])
        self.canvas.setCreator("changzhou-ip-registry")
        pages = self._pages()
        for place, lines in enumerate(pages, 1):
            if self.printing.is_certificate:
                self._frame()
            if self.printing.is_sample:
                self._sample_mark()
            top = self._head() if place == 1 else HEIGHT - MARGIN
            self._body(lines, top)
            if place == len(pages):
                self._foot()
            self._text(f"第 {place} 页　共 {len(pages)} 页", NOTE, y=34, colour=GREY)
            self.canvas.showPage()
        self.canvas.save()
        return self._buffer.getvalue()

    # --- text in lines and pages ---------------------------------------------------------------------

    def _pages(self) -> list[list[_Line]]:
        """The lines of each page, set closer where that keeps a certificate on one, or spares a letter's last page.

        Where it does not, the last page takes over lines of the one before.
        """
        wanted, first = (CLOSER, None) if self.printing.is_certificate else (TIGHTER, self._set(BODY, LEADING))
        for size, leading in wanted:
            pages = self._set(size, leading)
            if len(pages) == 1 or (first and (len(pages) < len(first) or len(pages[-1]) >= FEWEST)):
                return pages
        return self._balanced(self._set(BODY, LEADING)) if first else pages

    def _set(self, size: float, leading: float) -> list[list[_Line]]:
        self.size, self.leading = size, leading
        return self._paged()

    def _balanced(self, pages: list[list[_Line]]) -> list[list[_Line]]:
        *_, before, last = pages
        moved = max(0, min(FEWEST - len(last), len(before) - FEWEST))
        return [*pages[:-2], before[: len(before) - moved], [*before[len(before) - moved :], *last]]

    def _paged(self) -> list[list[_Line]]:
        """The last page leaves room for what stands at the foot, and is not a single line."""
        rest, top = self._lines(), self._first_top
        pages = []
        while len(rest) > self._lines_between(top, FOOT + self._low):
            taken = max(1, min(self._lines_between(top, MARGIN), len(rest) - 2))
            pages.append(rest[:taken])
            rest, top = rest[taken:], HEIGHT - MARGIN
        return [*pages, rest]

    def _lines_between(self, top: float, bottom: float) -> int:
        return int((top - bottom) // self.leading) + 1

    def _lines(self) -> list[_Line]:
        found, first = [], 2 * self.size
        for paragraph in self.content["paragraphs"]:
            parts = lines_of(paragraph, font=self.fonts.regular, size=self.size, width=ROOM, indent=first)
            found += [_Line(part, 0.0 if number else first) for number, part in enumerate(parts)]
        return found

    def _body(self, lines: Sequence[_Line], top: float) -> None:
        self.canvas.setFillColorRGB(*INK)
        self.canvas.setFont(self.fonts.regular, self.size)
        for number, line in enumerate(lines):
            self.canvas.drawString(MARGIN + line.indent, top - number * self.leading, line.text)

    @property
    def _low(self) -> float:
        """Where the QR code stands; of a certificate, clear of the frame."""
        return 114.0 if self.printing.is_certificate else 96.0

    # --- head and foot ---------------------------------------------------------------------------------

    @property
    def _first_top(self) -> float:
        return float(HEIGHT) - (348.0 if self.printing.is_certificate else 262.0)

    def _head(self) -> float:
        """Title, number and holder; where the text begins."""
        if self.printing.is_certificate:
            self._certificate_head()
        else:
            self._letter_head()
        return self._first_top

    def _certificate_head(self) -> None:
        said = self.content
        self._text(said["issuing_body"], 17, y=HEIGHT - 116, colour=RED)
        self._title(said["title"], HEIGHT - 176, largest=40)
        self._rule(HEIGHT - 196)
        self._text(f"编号：{said['number']}", 11.5, y=HEIGHT - 218, colour=GREY)
        self._fitted(said["holder"], HEIGHT - 276, largest=25)
        self._text(f"统一社会信用代码：{said['uscc']}", 12, y=HEIGHT - 300, colour=INK)

    def _rule(self, y: float) -> None:
        """Under the title: two strokes that thin out towards a lozenge in the middle."""
        self.canvas.setStrokeColorRGB(*GOLD)
        self.canvas.setFillColorRGB(*GOLD)
        self.canvas.setLineWidth(1)
        middle = WIDTH / 2
        for side in (-1, 1):
            self.canvas.line(middle + side * 12, y, middle + side * 120, y)
        self._shape((middle - 4, y), (middle, y + 4), (middle + 4, y), (middle, y - 4))

    def _shape(self, first: tuple[float, float], *others: tuple[float, float]) -> None:
        path = self.canvas.beginPath()
        path.moveTo(*first)
        for point in others:
            path.lineTo(*point)
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)

    def _letter_head(self) -> None:
        said = self.content
        self._title(said["issuing_body"], HEIGHT - 100, largest=28, colour=RED)
        self.canvas.setStrokeColorRGB(*RED)
        self.canvas.setLineWidth(2)
        self.canvas.line(MARGIN, HEIGHT - 122, WIDTH - MARGIN, HEIGHT - 122)
        self._title(said["title"], HEIGHT - 168, largest=22)
        self._text(f"编号：{said['number']}", 11, y=HEIGHT - 192, colour=GREY)
        self.canvas.setFillColorRGB(*INK)
        size, lines = self._in_two_lines(f"{said['holder']}：", BODY)
        self.canvas.setFont(self.fonts.bold, size)
        for number, line in enumerate(lines):
            self.canvas.drawString(MARGIN, HEIGHT - 232 + (len(lines) - 1 - number) * (size + 4), line)

    def _frame(self) -> None:
        """A double line, and an angle in each corner of it."""
        self.canvas.setStrokeColorRGB(*GOLD)
        for inset, width in ((40, 2.6), (47, 0.7)):
            self.canvas.setLineWidth(width)
            self.canvas.rect(inset, inset + 16, WIDTH - 2 * inset, HEIGHT - 2 * inset - 16)
        self.canvas.setLineWidth(1.6)
        for x, across in ((54, 1), (WIDTH - 54, -1)):
            for y, up in ((54 + 16, 1), (HEIGHT - 54, -1)):
                self.canvas.line(x, y, x + across * CORNER, y)
                self.canvas.line(x, y, x, y + up * CORNER)
                self.canvas.rect(x + min(4 * across, 10 * across), y + min(4 * up, 10 * up), 6, 6)

    def _sample_mark(self) -> None:
        self.canvas.saveState()
        self.canvas.translate(WIDTH / 2, HEIGHT / 2)
        self.canvas.rotate(45)
        self.canvas.setFillColorRGB(*PALE)
        self.canvas.setFont(self.fonts.bold, 150)
        self.canvas.drawCentredString(0, -50, SAMPLE)
        self.canvas.restoreState()

    def _foot(self) -> None:
        """QR code and code on the left; body, day and the place of the seal on the right."""
        said, left, low = self.content, MARGIN - 8, self._low
        code.draw(self.canvas, self.printing.address, x=left, y=low, side=QR_SIDE)
        self._text(CAPTION, NOTE, y=low - 13, x=MARGIN, colour=GREY)
        self._text(spaced(self.printing.code), NOTE, y=low - 27, x=MARGIN, colour=INK)
        middle, high = WIDTH - MARGIN - 92, low + 46
        self._seal(middle, high)
        self._text(said["issuing_body"], 14, y=high + 20, middle=middle, colour=INK)
        self._text(_in_chinese(said["issued_on"]), 14, y=high - 4, middle=middle, colour=INK)
        if said["valid_until"]:
            shown = f"有效期至{_in_chinese(said['valid_until'])}"
            self._text(shown, 10, y=high - 25, middle=middle, colour=INK)

    def _seal(self, x: float, y: float) -> None:
        """The place of the seal, and what is said in it of one."""
        if not self.printing.seal_note:
            return
        self.canvas.setStrokeColorRGB(*RED)
        self.canvas.setLineWidth(0.8)
        self.canvas.setDash(3, 3)
        self.canvas.circle(x, y, 72)
        self.canvas.setDash()
        self._text(self.printing.seal_note, 8, y=y - 48, middle=x, colour=RED)

    # --- one line ----------------------------------------------------------------------------------------

    def _text(
        self, text: str, size: float, *, y: float, colour: Any, x: float | None = None, middle: float = WIDTH / 2
    ) -> None:
        """A line in the regular weight: from x on, or around the middle."""
        self.canvas.setFillColorRGB(*colour)
        self.canvas.setFont(self.fonts.regular, size)
        if x is None:
            self.canvas.drawCentredString(middle, y, text)
        else:
            self.canvas.drawString(x, y, text)

    def _title(self, text: str, y: float, *, largest: float, colour: Any = INK) -> None:
        self._fitted(text, y, largest=largest, colour=colour)

    def _fitted(self, text: str, y: float, *, largest: float, colour: Any = INK) -> None:
        """A bold line as large as it may be and fits; a very long one in two."""
        self.canvas.setFillColorRGB(*colour)
        width = self.canvas.stringWidth(text, self.fonts.bold, largest)
        size = max(largest * min(1, ROOM / width), 15) if width else largest
        size, lines = self._in_two_lines(text, size)
        self.canvas.setFont(self.fonts.bold, size)
        for number, line in enumerate(lines):
            self.canvas.drawCentredString(WIDTH / 2, y + (len(lines) - 1 - number) * (size + 4), line)

    def _in_two_lines(self, text: str, size: float) -> tuple[float, list[str]]:
        """A bold text in a size, or in a smaller one in which it takes two lines at most."""
        while True:
            lines = lines_of(text, font=self.fonts.bold, size=size, width=ROOM)
            if len(lines) <= MOST_LINES or size <= SMALLEST:
                return size, lines
            size -= 0.5


def _in_chinese(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"
