"""Which encoding the bytes of a text file are in: by mark, by proof, else by evidence."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from itertools import pairwise

from supportkpi.errors import EncodingUnclear, EncodingWrong, Where
from supportkpi.proofs import is_utf8

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LEGACY = ("cp1252", "cp1251", "koi8-r", "cp866")
SAMPLE = 60_000  # bytes of evidence that are enough to tell old encodings apart
ENOUGH = 0.2  # score a character that a reading needs to be believed
MARGIN = 0.25  # lead over the next reading, a character
LEAD = 5.0  # lead that it needs however little text there is: one long word, or two with an accent

# The 280 pairs of letters that make 95 % of running Russian text, by their first letter.
_PAIRS = (
    "абвгдежзйклмнпрстхцчюя баеиклнорущъы ваеиклнорсуы гаеиору даеилнору евгдежзийклмнопрстцчщ жаеин заеивдимноуыя "
    "иабвгдезийклмнпрстфхцчшюя йлст каеилорстуц лаежиноуьюя маеивнуоыя наеидкостуфыя обвгдежзийклмнопрстчш паеиору "
    "равгежимностухы саеиклопртуыья таеивкнорсуыь удежклмнпрстчщю фаио хо цаеи чаеинт "
    "шаеи щеи ывейлмптх ьзкнс элт ютчщ яет ён"
)
PAIRS = frozenset(group[0] + letter for group in _PAIRS.split() for letter in group[1:])

_OF_NAMES = ("idna", "punycode")
"""Codecs that spell a name of the internet, not a text."""
_WORD = re.compile(r"[^\W\d_]+")
_HIGH = re.compile(rb"[\x80-\xff]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]+")
_PLAIN_SIGNS = frozenset("«»„“”‘’‚–—…№\xa0•·€")
_RARE_SIGNS = frozenset("\xad§©®™°±")
_WESTERN_SIGNS = frozenset("ºª¿¡")
_MONEY = frozenset("£¥¢²³¹¼½¾µ´¨‹›÷×†‡‰¶¤¦€")
_WESTERN_LETTERS = frozenset("äöüßÄÖÜéèêëàâçîïôùûœáíóúñãõæøåìòšžÉÈÀÇÁÍÓÚÑÃÕÅÆØÊÂÔŒÙÒÌÎÛËÏŠŽ")
_ALONE = frozenset("àáâãéèêëíìóòôúùöåæøÀÁÉÈÍÓÚÖÅØ")  # letters that are words of their own
_WEIGHTS = (0.0, 0.1, 0.1, 0.25, 0.6)  # of words by their length: of three letters any three may be one


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, the encoding that it was read in, and what a person should know about that."""

    text: str
    encoding: str
    note: str | None = None


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark at the front names."""
    return next((name for mark, name in MARKS if data.startswith(mark)), None)


def wide(data: bytes) -> str | None:
    """UTF-16 without a mark: every other byte is 0 or, in Cyrillic text, 4; now and then 32, of dashes."""
    sample = data[:4000]
    half = len(sample) // 2
    if half < 2:
        return None
    even, odd = sample[0 : 2 * half : 2], sample[1 : 2 * half : 2]
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        letters, signs = high.count(0) + high.count(4), high.count(0x20) + high.count(0x21)
        if letters > 0.7 * half and letters + signs > 0.9 * half and low.count(0) == 0 and high.count(0):
            return name
    return None


def decode(data: bytes, *, path: str, asked: str | None = None, clipped: bool = False) -> Decoded:
    """Read bytes as text in the encoding asked for, else in the one that the bytes show.

    ``clipped`` says that the bytes are known to be cut off, so half a character at the end is forgiven.
    Raises EncodingWrong for a name that is none or does not fit, EncodingUnclear where the evidence is even.
    """
    if asked is not None:
        return _as_asked(data, asked, path)
    named = marked(data) or wide(data)
    if named is not None and named != "utf-8":
        return _strict(data, named, path)
    body = data.removeprefix(codecs.BOM_UTF8)
    if is_utf8(body):
        if len(body) == len(data) and _by_chance(body):
            raise _unclear("too little of the text tells whether it is UTF-8 or cp866", "cp866", path)
        return Decoded(body.decode("utf-8"), "UTF-8")
    nearly = _nearly_utf8(body, clipped=clipped)
    return nearly if nearly is not None else _by_evidence(body, path)


def _by_chance(body: bytes) -> bool:
    """Whether all that makes it UTF-8 is one or two words that are Russian ones of three letters in cp866."""
    if body.isascii():
        return False
    found = {match.group() for match, _ in zip(_HIGH.finditer(body), range(1_000), strict=False)}
    if len(found) > 2 or any(len(one) != 3 for one in found):
        return False
    words = [one.decode("cp866") for one in found]
    usual = all({word[:2], word[1:]} <= PAIRS and word.islower() for word in words)
    return usual and not any("\u2000" <= one.decode("utf-8") < "\u2800" for one in found)


def known(name: str) -> str:
    """The name of a text encoding as the registry knows it. Raises EncodingWrong."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name if info.name not in _OF_NAMES else "")  # refuses what is not between text and bytes (hex)
    except (LookupError, ValueError, UnicodeError):
        raise EncodingWrong(
            f"no encoding is called {name!r}", hint="for example utf-8, cp1251, cp1252, utf-16"
        ) from None
    return info.name


