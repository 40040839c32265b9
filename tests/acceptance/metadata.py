"""Reads the metadata of photos as ExifTool does.

usage: metadata.py DATELINE FOLDER

ExifTool writes credits, notices and captions into photos in every form and format; a site shows what
dateline reads of them, and ExifTool's own reading by the rules of the Metadata Working Group says what
that must be. Prints a line for each check.
"""

import html
import json
import re
import subprocess
import sys
from pathlib import Path

dateline, folder = sys.argv[1], Path(sys.argv[2])
root = Path(__file__).resolve().parents[2]
source = root / "static/photos/pompeii-coins.jpg"
LONG = "Maria Guadalupe Hernández-Villanueva / Agencia Estatal"
# A value that is cut as IIM cuts it, before the letter that would not fit.
CUT = LONG.encode()[:32].decode(errors="ignore")

# What is written into each file.
CASES = {
    "nothing.jpg": [],
    "exif.jpg": ["-EXIF:Artist=Ana Reis; Bo Li", "-EXIF:Copyright=© 2025 Ana", "-EXIF:ImageDescription=A quay"],
    "iim-utf8.jpg": ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=José Ōe", "-IPTC:CopyrightNotice=© Ōe", "-IPTC:Caption-Abstract=Cafés by the sea"],
    "iim-latin.jpg": ["-charset", "iptc=latin", "-IPTC:By-line=José Núñez", "-IPTC:CopyrightNotice=© Núñez", "-IPTC:Caption-Abstract=Café – “sea”"],
    "xmp.jpg": ["-XMP-dc:Creator=Ana Reis", "-XMP-dc:Creator=Bo Li", "-XMP-dc:Rights=© Ana & Bo <both>", "-XMP-dc:Description=A *quay*"],
    "both.jpg": ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=Of IIM", "-XMP-dc:Creator=Of XMP", "-IPTC:Caption-Abstract=Of IIM", "-XMP-dc:Description=Of XMP"],
    "both-same-digest.jpg": ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=Of IIM", "-XMP-dc:Creator=Of XMP", "-IPTCDigest=new"],
    "both-other-digest.jpg": ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=Of IIM", "-XMP-dc:Creator=Of XMP", "-IPTC:CopyrightNotice=IIM", "-XMP-dc:Rights=XMP", "-IPTCDigest=00112233445566778899aabbccddeeff"],
    "all.jpg": ["-EXIF:Artist=Of EXIF", "-IPTC:By-line=Of IIM", "-XMP-dc:Creator=Of XMP", "-EXIF:Copyright=E", "-XMP-dc:Rights=X"],
    "cut.jpg": ["-IPTC:CodedCharacterSet=UTF8", f"-IPTC:By-line={CUT}", f"-XMP-dc:Creator={LONG}", "-IPTCDigest=00112233445566778899aabbccddeeff"],
    "large-xmp.jpg": ["-XMP-photoshop:History=" + "step " * 20_000, "-XMP-dc:Creator=Ana Reis", "-XMP-dc:Rights=© Ana", "-IPTC:By-line=Ana Reis"],
    "camera.jpg": ["-EXIF:Artist=Ana Reis", "-EXIF:Make=OLYMPUS"],
    "xmp.png": ["-XMP-dc:Creator=Ana Reis", "-XMP-dc:Rights=© Ana", "-XMP-dc:Description=A quay"],
    "exif.png": ["-EXIF:Artist=Ana Reis", "-EXIF:Copyright=© Ana"],
    "iim.png": ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:By-line=José", "-IPTC:CopyrightNotice=© José"],
    "compressed.png": ["-z", "-XMP-dc:Creator=Ana Reis", "-XMP-dc:Rights=© Ana"],
    "xmp.webp": ["-XMP-dc:Creator=Ana Reis", "-XMP-dc:Rights=© Ana", "-XMP-dc:Description=A quay"],
    "exif.webp": ["-EXIF:Artist=Ana Reis", "-EXIF:Copyright=© Ana"],
    "xmp.avif": ["-XMP-dc:Creator=Ana Reis", "-XMP-dc:Rights=© Ana", "-XMP-dc:Description=A quay"],
    "exif.avif": ["-EXIF:Artist=Ana Reis", "-EXIF:Copyright=© Ana"],
}

# Fields that the working group has no rule for, with what must be read.
FURTHER = {
    "further.jpg": [
        "-XMP-photoshop:Credit=Ana Reis / Reuters", "-XMP-iptcCore:AltTextAccessibility=A white ferry",
        "-XMP-xmpRights:WebStatement=https://licence.example/", "-XMP-plus:LicensorURL=https://buy.example/",
        "-XMP-iptcExt:DigitalSourceType=http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
    ],
}

