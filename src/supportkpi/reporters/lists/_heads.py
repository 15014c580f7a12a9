"""What a list comes to, in sentences: how many of how many, what is open among them, how the times are spread."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from supportkpi.lists import Head, List, Listing
from supportkpi.reporters._words import Words

_SLA = "sla_"


def sentences(listing: Listing, words: Words) -> Iterator[str]:
    """A sentence or two for each list; last how many tickets are on all of them."""
    for head in listing.heads:
        yield from _SAID[head.list](head, listing, words)
    cut = [head for head in listing.heads if head.list not in (List.sample, List.slowest)]
    if len(cut) > 1 and listing.asked.sample is None and listing.asked.slowest is None:
        yield words.ngettext(
            "{n} ticket is on all of these lists", "{n} tickets are on all of these lists", _n(listing)
        )


def _n(listing: Listing) -> int:
    return listing.tickets.height


def clocks_of(kpi: str | None, words: Words) -> str:
    """What a service level counts, in the plural."""
    _ = words.gettext
    named = {
        "first_response": _("first responses"),
        "next_response": _("next responses"),
        "resolution": _("solutions"),
        "update": _("updates"),
        "escalation": _("escalations"),
    }
    return named.get((kpi or "").removeprefix(_SLA), _("clocks"))


def _breached(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    _ = words.gettext
    what = clocks_of(head.what, words)
    if not head.n:
        yield _("none of {of} {what} is late").format(of=words.number(head.of or 0), what=what)
        return
    said = _("{n} of {of} {what} late: {closed} ended late, {open} still running")
    if head.what in ("sla_first_response", "sla_next_response"):
        said = _("{n} of {of} {what} late: {closed} answered late, {open} still waiting")
    elif head.what == "sla_resolution":
        said = _("{n} of {of} {what} late: {closed} solved late, {open} still open")
    numbers = {"n": head.n, "of": head.of or 0, "closed": head.n - head.n_open, "open": head.n_open}
    yield said.format(what=what, **{name: words.number(number) for name, number in numbers.items()})
    unanswered = head.beside.get("unanswered", 0)
    if unanswered:
        many = words.ngettext
        yield many("{n} of them was solved without a reply", "{n} of them were solved without a reply", unanswered)
    yield from _on_tickets(head, words)
    yield from _external(head, words)
    if head.spread is None:
        yield _("by how much is not known: the export says only that they are late")
        return
    total = words.duration(head.spread.total_s, days=not head.is_business)
    yield ", ".join((_("{total} late in all").format(total=total), *_spread(head, words)))


def _on_tickets(head: Head, words: Words) -> Iterator[str]:
    tickets = head.beside.get("tickets", head.n)
    if tickets != head.n:
        yield words.ngettext("they are of {n} ticket", "they are of {n} tickets", tickets)


def _external(head: Head, words: Words) -> Iterator[str]:
    external = head.beside.get("external", 0)
    if external:
        yield words.ngettext("{n} more has an agreed cause", "{n} more have an agreed cause", external)


def _spread(head: Head, words: Words) -> Iterator[str]:
    """Median, p90, and what the worst hold; of one time nothing."""
    spread = head.spread
    if spread is None or spread.n < 2:
        return
    _ = words.gettext
    yield _("median {time}").format(time=words.duration(spread.median_s, days=not head.is_business))
    yield _("p90 {time}").format(time=words.duration(spread.p90_s, days=not head.is_business))
    if spread.worst_share is not None:
        share = words.share(spread.worst_share, 0)
        yield words.ngettext(
            "the worst one holds {share} of it", "the worst {n} hold {share} of it", spread.worst, share=share
        )


def _at_risk(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    _ = words.gettext
    hours = _("{limit} of open hours") if head.is_business else "{limit}"
    yield words.ngettext(
        "{n} of {of} open clocks runs out within {limit}",
        "{n} of {of} open clocks run out within {limit}",
        head.n,
        of=words.number(head.of or 0),
        limit=hours.format(limit=head.limit),
    )
    yield from _on_tickets(head, words)
    late, paused = head.beside.get("late", 0), head.beside.get("paused", 0)
    if paused:
        yield words.ngettext("{n} of them stands still now", "{n} of them stand still now", paused)
    if late:
        yield words.ngettext("{n} more is late already: --breached", "{n} more are late already: --breached", late)


def _unanswered(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    yield words.ngettext(
        "{n} of {of} tickets still waits for a first answer",
        "{n} of {of} tickets still wait for a first answer",
        head.n,
        of=words.number(head.of or 0),
    )
    if found := ", ".join(_spread(head, words)):
        yield words.gettext("waiting: {times}").format(times=found)


def _silent(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    yield words.ngettext(
        "nothing has happened on {n} of {of} open tickets for {limit}",
        "nothing has happened on {n} of {of} open tickets for {limit}",
        head.n,
        of=words.number(head.of or 0),
        limit=head.limit,
    )


def _rated(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    _ = words.gettext
    text = _("{n} of {of} rated tickets are rated bad") if head.what == "bad" else None
    text = text or _("{n} of {of} rated tickets are rated good")
    yield text.format(n=words.number(head.n), of=words.number(head.of or 0))
    without = head.beside.get("without_ticket", 0)
    if without:
        yield words.ngettext("{n} rating is of no ticket here", "{n} ratings are of no ticket here", without)


def _reopened(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    text = words.gettext("{n} of {of} solved tickets were reopened")
    yield text.format(n=words.number(head.n), of=words.number(head.of or 0))
    if head.basis == "given":
        yield words.gettext("by the export's own count of reopenings")


def _repeat(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    text = words.gettext("{n} of {of} tickets repeat one that was solved shortly before")
    yield text.format(n=words.number(head.n), of=words.number(head.of or 0))


def _titled(head: Head, listing: Listing, words: Words) -> str:
    """The title of the KPI that a list goes by, as it stands in a sentence."""
    definition = listing.method.definitions.get(head.what or "")
    named = {
        "resolution_time": words.gettext("Resolution time"),
        "first_response_time": words.gettext("First response time"),
    }
    return definition.title if definition is not None else named.get(head.what or "", head.what or "")


def _slowest(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    yield words.ngettext(
        "{title}: the longest of {of}",
        "{title}: the {n} longest of {of}",
        head.n,
        title=_titled(head, listing, words),
        of=words.number(head.of or 0),
    )
    if head.n_open:
        yield words.ngettext("{n} of them is open and goes on", "{n} of them are open and go on", head.n_open)


def _kpi(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    _, counts = words.gettext, head.beside
    title = _titled(head, listing, words)
    if counts.get("x"):
        text = _("{title}: {x} in the numerator, {n} in the denominator")
        yield text.format(title=title, x=words.number(counts["x"]), n=words.number(counts["n"]))
    else:
        many = words.ngettext("{n} ticket stands behind it", "{n} tickets stand behind it", counts["n"])
        yield f"{title}: {many}"
    if counts.get("n_open"):
        yield words.ngettext("{n} is not decided yet", "{n} are not decided yet", counts["n_open"])
    if counts.get("without_ticket"):
        without = counts["without_ticket"]
        yield words.ngettext("{n} answer is of no ticket here", "{n} answers are of no ticket here", without)
    if head.spread is not None:
        yield ", ".join(_spread(head, words))


def _sample(head: Head, listing: Listing, words: Words) -> Iterator[str]:
    _ = words.gettext
    numbers = {"n": words.number(head.n), "of": words.number(head.of or 0), "seed": head.limit}
    if head.what is None:
        yield _("a sample of {n} of {of} tickets, seed {seed}").format(**numbers)
    else:
        text = _("a sample of {n} of {of} tickets, up to {take} for each {what}, seed {seed}")
        yield text.format(take=words.number(head.beside["take"]), what=head.what, **numbers)
        yield _("a result for all of them weighs each ticket by its weight")
    if head.beside.get("unhandled"):
        unhandled = head.beside["unhandled"]
        yield words.ngettext(
            "{n} ticket that no agent worked on is left out",
            "{n} tickets that no agent worked on are left out",
            unhandled,
        )


_SAID: Mapping[List, Callable[[Head, Listing, Words], Iterator[str]]] = {
    List.breached: _breached,
    List.at_risk: _at_risk,
    List.unanswered: _unanswered,
    List.silent: _silent,
    List.rated: _rated,
    List.reopened: _reopened,
    List.repeat: _repeat,
    List.slowest: _slowest,
    List.kpi: _kpi,
    List.sample: _sample,
}
