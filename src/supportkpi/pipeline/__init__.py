"""The path, once: files to Tables, Tables to a Dataset, a Dataset to Facts, Facts to a Report."""

from supportkpi.pipeline.explaining import explain, explained
from supportkpi.pipeline.frames import dataset
from supportkpi.pipeline.inspection import Ability, Inspection, inspect
from supportkpi.pipeline.listing import asked_for, listed, tickets
from supportkpi.pipeline.loading import columns_named, limited, load, load_held, one_row_a_dimension
from supportkpi.pipeline.measuring import (
    check,
    fold,
    kpis_named,
    measure,
    render,
    settings,
    settings_for,
    target_named,
    window,
)
from supportkpi.pipeline.rescoring import whatif
from supportkpi.pipeline.timetabling import frozen_of, timetable_of

__all__ = [
    "Ability",
    "Inspection",
    "asked_for",
    "check",
    "columns_named",
    "dataset",
    "explain",
    "explained",
    "fold",
    "frozen_of",
    "inspect",
    "kpis_named",
    "limited",
    "listed",
    "load",
    "load_held",
    "measure",
    "one_row_a_dimension",
    "render",
    "settings",
    "settings_for",
    "target_named",
    "tickets",
    "timetable_of",
    "whatif",
    "window",
]