failed = 0


def check(name, is_fine, told=""):
    global failed
    failed += not is_fine
    print(f"{'ok' if is_fine else 'not ok'} - {name}")
    if not is_fine:
        print(f"    {told}")


def exiftool(*arguments):
    done = subprocess.run(["exiftool", "-charset", "utf8", *arguments], capture_output=True, check=True)
    return done.stdout


def make(path):
    ending = path.suffix
    if ending == ".jpg":
        # jpegtran and the like would keep what is there: ExifTool takes all of it out.
        path.write_bytes(source.read_bytes())
        exiftool("-q", "-overwrite_original", "-all=", str(path))
    else:
        plain = path.with_suffix(".plain.jpg")
        make(plain)
        webp = path.with_suffix(".made.webp")
        subprocess.run(["cwebp", "-quiet", "-q", "40", str(plain), "-o", str(webp)], check=True)
        if ending == ".webp":
            path.write_bytes(webp.read_bytes())
        elif ending == ".png":
            subprocess.run(["dwebp", "-quiet", str(webp), "-o", str(path)], check=True)
        else:
            subprocess.run(["avifenc", "--speed", "10", str(plain), str(path)], check=True, stdout=subprocess.DEVNULL)
        plain.unlink()
        webp.unlink()


def texts(value):
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if one not in (None, "")]


photos = folder / "static/photos"
photos.mkdir(parents=True)
(folder / "content").mkdir()
(folder / "themes/mine/templates").mkdir(parents=True)
(folder / "themes/mine/templates/article.html").write_text("{{ article.photo | json }}")
(folder / "themes/mine/templates/list.html").write_text("{{ page.title }}")
(folder / "dateline.yaml").write_text(
    "title: Metadata\nbase_url: https://metadata.example\ntheme: mine\n"
    "lint: { missing_alt: off, uncredited_photo: off }\nimages: { widths: [] }\n"
)
for name, arguments in {**CASES, **FURTHER}.items():
    make(photos / name)
    if arguments:
        exiftool("-q", "-overwrite_original", *arguments, str(photos / name))
    stem = name.replace(".", "-")
    (folder / f"content/{stem}.md").write_text(
        f"---\nheadline: {stem}\ntimestamp: 2025-01-01\nurl: /{stem}/\nphoto: /photos/{name}\n---\n"
    )
subprocess.run([dateline, "-r", str(folder), "build"], check=True, stdout=subprocess.DEVNULL)


def read(name):
    return json.loads((folder / "public" / name.replace(".", "-") / "index.html").read_text())


for name in CASES:
    charset = ["-charset", "iptc=latin"] if "latin" in name else []
    # The rules know no IIM in a PNG, where programs put it all the same.
    tags = ["Creator", "Copyright", "Description"]
    wanted = ["-use", "MWG", *(f"-MWG:{tag}" for tag in tags)]
    if name == "iim.png":
        wanted = ["-IPTC:By-line", "-IPTC:CopyrightNotice"]
    said = json.loads(exiftool(*charset, "-j", *wanted, str(photos / name)))[0]
    said = {{"By-line": "Creator", "CopyrightNotice": "Copyright"}.get(tag, tag): value for tag, value in said.items()}
    names = [one for text in texts(said.get("Creator")) for one in text.split("; ")]
    expect = {
        "credit": " and ".join(names) or None,
        "copyright": said.get("Copyright"),
        "caption": said.get("Description"),
    }
    photo = read(name)
    caption = photo["caption"]
    found = {
        "credit": photo["credit"],
        "copyright": (photo["rights"] or {}).get("copyright"),
        "caption": caption and html.unescape(re.sub("<[^>]*>", "", caption)),
    }
    check(f"{name} says what ExifTool reads", found == expect, f"{found}, not {expect}")
    check(f"{name} says something", bool(names) or name == "nothing.jpg", "ExifTool wrote nothing")

photo = read("further.jpg")
found = (photo["credit"], photo["alt"], photo["rights"]["url"], photo["rights"]["acquire"], photo["rights"]["source_type"])
expect = (
    "Ana Reis / Reuters", "A white ferry", "https://licence.example/", "https://buy.example/",
    "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",
)
check("credit line, description, licence, licensor and source type are read", found == expect, f"{found}, not {expect}")
sys.exit(failed != 0)
