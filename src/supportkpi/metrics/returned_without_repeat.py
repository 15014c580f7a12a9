"""Customers who came back without a repeat (method 2.7, rep-08)."""

from supportkpi.metrics import Metric, ReturnedShare

METRIC = Metric(
    name="returned_without_repeat",
    title="Customers active again without a repeat",
    abbr="Came back content",
    unit="ratio",
    direction="higher",
    definition=(
        "Customers who were active again (an order, a login) within 30 days after a solution and had no repeat ticket, "
        "as a share of the customers with a solved ticket that can be judged."
    ),
    why="Whether support keeps customers: an answer that leaves nothing to ask, and somebody who still buys.",
    over="tickets",
    dated_by="solved",
    measure=ReturnedShare(),
    rank=44,
    owner="solver",
    reads=("came_back_at", "is_absence_mature", "has_repeat", "requester_id", "is_resolved", "resolved_at"),
    caveats=(
        "Needs a file of what customers did: requester and date, in a table beside the tickets.",
        "A customer whose days after the last solution are not over is counted as immature.",
    ),
    shown_with=("repeat_contact_rate",),
)
