"""The certificate of a destruction: a JSON file whose SHA-256 the register keeps, and a PDF for people."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kit.pdf import PdfUnavailable, render_pdf
from practice.sealing import write_whole
from practice.services.destruction import canonical, facts, note_certificate


def issue(slug: str, *, folder: Path) -> list[Path]:
    """Write the certificate of the newest destruction of ``slug``; the same again gives the same files.

    Without Pango there is no PDF, and the JSON stands alone. Returns the files' paths.
    """
    found = facts(slug)
    content = canonical(found)
    digest = hashlib.sha256(content).hexdigest()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    stem = f"destroyed-{slug}-{found['finished_at']:%Y%m%d}"
    paths = [folder / f"{stem}.json"]
    write_whole(paths[0], content)
    note_certificate(found["id"], sha256=digest)
    context = {
        "found": found,
        "tables": sorted(found["row_counts"].items()),
        "rows": sum(found["row_counts"].values()),
        "sha256": digest,
    }
    title = f"Certificate of destruction: {found['name']}"
    try:
        pdf = render_pdf("practice/certificate_pdf.html", context, title=title)
    except PdfUnavailable:
        return paths
    paths.append(folder / f"{stem}.pdf")
    write_whole(paths[1], pdf)
    return paths
