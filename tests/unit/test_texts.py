"""Safe YAML: types of the core schema, places, bounds, and faults in plain words."""

from collections.abc import Callable
from typing import ClassVar, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from supportkpi.errors import (
    ConfigBroken,
    ConfigKey,
    ConfigQuotes,
    ConfigValue,
    KpiError,
    MappingInvalid,
    Where,
    ZoneUnknown,
)
from supportkpi.texts import MAPPING, Number, Text, in_place, load, meant, nearest, validate


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("on", "on"),
        ("yes", "yes"),
        ("9:00", "9:00"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("2026-03-09", "2026-03-09"),
        ("1-5", "1-5"),
        ("1_000", "1_000"),
        ("+5", "+5"),
        (".nan", ".nan"),
        ("12345678901234567890", "12345678901234567890"),
        ("=", "="),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("0.5", 0.5),
        ("-1.5e3", -1500.0),
        ("1e999", "1e999"),
        ('"7"', "7"),
        ("'true'", "true"),
        ("!!str 7", "7"),
        (">-\n  two\n  lines", "two lines"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: object) -> None:
    node = load(f"key: {text}\n")
    found = node.plain()
    assert found == {"key": value}
    assert type(found["key"]) is type(value)


def test_keys_are_text_whatever_they_look_like() -> None:
    assert load("{1: a, true: b, null: c, 2026-03-09: d}").plain() == {
        "1": "a",
        "true": "b",
        "null": "c",
        "2026-03-09": "d",
    }


def test_every_key_and_value_has_its_place() -> None:
    node = load("timezone: UTC\ncalendars:\n  офис: {hours: [a, b]}\n", path="supportkpi.yaml")
    assert node.key_place("calendars", "офис") == Where(path="supportkpi.yaml", line=3, column=3)
    assert node.place("calendars", "офис", "hours", 1) == Where(path="supportkpi.yaml", line=3, column=21)
    assert str(node.place("timezone")) == "supportkpi.yaml:1:11"


def test_a_scalar_keeps_the_words_that_were_written() -> None:
    assert load("a: 0.90").child("a").text == "0.90"


def test_an_alias_stands_for_its_value() -> None:
    assert load("a: &week [x, y]\nb: *week").plain() == {"a": ["x", "y"], "b": ["x", "y"]}


def test_a_mark_at_the_start_and_windows_line_ends_are_no_fault() -> None:
    assert load("\ufeffa: 1\r\nb: 2\r\n").plain() == {"a": 1, "b": 2}


@pytest.mark.parametrize("text", ["", "\n", "# only a comment\n", "---\n"])
def test_an_empty_text_is_nothing(text: str) -> None:
    assert load(text).plain() is None


@pytest.mark.parametrize(
    ("text", "value", "place", "hint"),
    [
        ("targets:\n  csat: >= 90%\n", ">= 90%", "c.yaml:2:9", 'write csat: ">= 90%"'),
        ("csat: > 90%   # good\n", "> 90%", "c.yaml:1:7", 'write csat: "> 90%"'),
        ("csat: >9\nnps: 1\n", ">9", "c.yaml:1:7", 'write csat: ">9"'),
        ("t: {csat: >= 90%, nps: 50}\n", ">= 90%", "c.yaml:1:11", 'write csat: ">= 90%"'),
        ("оценка: >= 90%\n", ">= 90%", "c.yaml:1:9", 'write оценка: ">= 90%"'),
        ("- >= 5\n", ">= 5", "c.yaml:1:3", 'write ">= 5"'),
        ("a: | b\n", "| b", "c.yaml:1:4", 'write a: "| b"'),
        ("a: @home\n", "@home", "c.yaml:1:4", 'write a: "@home"'),
        ("a: %d.%m\n", "%d.%m", "c.yaml:1:4", 'write a: "%d.%m"'),
        ("a: `b`\n", "`b`", "c.yaml:1:4", 'write a: "`b`"'),
        ("a: *bot*\n", "*bot*", "c.yaml:1:4", 'write a: "*bot*"'),
        ("a: &b\n", "&b", "c.yaml:1:4", 'write a: "&b"'),
        ("a: !important x\n", "!important x", "c.yaml:1:4", 'write a: "!important x"'),
    ],
)
def test_a_sign_that_yaml_takes_for_its_own_wants_quotes(text: str, value: str, place: str, hint: str) -> None:
    with pytest.raises(ConfigQuotes) as raised:
        load(text, path="c.yaml")
    assert raised.value.message.startswith(f"`{value}` must stand in quotes: YAML takes a bare {value[0]} for ")
    assert str(raised.value.where) == place
    assert raised.value.hint == hint


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: b: c\n", "a second colon stands in one value", 1),
        ("a:\n\t- b\n", "a tab stands where YAML takes only spaces", 2),
        ("x: 1\na: [1, 2\nb: 3\n", "a [ is opened here and not closed", 2),
        ("x: 1\na: {b: 1\nc: 2\n", "a { is opened here and not closed", 2),
        ("x: 1\na: [1, , 2]\n", "a value is missing in brackets", 2),
        ("x: 1\na: 'open\nb: 2\n", "a quote is opened here and never closed", 2),
        ("- a\nb: c\n", "this line does not fit the list above it", 2),
        ("a: 1\n  b: 2\n", "a second colon", 2),
        ("a:\n  b: 1\n c: 2\n", "this line does not fit the keys above it", 3),
        ("a: 1\njust words\nb: 2\n", "this line has no colon behind its key", 3),
        ("a: 1\nb: 2\na: 3\n", "`a` stands here a second time", 3),
        ("a: &x [*x]\n", "`*x` repeats the value that it stands in, without end", 1),
        ("a: &x 1\n<<: *x\n", "merging with `<<` is not taken here", 2),
        ("a: 1\n---\nb: 2\n", "a second document begins here", 3),
        ("{{name}}: 1\n", "a key must be plain text", 1),
        ("? [a]\n: b\n", "a key must be plain text", 1),
        ("a: !!python/object:os.system {}\n", "a value's type cannot be set with !!", 1),
        ("a: !!timestamp 2026-01-01\n", "a value's type cannot be set with !!", 1),
        ("a: 1\nb: \x07\n", "a character is not allowed here: U+0007", 2),
        ("a: \ud800\n", "a character is not allowed here: U+D800", 1),
    ],
)
def test_what_is_not_yaml_says_what_is_wrong_and_where(text: str, message: str, line: int) -> None:
    with pytest.raises(ConfigBroken) as raised:
        load(text, path="c.yaml")
    assert message in raised.value.message
    assert raised.value.where is not None
    assert raised.value.where.line == line


