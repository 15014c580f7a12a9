"""Every sentence of a reporter goes through the catalogue of its language."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import built_reports as built
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from supportkpi.report import Report
from supportkpi.reporters import RenderOptions, _words, render
from supportkpi.translations import catalogue

SOURCE = Path(__file__).resolve().parents[2] / "src" / "supportkpi"
TEMPLATE = SOURCE / "locale" / "supportkpi.pot"
COMMANDS = re.compile(r"supportkpi explain \w+|supportkpi inspect FILES|--[a-z]+( priority)?|\"mon-fri 09:00-18:00\"")
DATES = {"utc", "jan", "feb", "mar", "apr"}


class Marked:
    """A language in which every sentence stands in angle quotes."""

    def gettext(self, text: str) -> str:
        return f"‹{text}›"

    def ngettext(self, one: str, many: str, n: int) -> str:
        return f"‹{one if n == 1 else many}›"


def wordless(report: Report) -> Report:
    """The report with every sentence that came from elsewhere in capitals."""
    definitions = {
        kpi: replace(each, title=f"K{i}", abbr=f"A{i}", definition="D", why="W", caveats=("C",))
        for i, (kpi, each) in enumerate(report.method.definitions.items())
    }
    cells = tuple(
        replace(cell, reason=("R",) if cell.reason else None, group={"G": "V"} if cell.group else {})
        for cell in report.cells
    )
    rules = replace(report.method, definitions=definitions, assumptions=("A",), where=("W",), timezone="UTC")
    findings = tuple(replace(finding, text="F") for finding in report.findings)
    return replace(report, cells=cells, method=rules, findings=findings, inputs=(), ledger=built.Ledger(files=()))


@pytest.mark.parametrize("name", ["table", "markdown"])
@pytest.mark.parametrize("report", [built.month(), built.quarter(), built.grouped(), built.bare()])
def test_no_word_on_a_page_bypasses_the_catalogue(name: str, report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_words, "catalogue", lambda lang: Marked())
    output = render(wordless(report), name, RenderOptions(full=True, width=400))
    assert isinstance(output, str)
    while re.search("‹[^‹›]*›", output):
        output = re.sub("‹[^‹›]*›", "", output)
    found = {word.lower() for word in re.findall(r"[A-Za-z_]{3,}", COMMANDS.sub("", output))}
    assert found - DATES == set()


def test_english_is_there_without_a_catalogue_and_whatever_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "ru")
    assert catalogue("en").gettext("Speed") == "Speed"
    assert catalogue("no such language").ngettext("{n} row", "{n} rows", 2) == "{n} rows"


def test_the_template_for_translators_has_every_sentence(renew: bool) -> None:
    wanted = Catalog()
    for _, _, message, comments, context in extract_from_dir(str(SOURCE)):
        wanted.add(message, None, auto_comments=comments, context=context)
    if renew:
        written = io.BytesIO()
        write_po(written, wanted, omit_header=True, no_location=True, sort_output=True, width=110)
        TEMPLATE.write_bytes(written.getvalue())
    with TEMPLATE.open("rb") as file:
        known = {message.id for message in read_po(file)}
    missing = {message.id for message in wanted} - known
    assert not missing, "pytest --renew writes them to supportkpi.pot"
