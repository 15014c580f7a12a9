"""What the cells of a column say: instants, spans, numbers, ratings; chosen by column, never by cell."""
