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

# The 280 pairs of letters that make 95 % of running Russian text, by their first letter.
_PAIRS = (
    "абвгдежзйклмнпрстхцчюя баеиклнорущъы ваеиклнорсуы гаеиору даеилнору евгдежзийклмнопрстцчщ жаеин заеивдимноуыя "
    "иабвгдезийклмнпрстфхцчшюя йлст каеилорстуц лаежиноуьюя маеивнуоыя наеидкостуфыя обвгдежзийклмнопрстчш паеиору "
    "равгежимностухы саеиклопртуыья таеивкнорсуыь удежклмнпрстчщю фаио хо цаеи чаеинт "
    "шаеи щеи ывейлмптх ьзкнс элт ютчщ яет ён"
)
PAIRS = frozenset(group[0] + letter for group in _PAIRS.split() for letter in group[1:])

_WORD = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]+")
_PLAIN_SIGNS = frozenset("«»„“”‘’‚–—…№\xa0\xad•§©®™°±·€")
_WESTERN_SIGNS = _PLAIN_SIGNS | frozenset("£¥¢ºª¿¡²³¹¼½¾µ´¨‹›÷×†‡‰¶")
_LOOSE_SIGNS = frozenset("£¥¢¿¡²³¹¼½¾¨¤¦€")
_WESTERN_LETTERS = frozenset("äöüßÄÖÜéèêëàâçîïôùûœáíóúñãõæøåìòšžÉÈÀÇÁÍÓÚÑÃÕÅÆØÊÂÔŒÙÒÌÎÛËÏŠŽ")
_ALONE = frozenset("àáâãéèêëíìóòôúùöåæøÀÁÉÈÍÓÚÖÅØ")  # letters that are words of their own


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
    """UTF-16 without a mark: every other byte is 0 or, in Cyrillic text, 4."""
    sample = data[:4000]
    half = len(sample) // 2
    if half < 2 or sample.count(0) * 10 < len(sample):
        return None
    even, odd = sample[0 : 2 * half : 2], sample[1 : 2 * half : 2]
    for name, high, low in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if high.count(0) + high.count(4) > 0.9 * half and low.count(0) == 0:
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
        return Decoded(body.decode("utf-8"), "UTF-8")
    nearly = _nearly_utf8(body, clipped=clipped)
    return nearly if nearly is not None else _by_evidence(body, path)


def known(name: str) -> str:
    """The name of a text encoding as the registry knows it. Raises EncodingWrong."""
    try:
        info = codecs.lookup(name)
        "".encode(info.name)  # refuses the codecs that are not between text and bytes (hex, zip)
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
    scores = sorted(((_score(sample, name), name) for name in LEGACY), key=lambda pair: -pair[0])
    (best, name), others = scores[0], scores[1:]
    rivals = [other for score, other in others if best - score < MARGIN]
    unlike = [other for other in rivals if _read(sample, other) != _read(sample, name)]
    if best < ENOUGH or unlike:
        fits = ", ".join([name, *unlike]) if best >= ENOUGH else "none of the encodings that are tried"
        raise EncodingUnclear(
            f"the text is not UTF-8, and its bytes fit {fits}",
            hint=f"say which one it is, for example --encoding {name}, or export as UTF-8",
            where=Where(path=path),
        )
    if _read(body, name) is None:
        name = next((other for other in rivals if _read(body, other) is not None), name)
    return Decoded(body.decode(name, errors="replace"), name, f"read as {name}, not UTF-8")


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


def _score(sample: bytes, name: str) -> float:
    """How much the sample looks like text in that encoding, a non-ASCII character: about 1 is text, below 0 is none."""
    text = _read(sample, name)
    high = sum(byte > 127 for byte in sample)
    if text is None or high == 0:
        return -9.0
    word_score = _western if name == "cp1252" else _russian
    signs = _WESTERN_SIGNS if name == "cp1252" else _PLAIN_SIGNS
    words = (word for word in _WORD.findall(text) if not word.isascii())
    total = sum(word_score(word) for word in words)
    for at, char in enumerate(text):
        if not char.isascii() and not char.isalpha():
            total += 0.5 if char in signs and not (char in _LOOSE_SIGNS and _within_word(text, at)) else -2.0
    return total / high


def _within_word(text: str, at: int) -> bool:
    """Letters on both sides: what cp1252 takes for a raised 3 is a Polish letter there."""
    return text[at - 1 : at].isalpha() and text[at + 1 : at + 2].isalpha()


def _russian(word: str) -> float:
    """One point a letter where word, case and pairs of letters are as in Russian."""
    if _CYRILLIC.fullmatch(word) is None:
        return -1.5 * sum(not char.isascii() for char in word)
    low = word.lower()
    cased = word in (low, word.upper(), low[0].upper() + low[1:])
    if len(word) == 1:
        return 0.1 if low in "аивксуояж" else -0.5  # one letter among Latin words is rather é or à
    pairs = [low[at : at + 2] for at in range(len(low) - 1)]
    fit = sum(1.0 if pair in PAIRS else _unusual(pair) for pair in pairs) / len(pairs)
    return len(word) * (fit - (0.0 if cased else 0.8))


def _unusual(pair: str) -> float:
    """A letter of another Cyrillic alphabet says nothing about Russian pairs."""
    return 0.0 if set(pair) & set("іїєґўјљњћџ") else -1.0


def _western(word: str) -> float:
    """One point a letter where a word is Latin with a few accents, as in western European languages."""
    high = [char for char in word if not char.isascii()]
    if len(high) == len(word):
        return len(word) * (0.6 if len(word) == 1 and word in _ALONE else 0.2 if len(word) == 1 else -1.5)
    known_share = sum(char in _WESTERN_LETTERS for char in high) / len(high)
    turned = any(a.islower() and b.isupper() and not b.isascii() for a, b in pairwise(word))
    dense = len(high) * 2 > len(word) + 1
    return len(high) * (known_share * 2 - 1 - (0.8 if turned else 0.0) - (1.0 if dense else 0.0))
