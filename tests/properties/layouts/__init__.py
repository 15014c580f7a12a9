"""The demo's tickets in the layouts of other systems: what each would have written of them, and nothing more.

A file a system; each says in ``LAYOUTS`` how a desk is written in each of its exports, and what that cannot show.
Instants are whole minutes, so that no layout loses any. Field names and values are those of the systems'
documentation, written down here apart from the mappings that read them.
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from layouts.layout import Layout

__all__ = ["LAYOUTS", "Layout"]

_FILES = sorted(module.name for module in iter_modules(__path__) if module.name not in ("layout", "writing"))
LAYOUTS: dict[str, Layout] = {
    layout.name: layout for name in _FILES for layout in import_module(f"layouts.{name}").LAYOUTS
}
