"""Checks as a JUnit XML file, as continuous integration reads it: suite, cases, failures, skipped, errors."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from supportkpi.checks import Checked, Gate, Result
from supportkpi.reporters._options import RenderOptions
from supportkpi.reporters._words import Words
from supportkpi.reporters.checks import _words as said

FORMAT = "junit"
SUFFIXES = (".xml",)
_FORBIDDEN = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(gate: Gate, options: RenderOptions) -> str:
    """One test case a check and group; a warning passes, no data is skipped, an error, or a failure."""
    words = Words(options.lang)
    cases = [_case(each, words) for each in gate.checks]
    tags = [child.tag for case in cases for child in case]
    counts = {
        "tests": str(len(cases)),
        "failures": str(tags.count("failure")),
        "errors": str(tags.count("error")),
        "skipped": str(tags.count("skipped")),
        "time": "0",
    }
    root = Element("testsuites", {"name": "supportkpi", **{k: v for k, v in counts.items() if k != "skipped"}})
    suite = SubElement(root, "testsuite", {"name": f"supportkpi {_clean(gate.method.period_label)}", **counts})
    properties = SubElement(suite, "properties")
    for name, text in _properties(gate, options):
        SubElement(properties, "property", {"name": name, "value": _clean(text)})
    suite.extend(cases)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _properties(gate: Gate, options: RenderOptions) -> list[tuple[str, str]]:
    rules = gate.method
    as_of = rules.as_of.isoformat() if rules.as_of is not None else ""
    return [
        ("period", rules.period_label),
        ("timezone", rules.timezone),
        ("as_of", as_of),
        ("calendar", rules.calendar or "24x7"),
        ("fingerprint", rules.fingerprint),
        ("config", options.config),
        ("version", options.tool_version),
    ]


def _case(checked: Checked, words: Words) -> Element:
    where = said.place(checked)
    name = said.name(checked, words) + (f"[{where}]" if where else "")
    case = Element("testcase", {"classname": "supportkpi", "name": _clean(name), "time": "0"})
    detail = said.detail(checked, words)
    if checked.result is Result.fail:
        element = SubElement(case, "failure", {"message": _clean(detail), "type": "check"})
        element.text = _clean(said.tickets(checked, words))
    elif checked.result is Result.no_data:
        tag = {"warn": "skipped", "fail": "failure", "error": "error"}[checked.check.no_data]
        SubElement(case, tag, {"message": _clean(checked.reason)})
    elif checked.result is Result.warn:
        SubElement(case, "system-out").text = _clean(detail)
    return case


def _clean(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)