def _laughs() -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 9)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (_laughs, "expands to more values than any settings need"),
        (lambda: "[" * 100_000, "nested more than 40 levels deep"),
        (lambda: "{a: " * 100_000, "nested more than 40 levels deep"),
        (lambda: "# " + "x" * 1_100_000, "larger than 1024 KiB"),
    ],
)
def test_bounds_hold_without_long_work(text: Callable[[], str], message: str) -> None:
    with pytest.raises(ConfigBroken, match=message):
        load(text())


@given(st.text(alphabet="ab:-[]{},&*!|>'\"%@`#?\n\t \\<=0\u0436\x00\ufeff", max_size=40))
def test_any_text_is_read_or_refused_by_name(text: str) -> None:
    refusal: KpiError | None = None
    try:
        load(text, path="c.yaml").plain()
    except KpiError as error:
        refusal = error
    assert refusal is None or (refusal.where is not None and refusal.where.path == "c.yaml")


def test_faults_of_a_mapping_are_mapping_errors() -> None:
    for text in ("a: >= 5", "a: [", "a: 1\na: 2"):
        with pytest.raises(MappingInvalid):
            load(text, faults=MAPPING)


@pytest.mark.parametrize(
    ("word", "candidates", "found"),
    [
        ("calender", ["calendar", "calendars", "csat"], "calendar"),
        ("time-zone", ["timezone", "targets"], "timezone"),
        ("Time Zone", ["timezone"], "timezone"),
        ("решена", ["Решено", "Закрыто"], "Решено"),
        ("ёлка", ["tickets"], None),
        ("x", [], None),
    ],
)
def test_the_nearest_word(word: str, candidates: list[str], found: str | None) -> None:
    assert nearest(word, candidates) == found
    assert meant(word, candidates) == (None if found is None else f"did you mean {found}?")


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")
    LATER: ClassVar[frozenset[str]] = frozenset({"deadline"})

    kind: Literal["first", "last"] = "first"
    size: Number = Field(default=1.0, description="a size in metres")
    name: Text = "x"
    on: StrictBool = True


