"""The mapping vocabulary: closed, checked with places, one file a helpdesk."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import FileMissing, HelpdeskUnknown, MappingInvalid
from supportkpi.loaders import helpdesks, load_tables, read
from supportkpi.loaders.mapping._claims import plan_of
from supportkpi.loaders.mapping._mapping import mapping_named, read_mapping

OWN = """
id: own
title: Our desk
columns:
  ticket_id: [Ref]
  created_at: [Born]
  solved_at: [Done]
  status: [Where]
  requester_id: [Who]
dates: {format: ["%Y/%m/%d %H:%M"], zone: Europe/Moscow}
values:
  status: {limbo: hold, fin: solved, 7: closed}
missing: ["none so far"]
given:
  reopens: {column: Back}
  resolution_s: {column: Took, unit: hours, clock: business}
  sla_resolution_met: {column: Fine, values: {aye: true, nay: false}}
ratings:
  csat: {column: Mood, scale: "1-3", answers: {glum: 1, so-so: 2, glad: 3}}
"""
ROWS = """Ref,Born,Done,Where,Who,Back,Took,Fine,Mood,Subject,Product
A1,2026/03/02 09:00,2026/03/02 10:00,fin,x@example.org,1,1.5,aye,glad,private,Lamp
A2,2026/03/02 09:30,none so far,limbo,Y@example.org,0,,nay,,private,Lamp
A3,2026/03/02 10:30,2026/03/03 10:30,7,x@example.org,0,3,nay,glum,private,Desk
"""


def written(folder: Path, name: str, text: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_an_own_mapping_says_all_that_a_packaged_one_can(tmp_path: Path) -> None:
    reading = Reading(mapping=written(tmp_path, "own.yaml", OWN))
    dataset = load_tables(read(written(tmp_path, "t.csv", ROWS), reading), reading)
    tickets = dataset.tickets
    assert tickets["status"].to_list() == ["solved", "hold", "closed"]
    assert tickets["given_reopens"].to_list() == [1, 0, 0]
    assert tickets["given_resolution_business_s"].to_list() == [5400.0, None, 10800.0]
    assert tickets["given_sla_resolution_met"].to_list() == [True, False, False]
    assert tickets["requester_id"].to_list() == ["x@example.org", "y@example.org", "x@example.org"]
    created = dataset.history.frame["created_at"]  # type: ignore[union-attr]
    assert created[0].isoformat() == "2026-03-02T06:00:00+00:00"
    assert dataset.surveys["score"].to_list() == [3.0, 1.0]
    assert dataset.surveys["scale"].unique().to_list() == ["1-3"]
    assert dataset.rejects == ()
    assert dataset.provenance[0].zone_source == "mapping"
    assert "Product" in tickets.columns
    assert "Subject" not in tickets.columns


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("id: x\ncolumns: {ticket_idd: [A]}\n", "did you mean ticket_id", 2),
        ("id: x\ncolumns: {csat: [A]}\n", "ratings", 2),
        ("id: x\nvalues: {status: {Foo: finished}}\n", "'finished'", 2),
        ("id: x\nvalues: {priority: {Foo: P1}}\n", "'P1'", 2),
        ("id: x\ngiven: {first_respons_s: {column: [A]}}\n", "first_response_s", 2),
        ("id: x\nunknown: 1\n", "unknown", 2),
        ("id: x\nratings: {fun: {column: [A]}}\n", "fun", 2),
        ("columns: {ticket_id: [A]}\n", "id", 1),
        ("id: x\nrows: sentence\n", "rows", 2),
        ("id: [\n", "", 1),
    ],
)
def test_what_the_vocabulary_does_not_know_is_refused_with_its_place(
    tmp_path: Path, text: str, said: str, line: int
) -> None:
    path = written(tmp_path, "own.yaml", text)
    with pytest.raises(MappingInvalid) as error:
        read_mapping(path)
    assert said in str(error.value)
    assert error.value.where is not None
    assert error.value.where.path == path
    assert error.value.where.line is not None
    assert error.value.where.line >= line


def test_a_mapping_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileMissing):
        read_mapping(str(tmp_path / "none.yaml"))


def test_an_unknown_helpdesk_gets_the_nearest_name() -> None:
    with pytest.raises(HelpdeskUnknown) as error:
        mapping_named("freshdesc")
    assert "freshdesk" in str(error.value.hint)


def test_the_registry_is_the_listing_of_the_folder() -> None:
    names = [helpdesk.id for helpdesk in helpdesks()]
    assert names == sorted(names)
    assert {"zendesk_csv", "zendesk_explore", "freshdesk", "glpi", "servicenow"} <= set(names)
    assert all({"ticket_id", "rated_at"} & set(helpdesk.fields) for helpdesk in helpdesks())


def test_of_several_aliases_the_first_that_is_there_counts() -> None:
    plan = plan_of(mapping_named("servicenow"), ("sys_created_on", "number", "opened_at"))
    created = plan.claim("created_at")
    assert created is not None
    assert created.column == "opened_at"
