"""Canonical: a Dataset as a folder of plain tables and a manifest, and back from there without loss.

The folder is what other programs read and what a later run starts from: the frames of the canonical schema, one file
each, and ``dataset.json``, which says how the source files were read, what they show and what became of every row.
"""

from typing import TYPE_CHECKING

from supportkpi.doors import door

_HOMES = {
    "FORMS": "_frames",
    "MANIFEST": "_folder",
    "holds_dataset": "_folder",
    "opened": "_folder",
    "write": "_folder",
}
__all__ = ["FORMS", "MANIFEST", "holds_dataset", "opened", "write"]
__getattr__ = door(__name__, _HOMES)

if TYPE_CHECKING:
    from supportkpi.canonical._folder import MANIFEST, holds_dataset, opened, write
    from supportkpi.canonical._frames import FORMS
