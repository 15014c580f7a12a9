"""What a user says is honoured, or refused in words; it is never read and ignored."""

from __future__ import annotations

CSV = b"id,created_at,first_reply_at,status\n1,2026-03-13 10:00,2026-03-13 11:00,open\n2,2026-03-14 10:00,,open\n"


def test_a_date_format_that_no_column_is_in_is_refused(cli):
    run = cli("report", "-", "--date-format", "%d.%m.%Y", stdin=CSV)
    assert run.code == 2
    assert "no dates are in the format '%d.%m.%Y'; they read as yyyy-mm-dd HH:MM" in run.err


def test_a_date_format_that_fits_is_used(cli):
    assert cli("report", "-", "--date-format", "%Y-%m-%d %H:%M", stdin=CSV).code == 0


def test_an_anchor_that_the_export_cannot_show_is_said(cli, tmp_path):
    config = tmp_path / "anchor.yaml"
    config.write_text("first_response: {anchor: handoff}\n")
    assert "anchor handoff" in " ".join(cli("report", "-", "-c", str(config), stdin=CSV).out.split())


def test_a_ragged_row_is_told_without_its_text(cli, tmp_path):
    rejects = tmp_path / "rejects.csv"
    run = cli("report", "-", "--rejects", str(rejects), stdin=CSV + b"3,someone@example.org\n")
    assert "1 row rejected [ragged-row]: line 4" in run.err
    assert "someone@example.org" not in run.err + run.out
    assert "someone@example.org" in rejects.read_text()


def test_the_fingerprint_goes_by_the_calendar_not_by_the_years_of_the_data(cli):
    def fingerprint(text: bytes, *more: str) -> str:
        out = cli(
            "report", "-", "--hours", "mon-fri 09:00-18:00", "--holidays", "RU", "-f", "json", *more, stdin=text
        ).out
        return out.split('"fingerprint": "')[1].split('"')[0]

    assert fingerprint(CSV) == fingerprint(CSV.replace(b"2026", b"2021"))
    assert fingerprint(CSV) != fingerprint(CSV, "--hours", "mon-fri 09:00-17:00")


def test_a_file_without_dates_has_no_zone_to_assume(cli):
    run = cli("report", "-", stdin=b"id,status,First response time (min)\n1,open,\n2,closed,30\n")
    assert run.code == 0
    assert "zone" not in run.err + run.out


def test_a_period_after_the_data_has_no_numbers(cli):
    out = cli("report", "-", "-p", "2027", "-f", "csv", stdin=CSV).out
    states = {line.split(",")[0]: line for line in out.splitlines() if ",value," in line}
    assert "the data ends on 2026-03-14" in states["tickets_created"]
    assert "the data ends on 2026-03-14" in states["backlog"]


def test_nought_solved_in_a_group_is_a_number(cli):
    rows = cli("report", "-", "--by", "status", "--kpi", "tickets_solved", "-f", "plain", stdin=CSV).out.splitlines()
    assert [line.split("\t")[:6] for line in rows if "\tstatus\t" in line and line.startswith("tickets_solved")]


def test_unknown_status_words_are_named(cli):
    odd = CSV.replace(b",open\n2", b",weird\n2")
    assert "status words not understood: weird (1)" in " ".join(cli("report", "-", stdin=odd).out.split())


def test_a_format_that_was_asked_for_is_printed_beside_the_files(cli, tmp_path):
    run = cli("report", "-", "-f", "json", "-o", str(tmp_path / "r.md"), stdin=CSV)
    assert run.out.startswith("{")
    assert (tmp_path / "r.md").exists()


def test_a_question_from_one_to_ten_is_asked_about(cli):
    answers = "date,customer,NPS\n" + "".join(f"2026-03-{1 + i % 28:02},c{i},{1 + i % 10}\n" for i in range(40))
    out = " ".join(cli("report", "-", stdin=answers.encode()).out.split())
    assert "none of 40 answers is 0 while 1 occurs" in out
