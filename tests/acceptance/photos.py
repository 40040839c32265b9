"""What ExifTool finds in published photos.

usage: photos.py DATELINE SAMPLE WORK
  DATELINE  the program
  SAMPLE    the sample site's output
  WORK      a folder to make a site in

Prints 'ok - NAME' or 'not ok - NAME' for each check.
"""

import json
import pathlib
import shutil
import struct
import subprocess
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
dateline, sample, work = sys.argv[1], pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])

# What is written into the photos: group and tag as ExifTool names them, and the value.
KEPT = {
    "XMP-dc:Creator": "Ana Réis",
    "XMP-photoshop:Credit": "Ana Réis / The Harbour Gazette & Partners",
    "XMP-photoshop:Source": "Harbour",
    "XMP-photoshop:Headline": "Ferry",
    "XMP-dc:Rights": "© 2026 Harbour Press",
    "XMP-dc:Description": "The ferry <at> dawn.",
    "XMP-iptcCore:AltTextAccessibility": "A ferry in fog",
    "XMP-xmpRights:WebStatement": "https://harbour.example/licence?a=1&b=2",
    "XMP-xmpRights:UsageTerms": "One use",
    "XMP-plus:LicensorURL": "https://harbour.example/buy",
    "XMP-iptcExt:DigitalSourceType": "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
}
IIM = {
    "IPTC:By-line": "Ana Réis",
    "IPTC:Credit": "Ana Réis / The Harbour Gazette",
    "IPTC:Source": "Harbour",
    "IPTC:Headline": "Ferry",
    "IPTC:CopyrightNotice": "© 2026 Harbour Press",
    "IPTC:Caption-Abstract": "The ferry <at> dawn.",
}
PRIVATE = {
    "GPS:GPSLatitude": "38.7",
    "GPS:GPSLatitudeRef": "N",
    "XMP-exif:GPSLongitude": "9.1",
    "ExifIFD:SerialNumber": "SN-4711",
    "ExifIFD:LensSerialNumber": "LN-4711",
    "XMP-aux:SerialNumber": "SN-4711",
}


def exiftool(*arguments):
    return subprocess.run(["exiftool", *map(str, arguments)], capture_output=True, text=True)


def found(paths):
    told = exiftool("-j", "-G1", "-a", "-s", "-n", "-all:all", "-validate", "-warning", "-error", *paths)
    return json.loads(told.stdout)


def png(width, height):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + bytes(channel for x in range(width) for channel in (x % 256, 90, 200 - x % 200))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(row * height))
        + chunk(b"IEND", b"")
    )


def check(name, faults):
    print(f"{'not ok' if faults else 'ok'} - {name}")
    for fault in faults[:20]:
        print(f"    {fault}")


def is_private(tag):
    name = tag.split(":")[-1]
    return (
        name.startswith("GPS")
        or "SerialNumber" in name
        or name in ("ThumbnailImage", "MakerNoteUnknown", "PhotoshopThumbnail")
        or tag.startswith(("MakerNotes", "JUMBF", "C2PA"))
    )


def private(pictures):
    return [f"{one['SourceFile']}: {tag}" for one in pictures for tag in one if is_private(tag)]


# The sample site, whose photo of a cup says where it was taken.
taken = found([ROOT / "static/photos", ROOT / "content", "-r"])
published = found([sample, "-r", "-ext", "jpg", "-ext", "png", "-ext", "webp"])
check("a photo of the sample site has a position", [] if private(taken) else ["none has"])
check("no published photo of the sample site has one", private(published) or ([] if published else ["there is no photo"]))

# A site of photos in every format, with everything in them.
site = work / "photos"
folder = site / "static"
folder.mkdir(parents=True)
made = next(path for path in sample.rglob("*.webp"))
shutil.copy(ROOT / "tests/data/photos/espresso.jpg", folder / "a.jpg")
shutil.copy(made, folder / "b.webp")
(folder / "c.png").write_bytes(png(600, 400))
tags = [f"-{tag}={value}" for tag, value in {**KEPT, **PRIVATE}.items()]
for path in sorted(folder.iterdir()):
    iim = [f"-{tag}={value}" for tag, value in IIM.items()] if path.suffix == ".jpg" else []
    written = exiftool("-overwrite_original", "-codedcharacterset=utf8" if iim else "-q", "-all=", *tags, *iim, path)
    if written.returncode:
        sys.exit(written.stderr)
lines = [f"![{path.name}](/{path.name})" for path in sorted(folder.iterdir())]
(site / "content").mkdir()
(site / "content/a.md").write_text("---\nheadline: A\n---\n" + "\n\n".join(lines) + "\n")




def exif():
    """EXIF with a maker's note, a serial number and a thumbnail, which ExifTool does not write."""
    note, serial, thumbnail = b"SECRETNOTE" + bytes(40), b"SN-4711\0", b"\xff\xd8\xff\xdb" + b"T" * 60 + b"\xff\xd9"
    def entry(tag, kind, count, value):
        return struct.pack("<HHI", tag, kind, count) + (value if isinstance(value, bytes) else struct.pack("<I", value))
    camera, first = 8 + 2 + 24 + 4, 8 + 2 + 24 + 4 + 2 + 24 + 4
    second = first + len(note) + len(serial)
    return (
        b"II*\0" + struct.pack("<IH", 8, 2)
        + entry(0x010F, 2, 4, b"Cam\0") + entry(0x8769, 4, 1, camera) + struct.pack("<I", second)
        + struct.pack("<H", 2) + entry(0x927C, 7, len(note), first) + entry(0xA431, 2, len(serial), first + len(note))
        + struct.pack("<I", 0) + note + serial
        + struct.pack("<H", 2) + entry(0x0201, 4, 1, second + 30) + entry(0x0202, 4, 1, len(thumbnail))
        + struct.pack("<I", 0) + thumbnail
    )


