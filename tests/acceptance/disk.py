"""What a build does on a small disk. usage: disk.py DATELINE

The checks run in a name space of their own (unshare), where they may mount: as root, or as a user whom the
system lets be root there. Prints 'ok - NAME' or 'not ok - NAME' for each check; fails where it may not mount.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

dateline = str(pathlib.Path(sys.argv[1]).resolve())
if "OWN_NAME_SPACE" not in os.environ:
    os.environ["OWN_NAME_SPACE"] = "1"
    as_root = ["--map-root-user"] if os.geteuid() != 0 else []
    os.execvp("unshare", ["unshare", "--mount", *as_root, sys.executable, *sys.argv])


def tell(name, faults):
    print(f"{'not ok' if faults else 'ok'} - {name}", flush=True)
    for fault in faults:
        print(f"    {fault}", flush=True)


class Site:
    """A site in a folder with a small disk in it."""

    def __init__(self, articles, size):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="dateline-disk-"))
        (self.root / "dateline.yaml").write_text("title: G\nbase_url: https://g.example\ntheme: plain\n")
        self.fill(articles, "word")
        self.disk = self.root / "disk"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", self.disk], check=True)

    def fill(self, articles, word):
        news = self.root / "content/news"
        news.mkdir(parents=True, exist_ok=True)
        for at in range(articles):
            head = f"---\nheadline: A{at} {word}\ntimestamp: 2024-01-01\ntags: [x]\n---\n"
            (news / f"a{at}.md").write_text(head + f"{word} " * 400 + "\n")

    def build(self, output):
        done = subprocess.run([dateline, "-r", self.root, "build", "-o", self.root / output], capture_output=True, text=True)
        return done.returncode, done.stderr

    def clean(self):
        """What a build into an ordinary folder, that knows nothing of earlier ones, makes."""
        with tempfile.TemporaryDirectory() as other:
            command = [dateline, "-r", self.root, "build", "--no-cache", "-o", pathlib.Path(other) / "public"]
            subprocess.run(command, capture_output=True, check=True)
            return tree(pathlib.Path(other) / "public")

    def close(self):
        subprocess.run(["umount", self.disk], check=True)
        shutil.rmtree(self.root)


def tree(folder):
    """Every file by its path, without the mark, which differs from build to build."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    found = {str(path.relative_to(folder)): path.read_bytes() for path in files}
    found.pop(".dateline", None)
    return found


def full():
    site, faults = Site(60, "256k"), []
    code, told = site.build("disk/public")
    if code != 1 or "no space left on device" not in told or "make room" not in told:
        faults.append(f"{code}: {told}")
    if left := os.listdir(site.disk):
        faults.append(f"{left} is left")
    site.close()
    tell("a full disk is said in words and leaves nothing", faults)


def fills_midway():
    site, faults = Site(20, "1500k"), []
    public = site.disk / "public"
    if site.build("disk/public")[0] != 0:
        faults.append("the first build has no room")
    before = tree(public)
    site.fill(400, "much")
    code, told = site.build("disk/public")
    if code != 1:
        faults.append(f"{code}: {told}")
    if before != tree(public) or os.listdir(site.disk) != ["public"]:
        faults.append("the output changed")
    for at in range(20, 400):
        (site.root / f"content/news/a{at}.md").unlink()
    code, told = site.build("disk/public")
    if code != 0 or tree(public) != site.clean():
        faults.append(f"with room again: {code}: {told}")
    site.close()
    tell("a disk that fills midway keeps the earlier site whole", faults)


def volume():
    site, faults = Site(5, "10m"), []
    (site.disk / "lost+found").mkdir()
    for word in ["one", "two"]:
        site.fill(5, word)
        code, told = site.build("disk")
        if code != 0 or tree(site.disk) != site.clean():
            faults.append(f"{word}: {code}: {told}")
        if (site.disk / ".dateline-stage").exists() or (site.root / ".disk.dateline-stage").exists():
            faults.append(f"{word}: the staging folder is left")
    site.close()
    tell("an output that is a mounted volume is written in place", faults)


full()
fills_midway()
volume()
