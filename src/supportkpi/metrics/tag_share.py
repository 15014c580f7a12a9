"""Share of tickets by tag (method 2.14)."""

from supportkpi.metrics import Metric, TagShare

METRIC = Metric(
    name="tag_share",
    title="Tickets by tag",
    abbr="Tags",
    unit="ratio",
    direction="none",
    definition="Tickets created in the period with a tag, as a share of all of them: with any tag, and with each.",
    why="What customers write about, in the words of those who answer them.",
    over="tickets",
    dated_by="created",
    measure=TagShare(),
    rank=78,
    reads=("tags", "created_at"),
    caveats=(
        "A ticket with several tags counts for each of them: the shares of tags do not add up.",
        "The 20 most frequent tags have a row each; the count tags says how many there are.",
    ),
    shown_with=("tickets_created",),
)
