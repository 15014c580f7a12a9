"""From facts to numbers."""