def _zone(value: str) -> str:
    raise ZoneUnknown(f'no time zone is called "{value}"', hint="did you mean UTC?")


class Outer(BaseModel):
    model_config = ConfigDict(extra="forbid")

    must: str
    inner: Inner = Field(default_factory=Inner)
    named: dict[str, list[Inner]] = Field(default={})
    zone: str | None = None


@pytest.mark.parametrize(
    ("text", "kind", "message", "place", "hint"),
    [
        ("inner: {}\n", ConfigKey, "`must` is missing", "c.yaml:1:1", None),
        ("must: 5\n", ConfigValue, "`must` takes text, not 5", "c.yaml:1:7", None),
        ("must:\n", ConfigValue, "`must` takes text, not nothing", "c.yaml:1:1", None),
        (
            "must: x\ninnner: {}\n",
            ConfigKey,
            "`innner` is no key that is known here",
            "c.yaml:2:1",
            "did you mean inner?",
        ),
        (
            "must: x\ninner: {zzz: 1}\n",
            ConfigKey,
            "`inner.zzz` is no key that is known here",
            "c.yaml:2:9",
            "the keys here are kind, size, name, on",
        ),
        (
            "must: x\ninner: {deadline: 1}\n",
            ConfigKey,
            "`inner.deadline` is not supported yet by this version",
            "c.yaml:2:9",
            "leave it out: the keys here are kind, size, name, on",
        ),
        (
            "must: x\nnamed: {a: [{}, {kynd: first}]}\n",
            ConfigKey,
            "`named.a[1].kynd` is no key that is known here",
            "c.yaml:2:18",
            "did you mean kind?",
        ),
        (
            "must: x\ninner:\n  kind: lst\n",
            ConfigValue,
            '`inner.kind` takes first or last, not "lst"',
            "c.yaml:3:9",
            "did you mean last?",
        ),
        (
            "must: x\ninner: {size: '5'}\n",
            ConfigValue,
            '`inner.size`: a number is wanted, not "5"',
            "c.yaml:2:15",
            "it takes a size in metres",
        ),
        (
            "must: x\ninner: {size: true}\n",
            ConfigValue,
            "`inner.size`: a number is wanted, not true",
            "c.yaml:2:15",
            None,
        ),
        (
            "must: x\ninner: {name: 1.10}\n",
            ConfigValue,
            "`inner.name`: 1.1 is not text",
            "c.yaml:2:15",
            "put it in quotes",
        ),
        ("must: x\ninner: {on: yes}\n", ConfigValue, '`inner.on` takes true or false, not "yes"', "c.yaml:2:13", None),
        ("must: x\ninner: [1]\n", ConfigValue, "`inner` takes keys with values, not a list", "c.yaml:2:8", None),
        ("- must\n", ConfigValue, "the file takes keys with values, not a list", "c.yaml:1:1", None),
        ("inner: {on: 1}\nzzz: 1\n", ConfigKey, "`must` is missing", "c.yaml:1:1", None),
    ],
)
def test_a_value_that_does_not_fit_says_what_the_key_takes(
    text: str, kind: type[KpiError], message: str, place: str, hint: str | None
) -> None:
    with pytest.raises(kind) as raised:
        validate(load(text, path="c.yaml"), Outer)
    assert raised.value.message == message
    assert str(raised.value.where) == place
    if hint is not None:
        assert raised.value.hint == hint


def test_whole_numbers_are_text_where_text_is_wanted() -> None:
    assert validate(load("must: x\ninner: {name: 12}\n"), Outer).inner.name == "12"


def test_a_check_keeps_its_own_error_and_gets_the_place() -> None:
    from typing import Annotated

    from pydantic import AfterValidator

    class Zoned(BaseModel):
        zone: Annotated[str, AfterValidator(in_place(_zone))]

    with pytest.raises(ZoneUnknown) as raised:
        validate(load("zone: Moskow", path="c.yaml"), Zoned)
    assert str(raised.value) == '`zone`: no time zone is called "Moskow" (c.yaml:1:7) [zone-unknown]; did you mean UTC?'


def test_a_mapping_has_one_kind_of_fault() -> None:
    for text in ("innner: 1", "must: 5", "must: x\ninner: {kind: no}", "[]"):
        with pytest.raises(MappingInvalid):
            validate(load(text, faults=MAPPING), Outer, faults=MAPPING)
