"""Cost per contact (method 2.10)."""

from supportkpi.metrics import CostPerContact, Metric

METRIC = Metric(
    name="cost_per_contact",
    title="Cost per contact",
    abbr="CPC",
    unit="money",
    direction="lower",
    definition="Costs of the period divided by the contacts handled in it: tickets that a person answered or solved. "
    "A month that the period cuts counts by its days.",
    why="What one question costs. It falls when questions get easier, too: read it with first contact resolution.",
    over="series",
    dated_by="handled",
    measure=CostPerContact(),
    rank=68,
    headline=True,
    owner="solver",
    stats=("value", "per_created", "per_resolved", "of_repeats"),
    reads=(
        *("created_at", "first_agent_reply_at", "resolved_at", "is_handled"),
        *("cost", "currency", "channel", "channel_raw", "given_handle_s", "is_repeat"),
    ),
    min_sample=1,
    caveats=(
        "A ticket that is answered in one period and solved in the next is a contact of both.",
        "Only costs that were given count: salaries alone make a contact look cheap.",
        "of_repeats is what the repeats of the period cost, looking back (repeat_contact_rate), each at the cost of a "
        "contact, or at its own where each ticket has one; over_target counts those above a target for repeats.",
    ),
    sources=("MetricNet and HDI: operating expense of a period over its contacts handled",),
    shown_with=("first_contact_resolution", "csat"),
)
