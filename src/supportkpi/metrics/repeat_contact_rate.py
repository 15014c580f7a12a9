"""Repeat-contact rate (method 2.7)."""

from supportkpi.metrics import Metric, RepeatShare

METRIC = Metric(
    name="repeat_contact_rate",
    title="Repeat contacts",
    abbr="Repeats",
    unit="ratio",
    direction="lower",
    definition=(
        "Tickets created within 7 days after another of the same customer on the same category was solved, as a share "
        "of the tickets whose customer is known."
    ),
    why="What was solved and was not: work done twice, and the surest sign that a fast answer was no help.",
    over="tickets",
    dated_by="created",
    measure=RepeatShare(),
    rank=43,
    headline=True,
    owner="solver",
    stats=("lookback", "lookforward", "customers"),
    reads=("is_repeat", "has_repeat", "is_parallel", "has_lead_in", "requester_id", "category", "is_resolved"),
    caveats=(
        "lookback is dated by creation: tickets that repeat one that was solved before.",
        "lookforward is dated by the solution: solved tickets that were followed by one; those solved less than the "
        "window before the newest ticket cannot be judged and are counted as immature.",
        "customers is the share of customers with two tickets or more on one category in the period.",
        "Tickets opened while an older one was still open are parallel: counted apart, no repeats.",
        "The count no_lead_in is of tickets created less than the window after the first one of the data: what they "
        "may repeat is not in it, so that lookback is a lower bound.",
        "Without a category the customer alone is compared: an upper bound.",
    ),
    sources=("SQM: return within 7 days", "Wilson 1927"),
    shown_with=("first_contact_resolution",),
)
