"""Synthetic evidence: a one-page PDF that says what it is."""

import io
from functools import cache

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas


@cache
def demo_paper(label: str) -> bytes:
    """A page in Latin letters (the built-in fonts have no others), the same bytes each time."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=A4, invariant=1)
    page.setTitle(f"DEMO - {label}")
    page.setFont("Helvetica-Bold", 20)
    page.drawString(72, 740, "DEMO DOCUMENT")
    page.setFont("Helvetica", 13)
    page.drawString(72, 705, label)
    page.drawString(72, 680, "Synthetic data. Invented enterprise. No legal effect.")
    page.showPage()
    page.save()
    return out.getvalue()