def credentials():
    """The beginning of a manifest of Content Credentials: a JUMBF box."""
    told = bytes.fromhex("6332706100110010800000aa00389b71") + b"\x03c2pa\0"
    box = struct.pack(">I4s", 8 + len(told), b"jumd") + told
    return struct.pack(">I4s", 8 + len(box), b"jumb") + box


def with_more(path, more, manifest):
    """Returns a picture with EXIF and a manifest in the places that its format has for them."""
    whole = path.read_bytes()
    if path.suffix == ".jpg":
        boxes = b"JP" + struct.pack(">HI", 1, 1) + manifest
        parts = [(b"\xff\xe1", b"Exif\0\0" + more), (b"\xff\xeb", boxes)]
        return whole[:2] + b"".join(marker + struct.pack(">H", 2 + len(part)) + part for marker, part in parts if part[10:]) + whole[2:]
    if path.suffix == ".png":
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        return whole[:33] + chunk(b"caBX", manifest) + (chunk(b"eXIf", more) if more else b"") + whole[33:]
    def chunk(kind, data):
        return kind + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)
    body, at = b"", 12
    while at < len(whole):
        length = struct.unpack("<I", whole[at + 4:at + 8])[0]
        if whole[at:at + 4] in (b"VP8 ", b"VP8L"):
            body += whole[at:at + 8 + length + length % 2]
        at += 8 + length + length % 2
    size = exiftool("-s3", "-ImageSize", path).stdout.strip().split("x")
    size = b"".join(struct.pack("<I", int(side) - 1)[:3] for side in size)
    body = chunk(b"VP8X", bytes([8 if more else 0, 0, 0, 0]) + size) + body + (chunk(b"EXIF", more) if more else b"") + chunk(b"C2PA", manifest)
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def build(strip):
    (site / "dateline.yaml").write_text(
        "title: Photos\nlint: { uncredited_photo: off }\n"
        f"images: {{ widths: [200, 400], strip: {strip} }}\n"
    )
    subprocess.run([dateline, "-r", site, "build"], check=True, capture_output=True)
    paths = sorted(path for path in (site / "public").iterdir() if path.suffix in (".jpg", ".webp", ".png"))
    return found(paths)


pictures = build("gps")
derivatives = [one for one in pictures if len(pathlib.Path(one["SourceFile"]).name.split(".")) == 3]
originals = [one for one in pictures if one not in derivatives]
check("there are derivatives of every format", [] if len(derivatives) == 10 else [f"{len(derivatives)} of 10"])
check("neither originals nor derivatives have anything private", private(pictures))
lost = []
for one in pictures:
    expect = dict(KEPT)
    if one["SourceFile"].endswith(".jpg"):
        expect.update(IIM)
    for tag, value in expect.items():
        # IIM has room for the beginning of it only.
        is_cut = tag == "IPTC:Credit" and KEPT["XMP-photoshop:Credit"].startswith(str(one.get(tag, "-")))
        if one.get(tag) != value and not is_cut:
            lost.append(f"{one['SourceFile']}: {tag} is {one.get(tag)!r}")
check("originals and derivatives keep who made them and on which terms", lost)
check(
    "ExifTool finds no fault in a derivative",
    [
        f"{one['SourceFile']}: {one.get('ExifTool:Validate')} {one.get('ExifTool:Warning')}"
        for one in derivatives
        if one.get("ExifTool:Validate") != "0 0 0"
    ],
)
pictures = build("all")
check(
    "nothing is left where that is asked for",
    [f"{one['SourceFile']}: {tag}" for one in pictures for tag in one if tag.startswith(("XMP", "IPTC", "ExifIFD", "GPS", "IFD0"))],
)
build("none")
check(
    "photos are published byte for byte where that is asked for",
    [path.name for path in folder.iterdir() if path.read_bytes() != (site / "public" / path.name).read_bytes()],
)

# What no tool writes for these checks: a maker's note, a thumbnail, and Content Credentials.
for path in sorted(folder.iterdir()):
    exiftool("-q", "-overwrite_original", "-all=", path)
plain = {path: path.read_bytes() for path in sorted(folder.iterdir())}
for path in plain:
    path.write_bytes(with_more(path, exif(), credentials()))
secrets = [b"SECRETNOTE", b"SN-4711", b"T" * 60, b"jumb"]
build("gps")
told = []
for path in sorted((site / "public").iterdir()):
    if path.suffix in (".jpg", ".webp", ".png"):
        told += [f"{path.name}: {secret}" for secret in secrets if secret in path.read_bytes()]
check("the photos had a note, a serial number, a thumbnail and credentials",
      [f"{path.name}: {secret}" for path in plain for secret in secrets if secret not in path.read_bytes()])
check("no published photo has a maker's note, a serial number, a thumbnail or credentials that no longer fit", told)
for path, bytes_before in plain.items():
    path.write_bytes(bytes_before)
    path.write_bytes(with_more(path, b"", credentials()))
build("gps")
check(
    "credentials of a photo that loses nothing are published byte for byte",
    [path.name for path in plain if path.read_bytes() != (site / "public" / path.name).read_bytes()],
)
derivatives = [path for path in (site / "public").iterdir() if path.suffix in (".jpg", ".webp", ".png") and path.name.count(".") == 2]
check("no scaled photo has credentials", [path.name for path in derivatives if b"jumb" in path.read_bytes()] or ([] if derivatives else ["there is none"]))
