"""Somebody who brings a sheet in by the pages: upload, columns as guessed, dry run, import, undo."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile

from practice.models import Practice
from practice.worker import run_waiting


class Steps:
    """The pages of one person, and the worker behind them."""

    def __init__(self, visitor):
        self.visitor, self.page = visitor, ""

    def work(self):
        """The worker's part."""
        return run_waiting(practice_id=Practice.objects.get(slug=self.visitor.slug).pk)

    def upload(self, target, content, *, name="sheet.csv", **more):
        """Upload it; the page of its columns."""
        file = SimpleUploadedFile(name, content)
        answer = self.visitor.send("imports/new/", {"target": target, "file": file, **more})
        assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-3000:]
        self.page = re.search(r"imports/[0-9a-f-]{36}/", answer["Location"]).group(0)
        return self.visitor.get(answer["Location"]).content.decode()

    def columns(self, **changes):
        """Send the columns as the page shows them, with changes."""
        shown = self.visitor.at(f"{self.page}columns/").content.decode()
        data = {}
        for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', shown, re.DOTALL):
            chosen = re.search(r'<option value="([^"]*)" selected', options)
            data[name] = chosen.group(1) if chosen else ""
        return self.visitor.send(f"{self.page}columns/", {**data, **changes})

    def act(self, name, **answers):
        """Do it, let the worker work, and look."""
        answer = self.visitor.send(f"{self.page}do/{name}/", answers)
        assert answer.status_code == 302, re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())[-2000:]
        self.work()
        return self.shown()

    def tried(self, target, content, **more):
        """Everything up to the end of a dry run; the page of the import."""
        self.upload(target, content, **more)
        assert self.columns().status_code == 302
        return self.act("dry_run")

    def shown(self):
        """The page of the import."""
        answer = self.visitor.at(self.page)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())
