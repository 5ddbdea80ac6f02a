"""Writes test/golden/container/<name>.json beside each <name>.tfpr: what is in it, read by a decoder of its own.

Written from docs/format.md alone, with struct and zlib: no line is shared with the library, and it reads bit by bit
where the library takes words. Run: python3 scripts/golden/container.py
"""

import json
import pathlib
import platform
import struct
import zlib

FOLDER = pathlib.Path(__file__).parents[2] / "test" / "golden" / "container"


class Bits:
    """The bits of bytes, from the lowest of the first one on."""

    def __init__(self, data):
        self.bits = [byte >> place & 1 for byte in data for place in range(8)]
        self.at = 0

    def one(self):
        self.at += 1
        return self.bits[self.at - 1]

    def number(self, width):
        return sum(self.one() << place for place in range(width))

    def rice(self, parameter, width):
        quotient = 0
        while quotient < 24 and not self.one():
            quotient += 1
        return self.number(width) if quotient == 24 else (quotient << parameter) + self.number(parameter)

    def end(self):
        assert len(self.bits) - self.at < 8 and not any(self.bits[self.at :])


def gap_parameter(length, marks):
    parameter = 0
    while not (marks * 20000 << parameter) > (2 * length - marks) * 4812:
        parameter += 1
    return parameter


def row(bits, length, survivors):
    """The survivors' places in a row: the rarer of survivors and zeros are marked."""
    by_zeros = 2 * survivors > length
    marks = length - survivors if by_zeros else survivors
    marked, place = [], 0
    for _ in range(marks):
        place += bits.rice(gap_parameter(length, marks), (length - 1).bit_length())
        marked.append(place)
        place += 1
    return [i for i in range(length) if i not in marked] if by_zeros else marked


def positions(entry, data, size):
    kind, kept, last = entry["positions"], entry["kept"], (entry["shape"] or [1])[-1]
    if kind == "all":
        assert not data
        return list(range(size))
    bits = Bits(data)
    if kind == "bitmap":
        found = [i for i in range(size) if bits.one()]
    elif kind == "whole":
        found = row(bits, size, kept)
    else:
        count, length = (size // last, last) if kind == "rows" else (last, size // last)
        found = []
        for r in range(count):
            survivors = bits.rice(entry["countParameter"], length.bit_length())
            places = row(bits, length, survivors)
            found += [r * last + i if kind == "rows" else i * last + r for i in places]
    bits.end()
    return found


WIDTHS = {"float32": 4, "int32": 4, "float16": 2}


def unpack(letter, data):
    return list(struct.unpack(f"<{len(data) // struct.calcsize(letter)}{letter}", data))


def elements(entry, data, head):
    """Head and elements, brought together from planes where they are deflated."""
    width, kept = WIDTHS.get(entry["values"], 1), entry["kept"]
    if "deflated" not in entry:
        return data[:head], data[head:]
    raw = (width - len(entry["deflated"])) * kept
    plain, stream = data[:raw], zlib.decompressobj(-15).decompress(data[raw:])
    assert len(stream) == head + len(entry["deflated"]) * kept
    start, rest, planes = stream[:head], stream[head:], []
    for plane in range(width):
        if plane in entry["deflated"]:
            planes.append(rest[:kept])
            rest = rest[kept:]
        else:
            planes.append(plain[:kept])
            plain = plain[kept:]
    return start, bytes(planes[plane][i] for i in range(kept) for plane in range(width))


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def values(entry, data, places):
    kind, kept = entry["values"], entry["kept"]
    if kept == 0:
        return []
    if kind == "int8":
        stride, count = entry["channels"]["stride"], entry["channels"]["count"]
        channels = [place // stride % count for place in places]
        live = sorted(set(channels))
        head, body = elements(entry, data, 4 + len(live))
        scale, steps = unpack("f", head[:4])[0], dict(zip(live, head[4:]))
        return [float32(code * (scale * 2 ** (-steps[c] / 16))) for code, c in zip(unpack("b", body), channels)]
    if kind.startswith("codebook"):
        head, body = elements(entry, data, 4 * entry["centres"])
        bits = Bits(body)
        indices = body if "deflated" in entry else [bits.number(int(kind[8:])) for _ in range(kept)]
        return [unpack("f", head)[index] for index in indices]
    letter = {"float32": "f", "float16": "e", "int32": "i", "bool": "B", "string": "B"}[kind]
    return unpack(letter, elements(entry, data, 0)[1])


def texts_of(data, count):
    found = []
    for _ in range(count):
        length = struct.unpack("<I", data[:4])[0]
        found.append(data[4 : 4 + length].decode())
        data = data[4 + length :]
    assert not data
    return found


def decode(data):
    magic, version, deflated, inflated, crc = struct.unpack("<4sIIII", data[:20])
    assert (magic, version) == (b"TFPR", 1)
    assert crc == zlib.crc32(data[:16] + data[20 : 20 + deflated])
    text = zlib.decompressobj(-15).decompress(data[20 : 20 + deflated])
    assert len(text) == inflated
    header, at = json.loads(text), 20 + deflated
    weights, starts = [], {}
    for entry in header["weights"]:
        first = header["weights"][entry["sameAs"]] if "sameAs" in entry else entry
        same = [{key: one[key] for key in one if key not in ("name", "sameAs")} for one in (entry, first)]
        assert same[0] == same[1]
        begin = starts.setdefault(first["name"], at)
        middle, end = begin + entry["positionBytes"], begin + entry["positionBytes"] + entry["valueBytes"]
        assert entry["crc"] == zlib.crc32(data[begin:end])
        size = 1
        for side in entry["shape"]:
            size *= side
        texts = entry["dtype"] == "string"
        places = positions(entry, data[begin:middle], entry["kept"] if texts else size)
        assert len(places) == entry["kept"]
        decoded = [0] * len(places) if texts else [0] * size
        for place, value in zip(places, values(entry, data[middle:end], places)):
            decoded[place] = value
        if texts:
            decoded = texts_of(bytes(decoded), size)
        form = {key: entry[key] for key in ("positions", "values", "deflated") if key in entry}
        weights.append({key: entry[key] for key in ("name", "shape", "dtype")} | {"form": form, "values": decoded})
        at = max(at, end)
    assert at == len(data)
    parts = {"modelTopology": header["modelTopology"], "metadata": header.get("userDefinedMetadata")}
    if "signature" in header:
        parts["signature"] = header["signature"]
    return parts | {"weights": weights}


for path in sorted(FOLDER.glob("*.tfpr")):
    made = {"madeBy": f"scripts/golden/container.py, Python {platform.python_version()}"}
    path.with_suffix(".json").write_text(json.dumps(made | decode(path.read_bytes())) + "\n")
