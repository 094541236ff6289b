"""A word under each key, so that a process with the wrong keys says so at its start and not over a patient's record."""

from django.db import models


class KeyWord(models.Model):
    """One known word sealed with one kind of key (``phi``, ``files``, ``index``). No secret: the word is public."""

    kind = models.CharField(max_length=5, primary_key=True)
    sealed = models.TextField()

    def __str__(self) -> str:
        return self.kind
