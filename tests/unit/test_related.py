"""Tables of a warehouse in one folder: joined by their keys, each row accounted for, in whatever order they come."""
# ruff: noqa: E501 - rows of tables are as long as they are

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from supportkpi import pipeline
from supportkpi.decisions import Reading
from supportkpi.errors import NotRecognised
from supportkpi.loaders import helpdesks
from supportkpi.loaders.related import sources
from supportkpi.schema import Dataset, Extent, FileLedger, Sight, log

ZENDESK = {
    "ticket.csv": """id,_fivetran_synced,assignee_id,created_at,group_id,requester_id,status,submitter_id,updated_at,via_channel,priority
1,2026-04-01 00:00:00,90,2026-03-02 10:00:00,70,11,closed,11,2026-03-03 09:00:00,email,high
2,2026-04-01 00:00:00,91,2026-03-02 11:00:00,71,12,open,90,2026-03-02 12:00:00,web,
3,2026-04-01 00:00:00,,2026-03-02 12:00:00,70,11,deleted,11,2026-03-02 12:30:00,email,low
""",
    "ticket_field_history.csv": """field_name,ticket_id,updated,_fivetran_synced,user_id,value
status,1,2026-03-02 10:00:00,2026-04-01 00:00:00,11,new
status,1,2026-03-02 10:30:00,2026-04-01 00:00:00,90,solved
assignee_id,1,2026-03-02 10:05:00,2026-04-01 00:00:00,90,90
group_id,1,2026-03-02 10:05:00,2026-04-01 00:00:00,90,70
status,1,2026-03-03 09:00:00,2026-04-01 00:00:00,,closed
status,2,2026-03-02 11:00:00,2026-04-01 00:00:00,90,open
status,3,2026-03-02 12:30:00,2026-04-01 00:00:00,90,deleted
""",
    "ticket_comment.csv": """id,_fivetran_synced,body,created,public,ticket_id,user_id
1,2026-04-01 00:00:00,a,2026-03-02 10:00:00,TRUE,1,11
2,2026-04-01 00:00:00,b,2026-03-02 10:10:00,FALSE,1,90
3,2026-04-01 00:00:00,c,2026-03-02 10:30:00,TRUE,1,90
4,2026-04-01 00:00:00,d,2026-03-02 11:00:00,TRUE,2,90
5,2026-04-01 00:00:00,e,2026-03-02 12:00:00,TRUE,2,12
6,2026-04-01 00:00:00,f,2026-03-02 12:00:00,TRUE,3,11
""",
    "user.csv": """id,_fivetran_synced,name,role,email
11,2026-04-01 00:00:00,Ann,end-user,ann@example.org
12,2026-04-01 00:00:00,Bob,end-user,bob@example.org
90,2026-04-01 00:00:00,Agent A,agent,a@example.org
91,2026-04-01 00:00:00,Agent A,admin,b@example.org
""",
    "group.csv": "id,_fivetran_synced,name,created_at\n70,2026-04-01 00:00:00,First line,2020-01-01 00:00:00\n",
    "ticket_tag.csv": "tag,ticket_id,_fivetran_synced\nvip,1,2026-04-01\nrefund,1,2026-04-01\nvip,1,2026-04-01\n",
    "satisfaction_rating.csv": """id,_fivetran_synced,ticket_id,requester_id,assignee_id,score,created_at,updated_at
1,2026-04-01 00:00:00,1,11,90,good,2026-03-03 08:00:00,2026-03-03 08:30:00
2,2026-04-01 00:00:00,2,12,91,offered,2026-03-03 08:00:00,2026-03-03 08:00:00
""",
    "audit_log.csv": "id,_fivetran_synced,action,created_at\n5,2026-04-01 00:00:00,update,2026-03-03 08:00:00\n",
    "strange_table.csv": "id,_fivetran_synced,created_at,status\n5,2026-04-01 00:00:00,2026-03-03 08:00:00,open\n",
}


def load(files: dict[str, str], **reading: object) -> Dataset:
    how = Reading(**reading)  # type: ignore[arg-type]
    return pipeline.load_held({name: text.encode() for name, text in files.items()}, reading=how)


