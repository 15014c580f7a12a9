"""The page of ``explain mapping``: the vocabulary of a mapping file, an example, and every field that there is."""

from __future__ import annotations

from supportkpi.loaders.mapping._fields import FIELDS

EXAMPLE = """\
id: our_register                            # the name of --helpdesk
title: Our own register
confidence: confirmed                       # or documented, partial: what is known of the layout
recognise: {all: [No, Opened, Answered]}    # headers that give the file away (also any, of, none)
rows: ticket                                # a row a ticket, or survey, or target, or of a log: update, message
columns:                                    # field: the column that holds it, or several that may
  ticket_id: No
  created_at: Opened
  first_reply_at: [Answered, First answer]
  solved_at: Done
  status: State
dates: {format: "%d.%m.%Y %H:%M", zone: Europe/Berlin}      # where the file is silent; dayfirst
values:                                     # its own words for status, priority, channel, exclusion
  status: {N: new, W: open, K: pending, E: solved}
missing: ["-"]                              # words that stand for "nothing"
given:                                      # numbers that the helpdesk worked out itself
  first_response_s: {column: Minutes to answer, unit: minutes, clock: business}
  handle_s: {column: Minutes of work, unit: minutes, zero: missing}       # it writes 0 where it has no number
  sla_resolution_met: {column: In time, values: {ok: true, late: false, running: null}}     # null: not decided
  sla_first_response_met: {column: Minutes to spare, unit: left}          # late is what is below zero
ratings:                                    # csat, nps or ces
  csat: {column: Mark, scale: 1-5, answers: {very good: 5, good: 4}, offered: asked, unoffered: no}
  nps: {column: Mark, scale: 0-10, when: {Survey: nps}}     # only rows that have that word there
keep: [Branch, Product]                     # more columns for --by and --where; default: all
"""
LOG = """\
id: our_log                                 # a log: one row an event, a change, an update or a message
rows: update                                # message, where each row is one
begins: true                                # false: the first row of a ticket is not how it began
columns:
  ticket_id: No
  at: When                                  # the one column that a log must have besides the ticket
  activity: What
  actor: Who                                # role says whether that is a customer, an agent, a bot or the system
  role: Part
  public: Visible
  field: Field                              # the field that was changed, from old to new
  old: Was
  new: Became
values:                                     # an activity is created, request, reply, bot_reply, note, message, handoff,
  activity: {Born: created, Wrote: reply, Done: {status: solved}, Passed on: group}  # escalation, nothing, or a change
  role: {K: customer, M: agent}             # of status, priority, assignee, group, level whose value stands in new
  public: {intern: false, extern: true}
  field: {State: status, Handler: assignee}
"""
TARGETS = """\
id: our_targets                             # what was agreed for each ticket, beside the tickets: one row a target
rows: target
columns: {ticket_id: No, target: Agreement, stage: State, at: From, due_at: Until, met_at: Ended, breached: Missed}
values:
  target: {Answer: first_response, Repair: resolution, "*": nothing}   # "*" is any other word
  stage: {Runs: running, Done: ended, Late: breached, Withdrawn: cancelled}
"""
MAPPING_HELP = (
    """A mapping says how the table of one helpdesk is read: it names columns, words and units, and computes nothing.
Use your own with --mapping FILE, or put it into the folder of helpdesks to have it recognised. Nothing but id is
required; headers are compared without regard to case and spaces at their ends."""
    + "\n\n"
    + EXAMPLE
    + "\n"
    + LOG
    + "\n"
    + TARGETS
)
"""What a mapping is for, and one that uses every key."""
FIELDS_HELP = tuple(f"{field.name}: {field.title}" for field in FIELDS.values() if not field.name.startswith("given_"))
"""Every field that stands under ``columns`` or ``ratings``, and in ``--map FIELD=COLUMN``: its name and what it is."""
