"""The path, once: files to Tables, Tables to a Dataset, a Dataset to Facts, Facts to a Report."""

from typing import TYPE_CHECKING

from supportkpi.doors import door

_HOMES = {
    "Ability": "inspection",
    "Inspection": "inspection",
    "asked_for": "listing",
    "check": "measuring",
    "clockless": "starting",
    "columns_named": "loading",
    "check_output": "converting",
    "convert": "converting",
    "convert_facts": "starting",
    "dataset": "frames",
    "explain": "explaining",
    "explained": "explaining",
    "fold": "measuring",
    "frozen_of": "timetabling",
    "inspect": "inspection",
    "kpis_named": "measuring",
    "limited": "loading",
    "listed": "listing",
    "load": "loading",
    "load_held": "loading",
    "measure": "measuring",
    "one_row_a_dimension": "loading",
    "reconcile": "reconciling",
    "render": "rendering",
    "settings": "measuring",
    "settings_for": "measuring",
    "started": "starting",
    "target_named": "measuring",
    "tickets": "listing",
    "timetable_of": "timetabling",
    "whatif": "rescoring",
    "window": "measuring",
}
__all__ = [
    "Ability",
    "Inspection",
    "asked_for",
    "check",
    "check_output",
    "clockless",
    "columns_named",
    "convert",
    "convert_facts",
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
    "reconcile",
    "render",
    "settings",
    "settings_for",
    "started",
    "target_named",
    "tickets",
    "timetable_of",
    "whatif",
    "window",
]
__getattr__ = door(__name__, _HOMES)

if TYPE_CHECKING:
    from supportkpi.pipeline.converting import check_output, convert
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
        settings,
        settings_for,
        target_named,
        window,
    )
    from supportkpi.pipeline.reconciling import reconcile
    from supportkpi.pipeline.rendering import render
    from supportkpi.pipeline.rescoring import whatif
    from supportkpi.pipeline.starting import clockless, convert_facts, started
    from supportkpi.pipeline.timetabling import frozen_of, timetable_of
