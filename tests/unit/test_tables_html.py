"""Web pages that are saved under a name ending in .xls: their table is read, a page without one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from supportkpi.decisions import Reading
from supportkpi.errors import FormatUnknown, KpiError
from supportkpi.loaders.tables import Table, lines_of, read

PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="{charset}"><title>Список</title>
<style>td {{mso-number-format:\\@}}</style></head><body>
<table><tr><td>меню</td></tr></table>
<table border="1"><thead><tr><th>ID</th><th>Тема&nbsp;диалога</th><th>Закрыт</th></tr></thead><tbody>
<tr><td>7</td><td>Счёт &lt;срочно&gt;<br>и &quot;акт&quot;</td><td>Y</td></tr>
<tr><td>8<td colspan="2">без закрытия
</table></body></html>"""


def table_of(text: str, encoding: str = "utf-8") -> Table:
    (found,) = read("-", Reading(), text.format(charset=encoding).encode(encoding))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "windows-1251", "koi8-r"])
def test_the_largest_table_of_a_page_is_read(encoding: str) -> None:
    found = table_of(PAGE, encoding)
    assert found.format == "html"
    assert found.columns == ("ID", "Тема диалога", "Закрыт")
    assert found.frame.drop("_row").collect().rows() == [
        ("7", 'Счёт <срочно>\nи "акт"', "Y"),
        ("8", "без закрытия", None),
    ]
    assert "the file is a web page: its largest table is read" in found.notes


def test_a_page_knows_no_lines(tmp_path: Path) -> None:
    path = tmp_path / "list.xls"
    path.write_text(PAGE.format(charset="utf-8"), encoding="utf-8")
    (found,) = read(str(path), Reading())
    assert lines_of(found, [0, 1]) == {0: None, 1: None}


@pytest.mark.parametrize(
    "page",
    [
        "<html><body>nothing here",
        "<table><tr><td>one</td></tr></table>",
        "<table><tr></tr><tr></tr></table>",
        "<html><script><table><tr><td>a</td><td>b</td></tr></table>",
    ],
)
def test_a_page_without_a_table_is_named(page: str) -> None:
    with pytest.raises(FormatUnknown, match="web page"):
        read("-", Reading(), page.encode())


def test_what_the_page_says_wrongly_of_its_encoding_is_passed_over() -> None:
    text = PAGE.replace("{charset}", "utf-8").replace("{{", "{").replace("}}", "}")
    (found,) = read("-", Reading(), text.encode("cp1251"))
    assert found.columns[2] == "Закрыт"


@pytest.mark.parametrize("torn", ["<!--", "<", "<td a='", "<![CDATA[", "<td", "&"])
def test_what_nobody_closed_takes_no_time(torn: str) -> None:
    page = "<table><tr><td>id<td>state</tr><tr><td>7<td>open</tr><tr><td>" + torn * 100_000
    try:
        (found,) = read("-", Reading(), page.encode())
    except KpiError:
        return
    assert found.columns == ("id", "state")


def test_a_page_cut_anywhere_gives_its_whole_rows_and_one_reject() -> None:
    page = "<table>" + "<tr><th>id</th><th>state</th></tr>" + "<tr><td>T-7</td><td>open</td></tr>" * 3 + "</table>"
    for cut in range(page.index("T-7", 60), len(page)):
        (found,) = read("-", Reading(), page[:cut].encode())
        rows = found.frame.drop("_row").collect().rows()
        assert set(rows) == {("T-7", "open")}
        assert len(found.rejects) <= 1
        assert len(rows) == page[:cut].count("</tr>") - 1