def ledger(data: Dataset) -> dict[str, FileLedger]:
    for file in data.ledger:
        assert file.rows_read == file.used + sum(file.excluded.values()) + sum(file.rejected.values()), file.path
    return {file.path.removesuffix(".csv"): file for file in data.ledger}


def test_ids_become_names_and_authors_get_their_parts() -> None:
    data = load(ZENDESK)
    tickets = data.tickets.sort("ticket_id")
    assert tickets["group"].to_list() == ["First line", "71", "First line"], "an id that leads nowhere stays an id"
    assert tickets["assignee_id"].to_list() == ["Agent A (90)", "Agent A (91)", None], "two of one name stay apart"
    assert tickets["opener"].to_list() == ["customer", "agent", "customer"]
    assert tickets["tags"].to_list() == [["refund", "vip"], None, None]
    assert tickets["exclusion"].to_list() == [None, None, "deleted"]
    told = log(data).collect().filter(pl_is(ticket="1")).sort("at", "seq")
    assert [(row["kind"], row["actor"], row["value"]) for row in told.to_dicts()] == [
        ("created", None, None),
        ("message", "customer", None),
        ("status", "customer", "new"),
        ("assignee", "agent", "Agent A (90)"),
        ("group", "agent", "First line"),
        ("message", "agent", None),
        ("message", "agent", None),  # what was said comes before what it changed
        ("status", "agent", "solved"),
        ("status", None, "closed"),
    ]
    assert data.surveys.sort("ticket_id")["score"].to_list() == [1.0, None]
    assert data.surveys["at"].max() == datetime(2026, 3, 3, 8, 30, tzinfo=UTC)


def pl_is(ticket: str) -> pl.Expr:
    return pl.col("ticket_id").cast(pl.String) == ticket


def test_every_row_of_every_table_is_accounted_for() -> None:
    told = ledger(load(ZENDESK))
    assert (told["ticket"].used, told["ticket"].excluded) == (2, {"deleted": 1})
    assert (told["ticket_comment"].used, told["ticket_comment"].excluded) == (5, {"deleted": 1})
    assert (told["ticket_field_history"].used, told["ticket_field_history"].excluded) == (6, {"deleted": 1})
    assert all(told[name].used == told[name].rows_read for name in ("user", "group", "ticket_tag"))
    assert told["audit_log"].excluded == {"not_needed": 1}
    assert told["strange_table"].excluded == {"not_needed": 1}, "a table of the same connector that nobody knows"


def test_every_event_is_shown_where_every_table_is_there() -> None:
    observes = load(ZENDESK).observes
    wanted = (
        "created",
        "request",
        "reply",
        "note",
        "solve",
        "reopen",
        "status",
        "assignee",
        "group",
        "offer",
        "rating",
    )
    assert all(observes[Sight(name)] == Extent.EVERY for name in wanted)


def test_the_order_of_the_files_does_not_matter() -> None:
    one, other = load(ZENDESK), load(dict(reversed(ZENDESK.items())))
    order = ["ticket_id", "at", "seq", "kind"]
    assert one.tickets.sort("ticket_id").equals(other.tickets.sort("ticket_id"))
    assert log(one).collect().sort(order).equals(log(other).collect().sort(order))
    assert one.observes == other.observes
    assert ledger(one) == ledger(other)


@pytest.mark.parametrize(
    "name", ["user", "group", "ticket_tag", "audit_log", "brand", "schedule", "status", "team", "ticket_form"]
)
def test_alone_a_table_of_names_is_refused_and_not_counted_as_tickets(name: str) -> None:
    lone = {
        "brand": "id,_fivetran_synced,name,active\n1,2026-04-01,North,TRUE\n",
        "schedule": "id,_fivetran_synced,start_time,end_time,time_zone,created_at\n1,2026-04-01,480,1080,UTC,2020-01-01\n",
        "status": "id,_fivetran_synced,name,status_category_id\n1,2026-04-01,Open,4\n2,2026-04-01,Done,3\n",
        "team": "id,_fivetran_synced,name,created_at\n1,2026-04-01,Blue,2020-01-01 00:00:00\n",
        "ticket_form": "id,_fivetran_synced,name,created_at\n1,2026-04-01,Blue,2020-01-01 00:00:00\n",
    }
    text = lone.get(name) or ZENDESK[f"{name}.csv"]
    with pytest.raises(NotRecognised, match="none of tickets or answers"):
        load({f"{name}.csv": text})


