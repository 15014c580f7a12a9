"""The version of the tool: the one place that knows it."""

VERSION = "0.1.0"
MINOR = ".".join(VERSION.split(".")[:2])
"""Numbers of one minor version mean the same."""
