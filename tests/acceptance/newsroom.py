"""A site of 200 articles in which everything happens that happens in a newsroom, looked at as machines do.

usage: newsroom.py DATELINE WORK
  DATELINE  the program
  WORK      a folder to make the sites in: WORK/broadsheet and WORK/plain

Genres of all kinds, live coverage, corrections, series, sponsors, translations, photos with credits
of every shape in front matter and in texts, drafts, embargoes, aliases. The sites have the same bytes
every time; the clock of their builds is NOW.

Prints 'ok - NAME' or 'not ok - NAME' for each check.
"""

import collections
import html.parser
import json
import urllib.parse
import xml.etree.ElementTree
import subprocess
import datetime
import pathlib
import shutil
import struct
import sys
import zlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOW = "2026-03-02T12:00:00Z"
BASE = "https://gazette.example"

GENRES = ["news", "reportage", "analysis", "opinion", "background", "review", "ask-public",
          "satire", "article", "blog"]
SECTIONS = ["local", "world", "business", "sport/sailing", "culture", "local/port"]
AUTHORS = ["Ana Sample", "Bo Specimen", "Sample Desk", "Čeněk Vzor", "Dalia O’Example"]
TAGS = ["harbour", "weather", "ferries", "budget 2026", "C++", "Zürich", "fish & chips"]
CREDITS = ["Ana Sample / Reuters", "AP Photo/Bo Specimen, File", "Courtesy of Harbour Museum",
           "Photograph: Ana Sample/AFP/Getty Images", "Bo Specimen and Čeněk Vzor / Harbour Gazette",
           "Illustration by Dalia O’Example", "Screenshot via VCN", "NASA/JPL-Caltech",
           "Ana Sample / Flickr (CC BY 2.0)", "EPA"]
WORDS = ("the harbour was closed for a day because of wind and the ferry to the island did not leave "
         "until noon when the water had gone down and those who had waited since morning were let on "
         "board while the port counted what the storm had cost it in ropes boats and lamps").split()

CONFIG = f"""title: The Harbour Gazette
description: A newspaper that nobody prints, for checks.
base_url: {BASE}
language: en
languages: [de]
time_zone: Europe/Lisbon
permalink: /:section/:year/:month/:slug/
publisher:
  name: The Harbour Gazette
  logo: /logo.png
  url: {BASE}/about/
  publishing_principles: "@/about.md#principles"
  corrections_policy: "@/about.md#corrections"
image: {{ src: /photos/quay.png, alt: A quay }}
icon: /logo.png
theme: THEME
per_page: 12
taxonomies: [tags, authors]
social_cards: true
feeds: {{ limit: 20, content: full }}
credits: {{ own: [Harbour Gazette] }}
related: 3
images: {{ widths: [320, 640] }}
markdown: {{ smart_punctuation: true, raw_html: pass }}
"""

PEOPLE = """Ana Sample: { type: person, role: Reporter, bio: A byline of the checks. }
Sample Desk: { type: organization, bio: A desk of the checks. }
"""