def test_without_users_the_requester_tells_who_is_the_customer() -> None:
    data = load({name: text for name, text in ZENDESK.items() if name != "user.csv"})
    assert any("requester of the ticket is the customer" in said for said in data.assumptions)
    assert data.tickets.sort("ticket_id")["assignee_id"].to_list() == ["90", "91", None]


def test_an_author_whom_no_user_stands_for_is_the_customer_where_he_asked() -> None:
    users = "\n".join(line for line in ZENDESK["user.csv"].splitlines() if not line.startswith(("11,", "12,"))) + "\n"
    data = load({**ZENDESK, "user.csv": users})
    assert data.observes[Sight.request] == Extent.EVERY


def test_one_source_may_be_asked_for_and_other_tables_are_read_as_they_are() -> None:
    bare = {name: text.replace("_fivetran_synced", "loaded") for name, text in ZENDESK.items()}
    names = ("ticket.csv", "ticket_comment.csv", "user.csv")
    data = load({name: bare[name] for name in names}, helpdesk="zendesk_tables")
    assert {one.helpdesk for one in data.provenance} == {"zendesk_tables"}
    lone = load({"tickets.csv": bare["ticket.csv"]})
    assert lone.provenance[0].helpdesk != "zendesk_tables", "one file without a connector's marks may be any export"


JIRA = {
    "issue.csv": """id,_fivetran_synced,assignee,created,creator,issue_type,key,priority,project,reporter,resolved,status,updated
10,2026-04-01 00:00:00,a1,2026-03-02 10:00:00,r1,5,TP-1,2,7,r1,2026-03-03 10:00:00,30,2026-03-03 10:00:00
11,2026-04-01 00:00:00,,2026-03-02 11:00:00,r2,5,TP-2,3,7,r2,,31,2026-03-02 11:00:00
""",
    "issue_field_history.csv": """field_id,issue_id,time,_fivetran_synced,value,author_id
status,10,2026-03-02 10:00:00,2026-04-01 00:00:00,32,r1
status,10,2026-03-02 12:00:00,2026-04-01 00:00:00,31,a1
status,10,2026-03-03 10:00:00,2026-04-01 00:00:00,30,a1
assignee,10,2026-03-02 12:00:00,2026-04-01 00:00:00,a1,a1
status,11,2026-03-02 11:00:00,2026-04-01 00:00:00,31,r2
customfield_1,11,2026-03-02 11:00:00,2026-04-01 00:00:00,x,r2
""",
    "comment.csv": """id,_fivetran_synced,author_id,body,created,is_public,issue_id
1,2026-04-01 00:00:00,a1,b,2026-03-02 12:30:00,TRUE,10
2,2026-04-01 00:00:00,r2,b,2026-03-02 12:30:00,TRUE,11
3,2026-04-01 00:00:00,a1,b,2026-03-02 12:31:00,FALSE,11
""",
    "status.csv": """id,_fivetran_synced,name,status_category_id
30,2026-04-01,Shipped,3
31,2026-04-01,Waiting for customer,4
32,2026-04-01,Inbox,2
""",
    "status_category.csv": "id,_fivetran_synced,name\n2,2026-04-01,To Do\n3,2026-04-01,Done\n4,2026-04-01,In Progress\n",
    "priority.csv": "id,_fivetran_synced,name\n2,2026-04-01,High\n3,2026-04-01,Medium\n",
    "resolution.csv": "id,_fivetran_synced,name\n2,2026-04-01,Done\n",
    "issue_type.csv": "id,_fivetran_synced,name\n5,2026-04-01,Incident\n",
    "user.csv": "id,_fivetran_synced,name,locale\na1,2026-04-01,Tom,en\nr1,2026-04-01,Ann,en\n",
}


