"""How the bureau's papers are made, kept and verified."""

from .env import HOME, env

DOCUMENT_ROOT = HOME / "documents"
FONT_ROOT = HOME / "fonts"  # made from the font at first use
# TrueType outlines; empty: Noto Sans SC, which comes with the program.
PAPER_FONT = env.str("PAPER_FONT", default="")
PAPER_FONT_BOLD = env.str("PAPER_FONT_BOLD", default="")
RENDER_BATCH = 50  # to one run of the task
RENDER_CLAIM_SECONDS = 120  # whoever renders a paper has it for so long; a killed worker's is tried again then
RENDER_BACKOFF_SECONDS = 30  # after a first failure; doubled each time
RENDER_BACKOFF_MOST_SECONDS = 3600
VERIFY_MAX_BYTES = 2 * 1024 * 1024
VERIFY_TRIES = (60, 60)  # unknown codes of one address, in so many seconds
UPLOAD_TRIES = (20, 60)
