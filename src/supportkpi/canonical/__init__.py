"""Canonical: a Dataset as a folder of plain tables and a manifest, and back from there without loss.

The folder is what other programs read and what a later run starts from: the frames of the canonical schema, one file
each, and ``dataset.json``, which says how the source files were read, what they show and what became of every row.
A folder of facts holds what that was folded to besides, and ``facts.json`` says under which settings.
"""

from typing import TYPE_CHECKING

from supportkpi.doors import door

_HOMES = {
    "FORMS": "_frames",
    "MANIFEST": "_place",
    "MANIFESTS": "_place",
    "Folded": "_facts",
    "Under": "_facts",
    "check_place": "_place",
    "folded_under": "_facts",
    "held": "_place",
    "holds_dataset": "_place",
    "opened": "_folder",
    "opened_facts": "_facts",
    "responders_of": "_folder",
    "write": "_folder",
    "write_facts": "_facts",
}
__all__ = [
    "FORMS",
    "MANIFEST",
    "MANIFESTS",
    "Folded",
    "Under",
    "check_place",
    "folded_under",
    "held",
    "holds_dataset",
    "opened",
    "opened_facts",
    "responders_of",
    "write",
    "write_facts",
]
__getattr__ = door(__name__, _HOMES)

if TYPE_CHECKING:
    from supportkpi.canonical._facts import Folded, Under, folded_under, opened_facts, write_facts
    from supportkpi.canonical._folder import opened, responders_of, write
    from supportkpi.canonical._frames import FORMS
    from supportkpi.canonical._place import MANIFEST, MANIFESTS, check_place, held, holds_dataset