def _as_asked(data: bytes, asked: str, path: str) -> Decoded:
    name = known(asked)
    mark = marked(data)
    if name.startswith("utf-8") or (mark is not None and mark.split("-")[1] == name.split("-")[-1]):
        name = "utf-8-sig" if name.startswith("utf-8") else name
    return _strict(data, name, path)


def _strict(data: bytes, name: str, path: str) -> Decoded:
    try:
        text = data.decode(name)
    except UnicodeDecodeError as fault:
        if name.startswith(("utf-16", "utf-32")) and len(data) - fault.start <= 4:  # half a character at a cut end
            return Decoded(data[: fault.start].decode(name).removeprefix("\ufeff"), _title(name), _note(name))
        line = data.count(b"\n", 0, fault.start) + 1
        raise EncodingWrong(
            f"byte {fault.start + 1:,} (hex {data[fault.start]:02x}) cannot be read as {_title(name)}",
            hint="leave --encoding out to let the program find it, or give another one",
            where=Where(path=path, line=line),
        ) from None
    return Decoded(text.removeprefix("\ufeff"), _title(name), _note(name))


def _title(name: str) -> str:
    plain = name.removesuffix("-sig").removesuffix("_sig").replace("_", "-")
    return plain.upper() if plain.startswith("utf") else plain


def _note(name: str) -> str | None:
    return None if name.startswith(("utf-8", "utf_8")) else f"read as {_title(name)}"


def _nearly_utf8(body: bytes, *, clipped: bool) -> Decoded | None:
    """UTF-8 with a few broken characters: at a cut end, or here and there among many good ones."""
    text = body.decode("utf-8", errors="replace")
    broken = text.count("\ufffd") - body.count("\ufffd".encode())
    if (clipped or broken == 1) and is_utf8(body, clipped=True):
        return Decoded(body.decode("utf-8", errors="ignore"), "UTF-8")
    good = sum(not char.isascii() for char in text) - text.count("\ufffd")
    if good < 20 * broken:
        return None
    return Decoded(
        text, "UTF-8", f"{broken:,} {'place is' if broken == 1 else 'places are'} not UTF-8 and read as \ufffd"
    )


def _by_evidence(body: bytes, path: str) -> Decoded:
    sample = _evidence(body)
    scores = sorted(((_score(sample, name), name) for name in LEGACY), key=lambda pair: -pair[0].total)
    (best, name), others = scores[0], scores[1:]
    needed = max(LEAD, MARGIN * best.size)
    rivals = [other for score, other in others if best.total - score.total < needed]
    unlike = [other for other in rivals if _read(sample, other) != _read(sample, name)]
    believed = best.total > 0 and best.total >= ENOUGH * best.size
    if not believed or unlike:
        if not believed:
            none = "its bytes fit none of the encodings that are tried"
            why = "too little of it tells in which encoding it is" if best.total > 0 else none
            raise _unclear(f"the text is not UTF-8, and {why}", name, path)
        raise _unclear(f"the text is not UTF-8, and its bytes fit {', '.join([name, *unlike])}", name, path)
    if _read(body, name) is None:
        name = next((other for other in rivals if _read(body, other) is not None), name)
    return Decoded(body.decode(name, errors="replace"), name, f"read as {name}, not UTF-8")