def test_ids_of_jira_are_read_through_their_tables_and_statuses_by_their_category() -> None:
    data = load(JIRA)
    tickets = data.tickets.sort("ticket_id")
    assert tickets["ticket_id"].to_list() == ["TP-1", "TP-2"]
    assert tickets["status"].to_list() == ["solved", "pending"], "Shipped is done; within progress the name decides"
    assert tickets["priority"].to_list() == ["high", "normal"]
    assert tickets["category"].to_list() == ["Incident", "Incident"]
    assert tickets["assignee_id"].to_list() == ["Tom", None]
    told = log(data).collect().filter(pl_is(ticket="TP-1")).sort("at", "seq")
    statuses = told.filter(told["kind"] == "status")
    assert statuses["value"].cast(str).to_list() == ["new", "pending", "solved"]
    assert statuses["raw"].cast(str).to_list() == ["Inbox", "Waiting for customer", "Shipped"]
    assert data.observes[Sight.status] == data.observes[Sight.reply] == Extent.EVERY
    assert ledger(data)["resolution"].excluded == {"not_needed": 1}, "no issue names a resolution"


INTERCOM = {
    "conversation_history.csv": """id,updated_at,_fivetran_synced,assignee_id,assignee_type,conversation_rating_created_at,conversation_rating_value,created_at,priority,source_author_id,source_author_type,source_type,state,_fivetran_active
1,2026-03-02 10:00:00,2026-04-01,,,,,2026-03-02 10:00:00,not_priority,u1,user,conversation,open,false
1,2026-03-02 11:00:00,2026-04-01,9,admin,2026-03-02 12:00:00,4,2026-03-02 10:00:00,not_priority,u1,user,conversation,closed,true
2,2026-03-02 11:00:00,2026-04-01,5,team,,,2026-03-02 10:30:00,priority,9,admin,email,open,true
""",
    "conversation_part_history.csv": """id,_fivetran_synced,assigned_to_id,assigned_to_type,author_id,author_type,conversation_id,created_at,part_type,body,_fivetran_active
1,2026-04-01,5,team,b,bot,1,2026-03-02 10:01:00,assignment,,true
2,2026-04-01,9,admin,9,admin,1,2026-03-02 10:02:00,assignment,,true
3,2026-04-01,,,9,admin,1,2026-03-02 10:20:00,close,bye,true
4,2026-04-01,,,9,admin,1,2026-03-02 10:20:00,comment,older,false
5,2026-04-01,,,u1,user,1,2026-03-02 10:40:00,open,,true
6,2026-04-01,,,9,admin,1,2026-03-02 10:50:00,note,psst,true
7,2026-04-01,,,9,admin,1,2026-03-02 11:00:00,close,,true
8,2026-04-01,,,u2,user,2,2026-03-02 11:00:00,comment,hm,true
""",
    "admin.csv": "id,_fivetran_synced,name,email\n9,2026-04-01,Agent A,a@example.org\n",
    "team.csv": "id,_fivetran_synced,name\n5,2026-04-01,Blue\n",
    "tag.csv": "id,_fivetran_synced,name\n1,2026-04-01,refund\n",
    "conversation_tag_history.csv": "tag_id,conversation_id,_fivetran_synced,_fivetran_active\n1,1,2026-04-01,true\n",
}


