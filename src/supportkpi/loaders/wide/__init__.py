"""Wide: a table with one row a ticket, or one row an answer, to stamps, tickets and surveys."""
