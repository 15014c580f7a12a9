"""Generic: tables that no mapping knows, read by synonyms that the values have to confirm."""
