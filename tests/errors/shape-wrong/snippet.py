import polars as pl

import supportkpi as sk

sk.dataset(events=pl.DataFrame({"ticket_id": ["101"], "at": ["2026-03-02 09:10"], "kind": ["created"]}))