def _unclear(why: str, name: str, path: str) -> EncodingUnclear:
    return EncodingUnclear(
        why,
        hint=f"say which one it is, for example --encoding {name}, or export as UTF-8",
        where=Where(path=path),
    )


def _evidence(body: bytes) -> bytes:
    """The lines that hold something other than ASCII, as many as are enough."""
    if len(body) <= SAMPLE:
        return body
    found: list[bytes] = []
    size = 0
    for match in re.finditer(rb"[^\n\r]{0,200}[\x80-\xff][^\n\r]{0,200}", body):
        found.append(match.group())
        size += len(match.group())
        if size > SAMPLE:
            break
    return b"\n".join(found)


def _read(sample: bytes, name: str) -> str | None:
    try:
        return sample.decode(name)
    except UnicodeDecodeError:
        return None


@dataclass(frozen=True, slots=True)
class _Score:
    """How much a sample looks like text: about a point for each of ``size`` letters is text, below 0 is none."""

    total: float
    size: float


def _score(sample: bytes, name: str) -> _Score:
    """The score of a sample in an encoding; what comes again says nothing new, so each word and sign counts once."""
    text = _read(sample, name)
    if text is None or text.isascii():
        return _Score(-1e9, 0.0)
    scored = _western if name == "cp1252" else _russian
    words = [word for word in set(_WORD.findall(text)) if not word.isascii()]
    places = [at for at, char in enumerate(text) if not char.isascii() and not char.isalpha()]
    signs = {(_beside(text, at), text[at]) for at in places}
    total = sum(scored(word) for word in words) + sum(_sign(char, beside, name) for beside, char in signs)
    return _Score(total, sum(_weight(word) * len(word) for word in words))


def _weight(word: str) -> float:
    """How much the letters of a word count."""
    return _WEIGHTS[len(word)] if len(word) < len(_WEIGHTS) else 1.0


def _beside(text: str, at: int) -> int:
    """How many letters or signs of a high code stand right beside a sign."""
    around = (text[at - 1 : at], text[at + 1 : at + 2])
    return sum(char.isalpha() or (char != "" and not char.isascii() and char not in _PLAIN_SIGNS) for char in around)


def _sign(char: str, beside: int, name: str) -> float:
    """Quotes and dashes are what old text is full of; other signs are rare, and rarer within words."""
    if char in _PLAIN_SIGNS:
        return -1.0 if beside > 1 and char not in "’\xa0–—·" else 0.5
    if char in _RARE_SIGNS:
        return -1.0 if beside else 0.2
    if name == "cp1252" and char in _WESTERN_SIGNS:
        return 0.5 if beside < 2 else -1.0
    if name == "cp1252" and char in _MONEY:
        return -1.5 if beside else 0.2
    return -2.0


def _russian(word: str) -> float:
    """One point a letter where word, case and pairs of letters are as in Russian."""
    if _CYRILLIC.fullmatch(word) is None:
        return -4.0 - sum(not char.isascii() for char in word)
    low = word.lower().replace("ё", "е")
    cased = word in (word.lower(), word.upper(), word[0].upper() + word[1:].lower())
    if len(word) == 1:
        return 0.1 if low in "аивксуояж" else -0.5  # one letter among Latin words is rather é or à
    pairs = [low[at : at + 2] for at in range(len(low) - 1)]
    fit = sum(1.0 if pair in PAIRS else _unusual(pair) for pair in pairs) / len(pairs)
    shouted = 0.1 if word.isupper() else 0.0
    return _weight(word) * len(word) * (fit - shouted - (0.0 if cased else 0.8))


def _unusual(pair: str) -> float:
    """A letter of another Cyrillic alphabet says nothing about Russian pairs."""
    return 0.0 if set(pair) & set("іїєґўјљњћџ") else -1.0


def _western(word: str) -> float:
    """Three points for a Latin word with an accent or a few, as in western European languages, and one an accent."""
    high = [char for char in word if not char.isascii()]
    if len(high) == len(word):
        return _weight(word) * len(word) * -1.5 if len(word) > 1 else 0.6 if word in _ALONE else -0.5
    known_share = sum(char in _WESTERN_LETTERS for char in high) / len(high)
    turned = any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word))
    if turned or known_share < 1 or len(high) * 2 > len(word) + 1:
        return len(high) * (known_share * 2 - 2 - (0.8 if turned else 0.0))
    return len(high) + 2.0
