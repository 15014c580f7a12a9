"""CSAT (method 2.4)."""

from supportkpi.metrics import Metric, Satisfaction

METRIC = Metric(
    name="csat",
    title="Customer satisfaction, share satisfied",
    abbr="CSAT",
    unit="ratio",
    direction="higher",
    definition=(
        "Satisfied ratings as a share of all valid ratings, on a known scale; the last rating of a ticket counts."
    ),
    why="How one contact was felt. Read it with the share that answered: the silent may feel otherwise.",
    over="surveys",
    dated_by="rated",
    measure=Satisfaction(instrument="csat"),
    rank=50,
    headline=True,
    owner="rated_agent",
    stats=("value", "by_customer", "strict", "dissatisfied", "net", "worst_case", "best_case"),
    stat_units={"net": "points"},
    caveats=(
        "Satisfied is 4 and 5 of 5, 'good' of good and bad, 9 and 10 of ten; three-word scales must be declared.",
        "Values outside the scale are invalid and counted; no rating is no value, never 0 %.",
        "worst_case and best_case bound it if nothing is assumed about those who did not answer.",
    ),
    sources=("Zendesk and Intercom: top-box share", "Help Scout: happiness score (net)", "Wilson 1927"),
    shown_with=("csat_response_rate",),
)