def png(width, height, seed):
    """A picture with soft gradients."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            rows += bytes(((x * 200 // width + seed * 40) % 256, (y * 180 // height + 30) % 256,
                           (seed * 53 + (x + y) // 8) % 256))
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(rows), 6))
            + chunk(b"IEND", b""))


class Dice:
    """Numbers that look like chance and are the same every time."""

    def __init__(self, seed):
        self.state = seed * 2654435761 + 1

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def words(self, count):
        return " ".join(WORDS[self.below(len(WORDS))] for _ in range(count))

    def sentence(self):
        return self.words(8 + self.below(12)).capitalize() + "."

    def paragraph(self):
        return " ".join(self.sentence() for _ in range(3 + self.below(3)))


def path(at):
    return f"{SECTIONS[at % len(SECTIONS)]}/story-{at}.md"


def photo(at):
    if at % 10 == 7:
        return "/photos/hubble.jpg"
    return f"/photos/{['quay', 'ferry', 'market', 'storm'][at % 4]}.png"


def article(at):
    dice = Dice(at + 1)
    day = datetime.datetime(2026, 3, 2, 9, 0) - datetime.timedelta(hours=11 * at)
    front = [f"headline: \"{dice.words(5 + dice.below(4)).capitalize()} {at}\"",
             f"timestamp: {day:%Y-%m-%d %H:%M}",
             f"tags: [{TAGS[at % 7]!r}, {TAGS[(at * 3 + 1) % 7]!r}]"]
    body = []
    if at % 9 == 4:
        front.append(f"byline: By {AUTHORS[0]} and {AUTHORS[1]} of the Daily Example")
    else:
        front.append(f"authors: [{AUTHORS[at % 5]}, {AUTHORS[(at + 2) % 5]}]")
    if at % 3 != 2:
        front += [f"photo:", f"  src: {photo(at)}", f"  credit: \"{CREDITS[at % 10]}\"",
                  f"  alt: Picture {at} of the harbour seen from the sea",
                  f"  caption: The *harbour* on day {at}."]
        if at % 4 == 1:
            front += ["  focus: 0.2 0.7", "  licence: CC BY 4.0", "  acquire: https://photos.example/buy"]
    is_live, is_sponsored = at % 20 == 7, at % 20 == 13
    if is_sponsored:
        front += ["genre: sponsored", "sponsor: Example Ferries"]
    elif is_live:
        front += ["live: { start: " + f"{day:%Y-%m-%d %H:%M}" + " }"]
    else:
        front.append(f"genre: {GENRES[at % len(GENRES)]}")
    if at % 10 == 3:
        front += ["corrections:", f"  - {{ date: {day:%Y-%m-%d} 23:30, text: \"An earlier version gave a wrong [day](@/{path((at + 1) % 200)}).\" }}"]
    if at % 12 == 5:
        front += ["corrections:", f"  - {{ date: {day:%Y-%m-%d} 23:00, type: retraction, text: It was not so. }}",
                  f"  - {{ date: {day:%Y-%m-%d} 23:10, type: editors-note, text: It was never so. }}"] if at % 10 != 3 else []
    if at % 8 == 2:
        front.append(f"series: {['The storm, day by day', 'Boats & people'][at % 16 // 8]}")
    if at % 11 == 0:
        front += ["kicker: Weather", f"standfirst: {dice.sentence()}", "social_headline: What the wind did"]
    if at % 13 == 0:
        front.append(f"aliases: [/old/{at}.html]")
    if at % 17 == 0:
        front.append(f"guid: https://old.example/{at}")
    if at % 50 == 49:
        front.append("draft: true" if at % 100 == 49 else "expires: 2026-03-05")
    dateline = "LISBON, March 1 (AP) — " if at % 6 == 1 else ""
    body.append(dateline + dice.paragraph())
    body.append(dice.paragraph() + f" See [another story](@/{path((at * 7 + 3) % 200 // 50 * 50 + (at * 7 + 3) % 49)}) and [elsewhere](https://example.org/{at}).")
    if is_live:
        for hour in (18, 17, 16):
            body += [f"## {hour}:05 {dice.words(4).capitalize()}", dice.paragraph()]
    else:
        body += [f"## {dice.words(3).capitalize()}", dice.paragraph()]
    if at % 4 == 0:
        body.append(f"![A boat in sight of the shore {at}]({photo(at + 1)} \"A boat.\"){{credit=\"{CREDITS[(at + 3) % 10]}\"}}")
    if at % 7 == 0:
        body.append("> " + dice.sentence() + "\n\n| Day | Boats |\n|---|--:|\n| Monday | 3 |\n| Tuesday | 4 |")
    if at % 9 == 0:
        body.append("A note.[^1] `code` and H~2~O.\n\n[^1]: " + dice.sentence())
    if at % 15 == 0:
        body.append(f"[![The way to the pier {at}]({photo(at + 2)} \"The pier.\"){{credit=\"EPA\"}}](https://example.org/pier)")
    return "---\n" + "\n".join(front) + "\n---\n\n" + "\n\n".join(body) + "\n"


def write(folder, theme="broadsheet"):
    folder = pathlib.Path(folder)

    def put(name, text):
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())

    put("dateline.yaml", CONFIG.replace("THEME", theme))
    put("data/authors.yaml", PEOPLE)
    put("content/about.md", "---\nheadline: About us\n---\n\nA newspaper that nobody prints.\n\n"
        "## Principles\n\nNone but checks.\n\n## Corrections\n\nWe say what was wrong.\n")
    put("content/de/local/fähre.md", "---\nheadline: Die Fähre fährt\ntimestamp: 2026-03-01 08:00\n"
        "authors: [Ana Sample]\n---\n\nSie fährt wieder.\n")
    for name, seed in [("quay", 1), ("ferry", 2), ("market", 3), ("storm", 4)]:
        put(f"static/photos/{name}.png", png(720, 480, seed))
    put("static/logo.png", png(512, 512, 5))
    shutil.copy(ROOT / "tests/data/photos/hubble-extreme-deep-field.jpg", folder / "static/photos/hubble.jpg")
    for at in range(200):
        put(f"content/{path(at)}", article(at))


class Page(html.parser.HTMLParser):
    """What a page says of itself, and where it leads."""

    def __init__(self, text):
        super().__init__()
        self.title, self.canonical, self.data = "", [], []
        self.leads, self.ids, self.inside, self.pictures = [], set(), None, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.ids.add(given.get("id"))
        if tag == "title" and not self.title:
            self.inside = "title"
        if tag == "script" and given.get("type") == "application/ld+json":
            self.inside = "data"
        if tag == "link" and given.get("rel") == "canonical":
            self.canonical.append(given["href"])
        if tag == "img":
            self.pictures.append(given)
        for name in ("href", "src"):
            self.leads += [given[name]] if given.get(name) else []
        for one in (given.get("srcset") or "").split(", "):
            self.leads += [one.split()[0]] if one else []

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, text):
        if self.inside == "title":
            self.title += text
        if self.inside == "data":
            self.data.append(text)


def place(site, address):
    """The file that a plain host answers an address with, and its fragment; none of another host."""
    if address.startswith(BASE + "/"):
        address = address[len(BASE):]
    parts = urllib.parse.urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None, ""
    path = site / urllib.parse.unquote(parts.path).lstrip("/")
    return (path / "index.html" if parts.path.endswith("/") else path), urllib.parse.unquote(parts.fragment)


def nodes(value):
    """Every object of JSON-LD that has a type."""
    if isinstance(value, list):
        return [node for one in value for node in nodes(one)]
    if not isinstance(value, dict):
        return []
    own = [value] if "@type" in value else []
    return own + [node for one in value.values() for node in nodes(one)]


ARTICLE = {"Article", "NewsArticle", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
           "ReviewNewsArticle", "LiveBlogPosting", "BlogPosting"}
ASKED = ["headline", "image", "datePublished", "dateModified", "author", "publisher", "mainEntityOfPage"]


def faults(site):
    """What is wrong with an output: a line for each fault, by check."""
    found = collections.defaultdict(list)
    pages = {path: Page(path.read_text()) for path in sorted(site.rglob("*.html"))}
    shown = {path: page for path, page in pages.items() if "http-equiv=\"refresh\"" not in path.read_text()[:2000]}
    titles = collections.Counter(page.title for path, page in shown.items())
    kinds = collections.Counter()
    for path, page in shown.items():
        name = path.relative_to(site)
        if titles[page.title] > 1:
            found["titles are unique"].append(f"{name}: {page.title}")
        if path.name != "404.html" and [place(site, one)[0] for one in page.canonical] != [path]:
            found["every page is its own canonical"].append(f"{name}: {page.canonical}")
        for one in page.leads:
            target, fragment = place(site, one)
            if target and not target.is_file():
                found["every link leads somewhere"].append(f"{name}: {one}")
            elif target in pages and fragment and fragment not in pages[target].ids:
                found["every link leads somewhere"].append(f"{name}: {one} has no such part")
        graph = nodes([json.loads(one) for one in page.data])
        if not graph:
            found["every page has JSON-LD"].append(str(name))
        for node in graph:
            kinds[node["@type"]] += 1
            if node["@type"] in ARTICLE:
                lacks = [key for key in ASKED if not node.get(key)]
                if lacks or len(node["headline"]) > 110 or node["dateModified"] < node["datePublished"]:
                    found["articles say what search engines ask for"].append(f"{name}: {lacks}")
                for author in node["author"] if lacks == [] else []:
                    if " and " in author["name"] or author["name"].startswith("By "):
                        found["articles say what search engines ask for"].append(f"{name}: {author}")
    for kind in ARTICLE | {"CorrectionComment", "ImageObject", "BreadcrumbList", "ProfilePage", "CollectionPage"}:
        if not kinds[kind]:
            found["every kind of JSON-LD is there"].append(kind)
    for path in sorted(site.rglob("*.xml")):
        xml.etree.ElementTree.parse(path)
    for path in sorted(site.rglob("feed.json")):
        feed = json.loads(path.read_text())
        ids = [item["id"] for item in feed["items"]]
        if len(ids) != len(set(ids)) or not feed["version"].endswith("/1.1"):
            found["feeds are whole"].append(str(path.relative_to(site)))
    return found


def main(dateline, work):
    checks = ["titles are unique", "every page is its own canonical", "every link leads somewhere",
              "every page has JSON-LD", "articles say what search engines ask for",
              "every kind of JSON-LD is there", "feeds are whole"]
    for theme in ["broadsheet", "plain"]:
        folder = pathlib.Path(work) / theme
        write(folder, theme)
        command = [dateline, "-r", folder, "build", "--now", NOW]
        built = subprocess.run(command, capture_output=True, text=True)
        print(f"{'ok' if built.returncode == 0 else 'not ok'} - a newsroom of 200 articles builds, {theme}")
        if built.returncode != 0:
            print(built.stderr[-3000:])
            continue
        proved = subprocess.run(command + ["--verify"], capture_output=True, text=True)
        print(f"{'ok' if proved.returncode == 0 else 'not ok'} - a newsroom: a rebuild is a clean build, {theme}")
        found = faults(folder / "public")
        for name in checks:
            print(f"{'not ok' if found[name] else 'ok'} - a newsroom: {name}, {theme}")
            for line in found[name][:10]:
                print(f"    {line}")


if __name__ == "__main__":
    main(*sys.argv[1:])
