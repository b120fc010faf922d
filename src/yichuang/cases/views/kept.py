"""Files that came with a form which has to be shown again: kept, and named in it by a signed word, so that nobody has
to choose them twice and nobody can name another's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core import signing
from django.http import HttpRequest

from yichuang.cases import queries
from yichuang.core import files
from yichuang.core.actor import Actor
from yichuang.core.models import File
from yichuang.core.refusal import Refusal

SALT = "cases.kept"
ACCEPT = "image/jpeg,image/png,application/pdf,.jpg,.jpeg,.png,.pdf,.docx,.xlsx,.ofd"
"""What a file input offers to choose; a telephone then offers its camera too. The bytes are judged by `core.files`."""


@dataclass
class Kept:
    """By name of the input: the files that are there, and what was wrong with one."""

    files: dict[str, list[File]] = field(default_factory=dict)
    refusals: dict[str, Refusal] = field(default_factory=dict)

    def words(self, name: str) -> list[tuple[str, File]]:
        """(signed word, file) of what is kept under a name, for hidden inputs."""
        return [(word(one), one) for one in self.files.get(name, [])]


def word(one: File) -> str:
    return signing.dumps([one.pk, one.owner, one.stored_by], salt=SALT)


def take(request: HttpRequest, names: Sequence[str], *, owner: str, division: str, by: Actor, at: datetime) -> Kept:
    """What was kept before under "<name>.kept", and what comes now under "<name>". A file that is refused is told at its
    name; the others stay."""
    found = Kept()
    for name in names:
        held = named(request.POST.getlist(f"{name}.kept"), owner, by)
        for one in request.FILES.getlist(name):
            try:
                held.append(files.store(one, one.name or "", owner=owner, by=by, at=at, division=division))
            except Refusal as said:
                found.refusals[name] = said
        if held:
            found.files[name] = held
    return found


def named(words: Sequence[str], owner: str, by: Actor) -> list[File]:
    """The files that signed words name, of this owner and this person; words of anything else are passed over."""
    wanted = []
    for text in words:
        try:
            pk, of, who = signing.loads(text, salt=SALT)
        except signing.BadSignature:
            continue
        if of == owner and who == by.ref:
            wanted.append(pk)
    return queries.kept_files(wanted)
