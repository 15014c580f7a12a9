"""Pages of explain: the mapping that it shows works, and every reject has a page."""

from pathlib import Path

import supportkpi as sk
from supportkpi.catalogue import page
from supportkpi.decisions import Reading
from supportkpi.errors import REJECTS
from supportkpi.loaders.beside import _series_rows
from supportkpi.loaders.mapping._mapping import HelpdeskMapping, read_mapping
from supportkpi.loaders.mapping._mapping_page import EXAMPLE, LOG
from supportkpi.loaders.tables import _table
from supportkpi.loaders.wide import _rows


def test_the_examples_of_the_mapping_page_use_every_key_and_read_a_file(tmp_path: Path) -> None:
    own, log, export = tmp_path / "own.yaml", tmp_path / "log.yaml", tmp_path / "register.csv"
    own.write_text(EXAMPLE, encoding="utf-8")
    log.write_text(LOG, encoding="utf-8")
    used = [read_mapping(str(page)).model_fields_set for page in (own, log)]
    assert set().union(*used) == set(HelpdeskMapping.model_fields)
    export.write_text(
        "No;Opened;Answered;Done;State;Minutes to answer;Mark;Branch\n"
        "1;02.03.2026 08:00;02.03.2026 09:00;03.03.2026 08:00;E;40;very good;North\n"
        "2;02.03.2026 09:00;-;-;W;-;asked;South\n",
        encoding="utf-8",
    )
    report = sk.measure(sk.load(str(export), reading=Reading(mapping=str(own))), by=["Branch"])
    assert report.get("first_response_time", "mean", clock="calendar").value == 3600
    assert report.get("first_response_time", "mean", clock="business").value == 2400
    assert report.get("csat_response_rate").x == 1
    assert report.get("tickets_created", Branch="North").n == 1


def test_every_slug_that_a_row_is_rejected_by_has_a_page() -> None:
    used = {_table.RAGGED, _table.CUT, _table.STRAY, _rows.BAD_DATE, _rows.DST_GAP, _rows.NO_ID}
    used |= {_series_rows.BAD_PERIOD, _series_rows.BAD_NUMBER}
    assert used == set(REJECTS)
    assert "--strict" in page("bad-date").paragraphs[-1]