def test_conversations_of_intercom_with_what_is_said_and_done_in_one_part() -> None:
    data = load(INTERCOM)
    tickets = data.tickets.sort("ticket_id")
    assert tickets["assignee_id"].to_list() == ["Agent A", None]
    assert tickets["group"].to_list() == [None, "Blue"], "the conversation itself names whom it is with"
    assert tickets["opener"].to_list() == ["customer", "agent"]
    assert tickets["tags"].to_list() == [["refund"], None]
    told = log(data).collect().filter(pl_is(ticket="1")).sort("at", "seq")
    shown = [(row["kind"], row["actor"], row["public"], row["value"]) for row in told.to_dicts()]
    assert ("message", "agent", True, None) in shown, "the answer with which an agent closed"
    assert ("message", "agent", False, None) in shown
    assert [value for kind, _, _, value in shown if kind == "status"] == ["closed", "open", "closed"]
    assert [value for kind, _, _, value in shown if kind == "assignee"] == ["Agent A"]
    assert [value for kind, _, _, value in shown if kind == "group"] == ["Blue"]
    assert data.surveys["score"].drop_nulls().to_list() == [4.0]
    file = ledger(data)
    assert file["conversation_history"].excluded == {"superseded": 1}
    assert file["conversation_part_history"].excluded == {"superseded": 1}


def test_only_questions_of_recommendation_are_scores_of_qualtrics() -> None:
    files = {
        "survey_response.csv": "id,_fivetran_synced,recorded_date,status,survey_id\nR1,2026-04-01,2026-03-01 10:00:00,0,S1\n",
        "question.csv": "id,survey_id,_fivetran_synced,question_type,selector\nQ1,S1,2026-04-01,MC,NPS\nQ2,S1,2026-04-01,MC,SAVR\n"
        "Q2,S2,2026-04-01,MC,NPS\n",
        "question_response.csv": "_fivetran_id,_fivetran_synced,question_id,response_id,value\n"
        "a,2026-04-01,Q1,R1,9\nb,2026-04-01,Q2,R1,3\n",
    }
    data = load(files)
    assert [(row["instrument"], row["score"], row["at"]) for row in data.surveys.to_dicts()] == [
        ("nps", 9.0, datetime(2026, 3, 1, 10, tzinfo=UTC))
    ]
    assert ledger(data)["question_response"].excluded == {"no_rating": 1}
    del files["question.csv"]
    with pytest.raises(NotRecognised, match="none of tickets or answers"):
        load(files)


def test_cases_of_salesforce_with_their_history_and_mails() -> None:
    data = load(
        {
            "Case.csv": "Id,CaseNumber,IsDeleted,AccountId,ContactId,Status,Priority,Origin,IsClosed,ClosedDate,OwnerId,CreatedDate,SystemModstamp\n"
            "500A,00001,0,001A,003A,Closed,High,Email,1,2026-03-02T12:00:00.000Z,005A,2026-03-02T10:00:00.000Z,2026-03-02T12:00:00.000Z\n"
            "500B,00002,1,001A,003A,New,High,Email,0,,005A,2026-03-02T10:00:00.000Z,2026-03-02T12:00:00.000Z\n",
            "CaseHistory.csv": "Id,CaseId,CreatedById,CreatedDate,Field,OldValue,NewValue\n"
            "h1,500A,005A,2026-03-02T11:00:00.000Z,Status,New,Working\nh2,500A,005A,2026-03-02T12:00:00.000Z,Status,Working,Closed\n",
            "EmailMessage.csv": "Id,ParentId,Incoming,MessageDate\nm1,500A,true,2026-03-02T10:00:00.000Z\n"
            "m2,500A,false,2026-03-02T10:30:00.000Z\n",
            "User.csv": "Id,Name,Username\n005A,Agent A,a@example.org\n",
            "Account.csv": "Id,Name,Industry\n001A,Northwind,Retail\n",
        }
    )
    assert data.tickets.select("ticket_id", "assignee_id", "organization_id").rows() == [
        ("00001", "Agent A", "Northwind")
    ]
    told = log(data).collect().sort("at", "seq")
    assert told["kind"].cast(str).to_list() == ["created", "message", "message", "status", "status"]
    assert ledger(data)["Case"].excluded == {"deleted": 1}


def test_every_source_is_a_sound_file_and_listed() -> None:
    listed = {one.id for one in helpdesks()}
    for name, source in sources().items():
        assert source.id == name
        assert name in listed
        assert any(page.is_read for page in source.tables.values())
        for table, page in source.tables.items():
            assert page.sure or page.names, table
            if page.is_read:
                assert source.mapping(table, {}).columns
