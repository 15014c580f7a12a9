"""Joining: the parts of all files to one Dataset, the same ticket once, every row accounted for."""
