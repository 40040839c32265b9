"""Deploys to real servers on loopback, and breaks them.

usage: deploy.py DATELINE TOOLS

TOOLS holds `venv` with moto[server] and gcp-storage-emulator, and `node_modules` with azurite. Every
server is started on a free port and stopped at the end. Prints a line for each check; a check that
can't be made fails.
"""

import gzip
import hashlib
import hmac
import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

DATELINE, TOOLS = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
WORK = pathlib.Path(tempfile.mkdtemp(prefix="dateline-deploy-"))
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
KEY_ID = "AKIDEXAMPLE0123456"
AZURE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
PASSWORD = "s3cret-pass-word"
TOKEN = "cf-token-0123456789abcdef"
SECRETS = [SECRET, AZURE_KEY, PASSWORD, TOKEN, urllib.parse.quote(SECRET, safe="")]
STRANGE = ["a b", "a+b", "100%", "it's", "(x)", "wow!", "a~b", "日本", "🗞️", "a=b,c"]
said = []
children = []


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def start(arguments, port, **options):
    """Starts a server and waits until it answers on its port."""
    log = open(WORK / f"server-{port}.log", "wb")
    child = subprocess.Popen(arguments, stdout=log, stderr=log, stdin=subprocess.DEVNULL, **options)
    children.append(child)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return child
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"{arguments[0]} did not start: {(WORK / f'server-{port}.log').read_text()[-2000:]}")


def check(function):
    """Runs a check and says how it went."""
    name = function.__doc__.strip()
    try:
        function()
        print(f"ok - {name}", flush=True)
    except Exception:
        print(f"not ok - {name}", flush=True)
        for line in traceback.format_exc().splitlines()[-14:]:
            print(f"    {line}", flush=True)


class Site:
    """A site in a folder of its own, deployed with the binary."""

    def __init__(self, name, articles=6):
        self.root = WORK / name
        self.environment = {}
        (self.root / "content").mkdir(parents=True)
        for number in range(articles):
            self.article(f"article{number}", "Text.")

    def put(self, path, text):
        path = self.root / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def article(self, name, body, more=""):
        self.put(f"content/{name}.md", f"---\nheadline: {name}\ntimestamp: 2025-01-02\nurl: /{name}/\n{more}---\n{body}\n")

    def target(self, target, more=""):
        self.put(
            "dateline.yaml",
            f"title: The Gazette\nbase_url: https://gazette.example\ndate_pages: false\n{more}deploy:\n  targets:\n    live: {target}\n",
        )

    def start(self, *arguments):
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(WORK / "home"),
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_REGION": "us-east-1",
            "AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY,
            "CLOUDFLARE_API_TOKEN": TOKEN,
            **self.environment,
        }
        return subprocess.Popen(
            [DATELINE, "-r", self.root, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def run(self, *arguments):
        child = self.start(*arguments)
        out, err = child.communicate(timeout=240)
        text = (out + err).decode()
        said.append(text)
        return child.returncode, text, out.decode()

    def deploy(self, *arguments):
        code, text, _ = self.run("deploy", "-v", *arguments)
        assert code == 0, text
        return text

    def json(self, *arguments):
        code, text, out = self.run("deploy", "--json", *arguments)
        assert code == 0, text
        return json.loads(out)

    def built(self):
        return tree(self.root / "public")


def tree(folder):
    """Returns the files below a folder by path, but for what dateline keeps."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith((".dateline", ".git")):
            files[name] = path.read_bytes()
    return files


def same(found, expect):
    """Fails with names where two sites are not the same."""
    wrong = [path for path in sorted(set(found) | set(expect)) if found.get(path) != expect.get(path)]
    assert not wrong, f"{len(wrong)} files differ, such as {wrong[:5]}"


class Proxy:
    """Stands before a server: counts, delays, refuses and breaks what passes."""

    def __init__(self, port):
        self.target = port
        self.reset()
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                with proxy.lock:
                    number = proxy.count
                    proxy.count += 1
                path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
                fault = proxy.fault(number, self.command, path) if proxy.fault else None
                if fault == "cut":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if isinstance(fault, tuple):
                    status, text = fault
                    self.answer(status, {"Content-Type": "application/xml"}, text.encode())
                    return
                proxy.verify(self.command, self.path, self.headers, body)
                connection = http.client.HTTPConnection("127.0.0.1", proxy.target, timeout=60)
                connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
                for name, value in self.headers.items():
                    if name.lower() not in ("connection", "transfer-encoding"):
                        connection.putheader(name, value)
                connection.endheaders(body)
                answer = connection.getresponse()
                bytes_ = answer.read()
                headers = {name: value for name, value in answer.getheaders() if name.lower() not in ("transfer-encoding", "connection", "content-length")}
                if self.command == "HEAD":
                    headers["Content-Length"] = answer.getheader("Content-Length") or "0"
                with proxy.lock:
                    proxy.log.append((self.command, path, answer.status, dict(self.headers.items()), body))
                if fault == "cut after":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.answer(answer.status, headers, bytes_)
                connection.close()

            def answer(self, status, headers, body):
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = handle_any

        class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
            daemon_threads = True
            request_queue_size = 128

            def handle_error(self, *_):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self, fault=None):
        self.lock = threading.Lock()
        self.count = 0
        self.log = []
        self.unsigned = []
        self.fault = fault

    def verify(self, method, target, headers, body):
        """Checks the signature as AWS describes it (Signature Version 4)."""
        given = headers.get("Authorization", "")
        found = re.match(r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/([^/]+)/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)", given)
        if not found:
            return
        _, day, region, service, names, signature = found.groups()
        parts = urllib.parse.urlsplit(target)
        path = urllib.parse.quote(urllib.parse.unquote(parts.path), safe="/-_.~")
        query = urllib.parse.parse_qsl(parts.query, keep_blank_values=True)
        pairs = sorted((urllib.parse.quote(name, safe="-_.~"), urllib.parse.quote(value, safe="-_.~")) for name, value in query)
        canonical = "\n".join(
            [method, path, "&".join(f"{name}={value}" for name, value in pairs)]
            + [f"{name}:{' '.join((headers.get(name) or '').split())}" for name in names.split(";")]
            + ["", names, headers.get("x-amz-content-sha256", "")]
        )
        text = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"], f"{day}/{region}/{service}/aws4_request", hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{SECRET}".encode()
        for part in (day, region, service, "aws4_request"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        digest = headers.get("x-amz-content-sha256")
        is_body = digest in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest())
        unsent = [name for name in headers if name.lower().startswith("x-amz-") and name.lower() not in names.split(";")]
        if hmac.new(key, text.encode(), hashlib.sha256).hexdigest() != signature or not is_body or unsent:
            self.unsigned.append((method, target))


def s3():
    """Starts S3, and returns it behind a proxy with a client of its own."""
    import boto3

    port = free_port()
    start([TOOLS / "venv/bin/moto_server", "-H", "127.0.0.1", "-p", str(port)], port)
    client = boto3.client("s3", endpoint_url=f"http://127.0.0.1:{port}", region_name="us-east-1", aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET)
    return Proxy(port), client, port


def objects(client, bucket, prefix=""):
    """Returns what a bucket holds, but for what dateline keeps."""
    found = {}
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", []):
            name = item["Key"][len(prefix):]
            if not name.startswith(".dateline"):
                found[name] = client.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
    return found


def s3_checks():
    proxy, client, port = s3()
    buckets = iter(range(1000))

    def bucket(site, more="", headers=""):
        name = f"news{next(buckets)}"
        client.create_bucket(Bucket=name)
        site.target(f"{{ url: s3://{name}, endpoint: '{proxy.url}', lock_seconds: 3{more} }}", headers)
        proxy.reset()
        return name

    site = Site("s3")
    for name in STRANGE:
        site.put(f"static/files/{name}.txt", name)
    name = bucket(site, "", "headers:\n  '*.xml': { Cache-Control: max-age=60 }\n")

    @check
    def first():
        """s3: a bucket has the site, under the names that it has here, and every request is signed"""
        site.deploy("--build")
        same(objects(client, name), site.built())
        assert not proxy.unsigned, proxy.unsigned[:3]
        assert len(proxy.log) > 20

    @check
    def order():
        """s3: assets are sent before articles, articles before lists, and the stages do not overlap"""
        puts = [path for method, path, status, *_ in proxy.log if method == "PUT" and ".dateline" not in path]
        rank = lambda path: 0 if "/files/" in path or "/assets/" in path else 1 if re.search(r"/article\d+/|404", path) else 2
        ranks = [rank(path) for path in puts]
        assert ranks == sorted(ranks) and set(ranks) == {0, 1, 2}, list(zip(ranks, puts))

    @check
    def headers():
        """s3: pages have a charset and are revalidated, assets are immutable, the table of headers counts"""
        head = lambda key: client.head_object(Bucket=name, Key=key)
        page = head("article1/index.html")
        assert page["ContentType"] == "text/html; charset=utf-8", page
        assert page["CacheControl"] == "public, max-age=0, must-revalidate", page
        assert len(page["Metadata"]["dateline"]) == 32, page
        css = next(key for key in site.built() if key.endswith(".css"))
        assert "immutable" in head(css)["CacheControl"], head(css)
        assert head("sitemap.xml")["CacheControl"] == "max-age=60"

    @check
    def unchanged():
        """s3: a site that is live costs one request"""
        proxy.reset()
        assert "up to date" in site.deploy()
        assert proxy.count == 1, proxy.log

    @check
    def metadata():
        """s3: a changed header is a change"""
        site.target(f"{{ url: s3://{name}, endpoint: '{proxy.url}', lock_seconds: 3 }}", "headers:\n  '*.xml': { Cache-Control: max-age=61 }\n")
        site.run("build")
        plan = site.json("--dry-run")["plan"]
        assert not plan["uploads"] and not plan["deletes"], plan
        assert [one["path"] for one in plan["metadata"]].count("sitemap.xml") == 1, plan
        site.deploy()
        assert client.head_object(Bucket=name, Key="sitemap.xml")["CacheControl"] == "max-age=61"

    @check
    def edit():
        """s3: an edit sends what changed, and deletes come last"""
        site.article("article1", "Other text.")
        (site.root / "content/article2.md").unlink()
        proxy.reset()
        site.deploy("--build", "--max-deletes", "20")
        same(objects(client, name), site.built())
        sent = [path for method, path, *_ in proxy.log if method == "PUT" and ".dateline" not in path]
        assert f"/{name}/article1/index.html" in sent and f"/{name}/article5/index.html" not in sent, sent
        methods = [(method, path) for method, path, *_ in proxy.log if ".dateline" not in path]
        deleted = min(at for at, (method, _) in enumerate(methods) if method == "POST")
        assert all(method != "PUT" for method, _ in methods[deleted:]), methods

    @check
    def estimate():
        """s3: the cost that a dry run names is what a deploy asks"""
        site.article("article1", "Yet other text.")
        site.run("build")
        expect = site.json("--dry-run")["plan"]["requests"]
        proxy.reset()
        site.deploy()
        assert abs(proxy.count - expect) <= 1, (proxy.count, expect)

    @check
    def foreign():
        """s3: what no deploy put there is neither replaced nor deleted"""
        other = Site("s3-foreign")
        there = bucket(other)
        client.put_object(Bucket=there, Key="index.html", Body=b"mine")
        client.put_object(Bucket=there, Key="mine.txt", Body=b"mine")
        code, text, _ = other.run("deploy", "--build")
        assert code == 1 and "no deploy put there: index.html" in text, text
        other.deploy("--force")
        same(objects(client, there), {**other.built(), "mine.txt": b"mine"})

    @check
    def prefix():
        """s3: a folder of a bucket is a target, and the rest stays"""
        other = Site("s3-prefix")
        there = bucket(other)
        client.put_object(Bucket=there, Key="index.html", Body=b"mine")
        other.target(f"{{ url: s3://{there}/a/b, endpoint: '{proxy.url}' }}")
        other.deploy("--build")
        same(objects(client, there, "a/b/"), other.built())
        assert client.get_object(Bucket=there, Key="index.html")["Body"].read() == b"mine"

    @check
    def redirects():
        """s3: aliases are the host's own redirects, signed"""
        other = Site("s3-redirects")
        there = bucket(other)
        other.article("moved", "Text.", "aliases: [/old place/]\n")
        other.deploy("--build")
        head = client.head_object(Bucket=there, Key="old place/index.html")
        assert head["WebsiteRedirectLocation"] == "/moved/", head
        assert not proxy.unsigned, proxy.unsigned
        same(objects(client, there), other.built())

    @check
    def compressed():
        """s3: texts are stored compressed, with their encoding"""
        other = Site("s3-gzip")
        there = bucket(other, ", precompress: gzip")
        other.deploy("--build")
        item = client.get_object(Bucket=there, Key="article1/index.html")
        assert item["ContentEncoding"] == "gzip", item
        assert gzip.decompress(item["Body"].read()) == other.built()["article1/index.html"]

    @check
    def large():
        """s3: a large file is sent in parts"""
        other = Site("s3-large")
        there = bucket(other)
        movie = os.urandom(1 << 20) * 20
        other.put("static/movie.mp4", movie)
        other.deploy("--build")
        assert client.get_object(Bucket=there, Key="movie.mp4")["Body"].read() == movie
        assert sum(method == "PUT" and path.endswith("movie.mp4") for method, path, *_ in proxy.log) >= 3

    @check
    def busy():
        """s3: 503, 429, cut connections and lost answers are tried again, and the site is whole"""
        other = Site("s3-busy")
        there = bucket(other)
        slow = (503, "<Error><Code>SlowDown</Code><Message>Reduce your request rate</Message></Error>")
        kinds = {0: slow, 1: (429, ""), 2: "cut", 3: "cut after", 4: (500, "")}
        proxy.reset(lambda number, *_: kinds[number // 5 % 5] if number % 5 == 4 else None)
        other.deploy("--build")
        proxy.fault = None
        same(objects(client, there), other.built())
        assert "up to date" in other.deploy()

    @check
    def refused():
        """s3: one refused object is named, nothing is deleted, and the next run finishes"""
        other = Site("s3-refused")
        there = bucket(other)
        other.deploy("--build")
        old = objects(client, there)
        for number in (1, 2, 3):
            other.article(f"article{number}", "New.")
        (other.root / "content/article4.md").unlink()
        other.run("build")
        denied = (403, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>")
        proxy.reset(lambda _, method, path: denied if method == "PUT" and "article2/" in path else None)
        code, text, _ = other.run("deploy", "-v", "--max-deletes", "50")
        assert code == 4 and "article2/index.html" in text and "AccessDenied" in text, text
        assert "nothing was deleted" in text, text
        found, new = objects(client, there), other.built()
        for path in old:
            assert path in found, f"{path} was deleted"
        for path, bytes_ in found.items():
            assert bytes_ in (old.get(path), new.get(path)), f"{path} is neither old nor new"
        assert found["index.html"] == old["index.html"], "a list was sent after an article was refused"
        proxy.reset()
        other.deploy("--max-deletes", "50")
        same(objects(client, there), new)

    @check
    def killed():
        """s3: a deploy that is killed at any moment leaves old or new pages, and the next finishes"""
        other = Site("s3-killed")
        there = bucket(other)
        other.deploy("--build")
        for round_, moment in enumerate((3, 7, 11, 16)):
            old = objects(client, there)
            for number in range(6):
                other.article(f"article{number}", f"Round {round_}.")
            other.article(f"extra{round_}", "Text.")
            (other.root / f"content/extra{round_ - 1}.md").unlink(missing_ok=True)
            other.run("build")
            new = other.built()
            child = None

            def fault(number, method, path):
                if number == moment:
                    child.kill()
                    return "cut"

            proxy.reset(fault)
            child = other.start("deploy", "--max-deletes", "99")
            said.append(b"".join(child.communicate()).decode())
            found = objects(client, there)
            for path, bytes_ in found.items():
                assert bytes_ in (old.get(path), new.get(path)), f"{path} is neither old nor new"
            for path in set(old) & set(new):
                assert path in found, f"{path} is gone"
            proxy.reset()
            other.deploy("--max-deletes", "99")
            same(objects(client, there), new)

    @check
    def died():
        """s3: a server that dies midway ends the deploy with words and without deletes"""
        other = Site("s3-died")
        there = bucket(other)
        other.deploy("--build")
        for number in range(6):
            other.article(f"article{number}", "New.")
        (other.root / "content/article5.md").unlink()
        other.run("build")
        old = objects(client, there)
        proxy.reset(lambda number, *_: "cut" if number > 8 else None)
        child = other.start("deploy", "--max-deletes", "99")
        time.sleep(1)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=60)
        said.append((out + err).decode())
        assert child.returncode == 4, (out, err)
        found = objects(client, there)
        assert set(old) <= set(found)
        proxy.reset()
        other.deploy("--max-deletes", "99")
        same(objects(client, there), other.built())

    @check
    def wrong():
        """s3: a wrong bucket, endpoint or host is told with words and without secrets"""
        other = Site("s3-wrong")
        other.target("{ url: s3://news, endpoint: 'http://127.0.0.1:9' }")
        other.run("build")
        for target, words in [
            (f"{{ url: s3://nobucket, endpoint: '{proxy.url}' }}", "NoSuchBucket"),
            ("{ url: s3://news, endpoint: 'http://no.such.host.invalid' }", "can't read s3://news"),
        ]:
            other.target(target)
            other.run("build")
            code, text, _ = other.run("deploy", "-v")
            assert code == 4 and words in text and "panicked" not in text, text

    @check
    def twice():
        """s3: of two deploys at once, one waits, and there is one release"""
        other = Site("s3-twice", 20)
        there = bucket(other)
        other.run("build")
        # Two folders, as on two machines: in one, the second would wait for the first anyway.
        twin = Site.__new__(Site)
        twin.root, twin.environment = WORK / "s3-twin", {}
        shutil.copytree(other.root, twin.root)
        twin.run("build")
        texts = []
        for child in [other.start("deploy"), twin.start("deploy")]:
            texts.append(b"".join(child.communicate(timeout=120)).decode())
            assert child.returncode == 0, texts
        said.extend(texts)
        assert any("waiting for" in text for text in texts) or any("up to date" in text for text in texts), texts
        same(objects(client, there), other.built())
        assert other.json("status")["live"]["release"] == 1

    @check
    def rollback():
        """s3: with `keep`, earlier releases are returned to, and older ones are thrown away"""
        other = Site("s3-keep")
        there = bucket(other, ", keep: 2")
        sites = []
        for number in range(4):
            other.article("article1", f"Text {number}.", "aliases: [/old/]\n" if number % 2 else "")
            other.article(f"extra{number}", "Text.")
            (other.root / f"content/extra{number - 1}.md").unlink(missing_ok=True)
            other.deploy("--build", "--max-deletes", "99")
            sites.append(objects(client, there))
        status = other.json("status")
        assert status["earlier"] == [2, 3], status
        other.deploy("rollback", "--max-deletes", "99")
        same(objects(client, there), sites[2])
        other.deploy("rollback", "2", "--max-deletes", "99")
        same(objects(client, there), sites[1])
        head = client.head_object(Bucket=there, Key="old/index.html")
        assert head["WebsiteRedirectLocation"] == "/article1/", head
        assert head["ContentType"] == "text/html; charset=utf-8", head
        other.deploy("--max-deletes", "99")
        same(objects(client, there), sites[3])

    @check
    def many():
        """s3: 10,000 unchanged files cost at most ten requests, and keys beyond 1,000 are paged"""
        other = Site("s3-many", 3)
        there = bucket(other, ", workers: 32")
        for number in range(10_000):
            other.put(f"static/n/{number // 100}/{number}.txt", f"{number}")
        other.deploy("--build")
        assert len(objects_listed(client, there)) > 10_000
        proxy.reset()
        other.deploy()
        assert proxy.count <= 10, proxy.count
        # Without what the target says of itself, everything that stands there is a stranger's.
        client.delete_object(Bucket=there, Key=".dateline/release")
        proxy.reset()
        code, text, _ = other.run("deploy")
        assert code == 1 and re.search(r"10,?\d\d\d files at", text), text
        assert sum("list-type" in str(one) or one[0] == "GET" for one in proxy.log) >= 11, len(proxy.log)

    @check
    def hand():
        """s3: CloudFront, Cloudflare, WebSub and IndexNow are told of exactly what changed"""
        other = Site("s3-tell")
        there = f"news{next(buckets)}"
        client.create_bucket(Bucket=there)
        stand_in = StandIn()
        targets = (
            f"{{ url: s3://{there}, endpoint: '{proxy.url}', cloudfront: E2EXAMPLE, cloudflare_zone: zone1, websub: ['{stand_in.url}/hub'], "
            f"indexnow: a0b1c2d3e4f5, services: {{ cloudfront: '{stand_in.url}', cloudflare: '{stand_in.url}', indexnow: '{stand_in.url}' }} }}"
        )
        other.target(targets)
        other.deploy("--build")
        stand_in.log.clear()
        other.deploy()
        assert not stand_in.log, "someone was told of nothing"
        other.article("article1", "New text.")
        stand_in.fails = 1
        plan = other.json("--build")["plan"]
        changed = {one["path"] for one in plan["uploads"]} | set(plan["deletes"])
        by = {path: (headers, body) for path, headers, body in stand_in.log}
        headers, body = by["/2020-05-31/distribution/E2EXAMPLE/invalidation"]
        assert "/us-east-1/cloudfront/aws4_request" in headers["authorization"], headers
        paths = set(re.findall(r"<Path>([^<]*)</Path>", body))
        expect = {"/" + path for path in changed} | {"/" + path[: -len("index.html")] for path in changed if path.endswith("index.html")}
        assert paths == expect, paths ^ expect
        headers, body = by["/client/v4/zones/zone1/purge_cache"]
        assert headers["authorization"] == f"Bearer {TOKEN}"
        purged = set()
        for path, _, body in stand_in.log:
            if path.endswith("purge_cache"):
                purged |= set(json.loads(body)["files"])
        assert purged == {"https://gazette.example" + path for path in expect}
        urls = json.loads(by["/indexnow"][1])["urlList"]
        assert "https://gazette.example/article1/" in urls and all(not url.endswith(".xml") for url in urls), urls
        key = client.get_object(Bucket=there, Key="a0b1c2d3e4f5.txt")["Body"].read()
        assert key == b"a0b1c2d3e4f5"
        feeds = [body for path, _, body in stand_in.log if path == "/hub"]
        assert feeds and all(".xml" in feed or "feed.json" in feed for feed in feeds), feeds
        # Who could not be told is told the next time.
        stand_in.log.clear()
        stand_in.refuses = True
        other.article("article1", "Newer text.")
        code, text, _ = other.run("deploy", "--build", "-v")
        assert code == 4 and "was not told" in text, text
        stand_in.refuses = False
        stand_in.log.clear()
        other.deploy()
        assert any("/article1/" in body for _, _, body in stand_in.log), stand_in.log


class Repositories:
    """Serves git repositories over HTTP, to those who know the password."""

    def __init__(self, folder):
        backend = subprocess.run(["git", "--exec-path"], capture_output=True, check=True, text=True).stdout.strip()

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def serve(self):
                import base64

                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                expect = "Basic " + base64.b64encode(f"ana:{PASSWORD}".encode()).decode()
                if self.headers.get("Authorization") != expect:
                    self.send_response(401)
                    self.send_header("WWW-Authenticate", 'Basic realm="git"')
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                parts = urllib.parse.urlsplit(self.path)
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                environment = {
                    "PATH": os.environ["PATH"],
                    "GIT_PROJECT_ROOT": str(folder),
                    "GIT_HTTP_EXPORT_ALL": "1",
                    "REMOTE_USER": "ana",
                    "REQUEST_METHOD": self.command,
                    "PATH_INFO": parts.path,
                    "QUERY_STRING": parts.query,
                    "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                    "CONTENT_LENGTH": str(len(body)),
                    "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                }
                done = subprocess.run([f"{backend}/git-http-backend"], input=body, capture_output=True, env=environment)
                head, _, rest = done.stdout.partition(b"\r\n\r\n")
                lines = [line.decode().split(": ", 1) for line in head.split(b"\r\n") if line]
                status = next((value for name, value in lines if name == "Status"), "200 OK")
                self.send_response_only(int(status.split()[0]))
                for name, value in lines:
                    if name not in ("Status", "Content-Length"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

            do_GET = do_POST = serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class NetlifyStandIn:
    """Behaves as Netlify's published API describes deploys by digest."""

    def __init__(self):
        self.blobs, self.deploys, self.live, self.sent, self.fault = {}, [], None, [], None
        own = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urllib.parse.urlsplit(self.path)
                path = urllib.parse.unquote(parts.path)
                with own.lock:
                    status, answer = own.of(self.command, path, dict(urllib.parse.parse_qsl(parts.query)), self.headers, body)
                if not isinstance(answer, bytes):
                    answer = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            do_GET = do_POST = do_PUT = serve

        self.lock = threading.Lock()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def of(self, method, path, query, headers, body):
        shown = re.match(r"/shown/(\w+)/(.*)", path)
        if shown:
            deploy = self.live if shown[1] == "live" else next(one for one in self.deploys if one["id"] == shown[1])
            digest = deploy and deploy["files"].get("/" + shown[2])
            return (200, self.blobs[digest]) if digest else (404, b"")
        if headers.get("Authorization") != f"Bearer {TOKEN}":
            return 401, {"code": 401, "message": "Access Denied"}
        if self.fault and self.fault(method, path):
            return 503, {}
        view = lambda deploy: {key: value for key, value in deploy.items() if key != "files"}
        if path == "/api/v1/sites/gazette":
            return 200, {"ssl_url": f"{self.url}/shown/live"}
        if path == "/api/v1/sites/gazette/deploys" and method == "GET":
            return 200, [view(one) for one in reversed(self.deploys) if one["state"] == "ready"]
        if path == "/api/v1/sites/gazette/deploys":
            files = json.loads(body)["files"]
            number = f"d{len(self.deploys)}"
            deploy = {"id": number, "title": query["title"], "files": files, "deploy_ssl_url": f"{self.url}/shown/{number}"}
            deploy["required"] = sorted({digest for digest in files.values() if digest not in self.blobs})
            deploy["state"] = "uploading"
            self.deploys.append(deploy)
            self.settle(deploy)
            return 200, view(deploy)
        found = re.match(r"/api/v1/sites/gazette/deploys/(\w+)/restore", path)
        if found:
            self.live = next(one for one in self.deploys if one["id"] == found[1])
            return 200, view(self.live)
        found = re.match(r"/api/v1/deploys/(\w+)/files/(.*)", path)
        if found:
            deploy = next(one for one in self.deploys if one["id"] == found[1])
            digest = hashlib.sha1(body).hexdigest()
            if deploy["files"].get("/" + found[2]) != digest or headers["Content-Type"] != "application/octet-stream":
                return 422, {"message": "digest mismatch"}
            self.blobs[digest] = body
            self.sent.append(found[2])
            self.settle(deploy)
            return 200, {"id": "/" + found[2], "sha": digest}
        found = re.match(r"/api/v1/deploys/(\w+)", path)
        if found:
            return 200, view(next(one for one in self.deploys if one["id"] == found[1]))
        return 404, {}

    def settle(self, deploy):
        if all(digest in self.blobs for digest in deploy["files"].values()):
            deploy["state"], self.live = "ready", deploy

    def stands(self):
        files = self.live["files"] if self.live else {}
        return {path[1:]: self.blobs[digest] for path, digest in files.items() if not path.startswith("/_dateline")}


def netlify_checks():
    host = NetlifyStandIn()
    site = Site("netlify")
    site.environment = {"NETLIFY_AUTH_TOKEN": TOKEN}
    target = f"{{ netlify: gazette, services: {{ netlify: '{host.url}' }} }}"
    table = "headers:\n  '*.html': { X-Frame-Options: DENY }\n"
    site.target(target, table)
    for strange in STRANGE:
        site.put(f"static/files/{strange}.txt", strange)
    site.article("moved", "Text.", "aliases: [/old/]\n")

    @check
    def first():
        """Netlify: a deploy has the site, with its redirects and headers"""
        site.deploy("--build")
        found = host.stands()
        assert found.pop("_redirects") == b"/old/ /moved/ 301\n"
        assert found.pop("_headers") == b"/*.html\n  X-Frame-Options: DENY\n"
        same(found, site.built())
        assert "up to date" in site.deploy()
        assert len(host.deploys) == 1

    @check
    def edit():
        """Netlify: an edit sends only the files that the host lacks, and a busy host is asked again"""
        host.sent.clear()
        site.article("article1", "Other text.")
        (site.root / "content/article5.md").unlink()
        busy = iter([True, False] * 500)
        host.fault = lambda method, path: method == "PUT" and next(busy)
        site.deploy("--build", "--max-deletes", "20")
        host.fault = None
        assert "article1/index.html" in host.sent and "article3/index.html" not in host.sent, host.sent
        found = host.stands()
        assert "article5/index.html" not in found
        same({path: bytes_ for path, bytes_ in found.items() if path not in ("_redirects", "_headers")}, site.built())

    @check
    def back():
        """Netlify: the deploy before is published again"""
        status = site.json("status")
        assert status["live"]["release"] == 2 and status["earlier"] == [1], status
        site.deploy("rollback", "--max-deletes", "20")
        assert "article5/index.html" in host.stands()
        assert site.json("status")["live"]["release"] == 1
        site.deploy("--max-deletes", "20")
        assert "article5/index.html" not in host.stands()

    @check
    def refused():
        """Netlify: without a token that is right, the refusal is told in words"""
        site.environment = {"NETLIFY_AUTH_TOKEN": "wrong-token-0000"}
        code, text, _ = site.run("deploy", "-v")
        assert code == 4 and "401" in text and "wrong-token-0000" not in text, text


def git_checks():
    folder = WORK / "repositories"
    folder.mkdir()
    subprocess.run(["git", "init", "-q", "--bare", folder / "news.git"], check=True)
    subprocess.run(["git", "-C", folder / "news.git", "config", "http.receivepack", "true"], check=True)
    server = Repositories(folder)
    url = f"http://127.0.0.1:{server.port}/news.git"
    site = Site("git")
    for name in STRANGE:
        site.put(f"static/files/{name}.txt", name)
    site.target(f"{{ git: '{url}', branch: pages }}")

    def branch():
        checkout = WORK / "checkout"
        shutil.rmtree(checkout, ignore_errors=True)
        subprocess.run(["git", "clone", "-q", "-b", "pages", folder / "news.git", checkout], check=True)
        return {path: bytes_ for path, bytes_ in tree(checkout).items()}

    @check
    def refused():
        """git: without credentials the push is refused with words, and nothing is asked"""
        code, text, _ = site.run("deploy", "--build", "-v")
        assert code == 4 and "can't read" in text, text

    @check
    def with_password():
        """git: over http, with the credentials of the user's own git, a branch has the site"""
        (WORK / "home/.git-credentials").write_text(f"http://ana:{PASSWORD}@127.0.0.1:{server.port}\n")
        (WORK / "home/.gitconfig").write_text("[credential]\n\thelper = store\n")
        site.deploy("--build")
        same(branch(), {**site.built(), ".nojekyll": b""})
        assert "up to date" in site.deploy()

    @check
    def in_address():
        """git: a password in an address is used and not told"""
        (WORK / "home/.git-credentials").unlink()
        site.target(f"{{ git: 'http://ana:{PASSWORD}@127.0.0.1:{server.port}/news.git', branch: pages }}")
        site.article("article1", "Other text.")
        site.deploy("--build")
        same(branch(), {**site.built(), ".nojekyll": b""})
        site.run("deploy", "status")
        site.run("config")
        site.target(f"{{ git: 'http://ana:{PASSWORD}@127.0.0.1:{server.port}/other.git', branch: pages }}")
        site.run("build")
        code, text, _ = site.run("deploy", "-v")
        assert code == 4, text

    @check
    def at_once():
        """git: of two deploys at once, both end well, and the branch has the site"""
        site.target(f"{{ git: 'file://{folder}/news.git', branch: pages }}")
        other = WORK / "git-2"
        shutil.copytree(site.root, other)
        twin = Site.__new__(Site)
        twin.root, twin.environment = other, {}
        for one in (site, twin):
            one.article("article2", "At once.")
            one.run("build")
        pair = [site.start("deploy"), twin.start("deploy")]
        for child in pair:
            text = b"".join(child.communicate(timeout=60)).decode()
            said.append(text)
            assert child.returncode == 0, text
        same(branch(), {**site.built(), ".nojekyll": b""})
        subprocess.run(["git", "-C", folder / "news.git", "fsck", "--strict"], check=True, capture_output=True)


def ssh_checks():
    import getpass

    folder = WORK / "sshd"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "user.pub", folder / "authorized_keys")
    port = free_port()
    (folder / "sshd_config").write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host\nAuthorizedKeysFile {folder}/authorized_keys\n"
        f"PidFile {folder}/pid\nStrictModes no\nPasswordAuthentication no\nUsePAM no\nPermitRootLogin prohibit-password\nSetEnv HOME={folder}\n"
    )
    (folder / "ssh_config").write_text(
        f"Host there\n  HostName 127.0.0.1\n  Port {port}\n  User {getpass.getuser()}\n  IdentityFile {folder}/user\n"
        f"  StrictHostKeyChecking no\n  UserKnownHostsFile {folder}/known\n  LogLevel ERROR\n"
    )
    if os.getuid() == 0:
        os.makedirs("/run/sshd", exist_ok=True)
    start([shutil.which("sshd") or "/usr/sbin/sshd", "-D", "-e", "-f", folder / "sshd_config"], port)
    environment = {"RSYNC_RSH": f"ssh -F {folder}/ssh_config"}

    def of(name, more=""):
        site = Site(name)
        site.environment = environment
        there = WORK / f"{name} there, it's"
        site.target(f'{{ ssh: "there:{there}"{more} }}')
        for strange in STRANGE:
            site.put(f"static/files/{strange}.txt", strange)
        return site, there

    site, there = of("ssh", ", lock_seconds: 3")

    @check
    def first():
        """ssh: a folder whose name has spaces and quotes has the site, under the names that it has here"""
        site.deploy("--build")
        same(tree(there), site.built())
        assert "up to date" in site.deploy()
        assert (there / "index.html").stat().st_mode & 0o777 == 0o644

    @check
    def edit():
        """ssh: an edit sends what changed; what vanished is deleted, with its folder, and what others put there stays"""
        (there / "theirs.txt").write_text("theirs")
        times = {path: (there / path).stat().st_mtime_ns for path in site.built()}
        site.article("article1", "Other text.")
        (site.root / "content/article5.md").unlink()
        site.deploy("--build", "--max-deletes", "20")
        same(tree(there), {**site.built(), "theirs.txt": b"theirs"})
        assert not (there / "article5").exists()
        assert (there / "article3/index.html").stat().st_mtime_ns == times["article3/index.html"]
        assert (there / "article1/index.html").stat().st_mtime_ns != times["article1/index.html"]

    @check
    def strangers():
        """ssh: files that no deploy put there are not replaced"""
        other, place = of("ssh-foreign")
        place.mkdir()
        (place / "index.html").write_text("mine")
        code, text, _ = other.run("deploy", "--build")
        assert code == 1 and "no deploy put there: index.html" in text, text
        assert (place / "index.html").read_text() == "mine"

    @check
    def killed():
        """ssh: a deploy that is killed leaves old or new pages, and the next finishes"""
        for round_, pause in enumerate((0.2, 0.5, 0.9)):
            old = tree(there)
            for number in range(5):
                site.article(f"article{number}", f"Round {round_}.")
            site.article(f"extra{round_}", "Text.")
            (site.root / f"content/extra{round_ - 1}.md").unlink(missing_ok=True)
            site.run("build")
            new = site.built()
            child = site.start("deploy", "--max-deletes", "99")
            time.sleep(pause)
            child.kill()
            said.append(b"".join(child.communicate()).decode())
            for path, bytes_ in tree(there).items():
                if ".~tmp~" not in path:
                    assert bytes_ in (old.get(path), new.get(path)), f"{path} is neither old nor new"
            site.deploy("--max-deletes", "99")
            same(tree(there), {**new, "theirs.txt": b"theirs"})

    @check
    def releases():
        """ssh: releases are whole folders that share what did not change, and a link that is switched"""
        other, place = of("ssh-releases", ", releases: 2")
        sites = []
        for number in range(3):
            other.article("article1", f"Text {number}.")
            other.article(f"extra{number}", "Text.")
            (other.root / f"content/extra{number - 1}.md").unlink(missing_ok=True)
            other.deploy("--build", "--max-deletes", "99")
            sites.append(other.built())
        assert os.readlink(place / "current") == "releases/3"
        same(tree(place / "releases/3"), sites[2])
        same(tree(place / "releases/2"), sites[1])
        assert not (place / "releases/1").exists()
        inode = lambda number, path: (place / f"releases/{number}/{path}").stat().st_ino
        assert inode(2, "article3/index.html") == inode(3, "article3/index.html")
        assert inode(2, "article1/index.html") != inode(3, "article1/index.html")
        status = other.json("status")
        assert status["earlier"] == [2] and status["live"]["release"] == 3, status
        other.deploy("rollback", "--max-deletes", "99")
        assert os.readlink(place / "current") == "releases/2"
        other.deploy("--max-deletes", "99")
        same(tree(place / os.readlink(place / "current")), sites[2])

    @check
    def nobody():
        """ssh: a machine that does not answer, or does not let us in, is told with words"""
        other, _ = of("ssh-nobody")
        other.target('{ ssh: "127.0.0.1:/tmp/x", port: 9 }')
        other.run("build")
        code, text, _ = other.run("deploy")
        assert code == 4 and "can't connect to 127.0.0.1" in text and "hint" in text, text


class XmlOfGoogle:
    """Speaks the XML API of Google Cloud Storage, of which the emulator knows a part, and asks the
    emulator in its JSON API."""

    def __init__(self, port):
        self.lock = threading.Lock()
        own = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def serve(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                parts = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(parts.query))
                bucket, _, key = urllib.parse.unquote(parts.path).lstrip("/").partition("/")
                place = f"/storage/v1/b/{bucket}/o/{urllib.parse.quote(key, safe='')}"
                with own.lock:
                    self.answer(*self.of(query, bucket, key, place, body))

            def of(self, query, bucket, key, place, body):
                if "list-type" in query:
                    items = json.loads(ask("GET", port, f"/storage/v1/b/{bucket}/o?prefix={urllib.parse.quote(query.get('prefix', ''))}")[1]).get("items", [])
                    items.sort(key=lambda item: item["name"])
                    after = query.get("continuation-token", "")
                    rest = [item for item in items if item["name"] > after]
                    page = rest[:1000]
                    import xml.sax.saxutils as escapes

                    xml = "".join(
                        f"<Contents><Key>{escapes.escape(item['name'])}</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified><Size>{item['size']}</Size><ETag>x</ETag></Contents>"
                        for item in page
                    )
                    more = f"<NextContinuationToken>{escapes.escape(page[-1]['name'])}</NextContinuationToken>" if len(rest) > 1000 else ""
                    return 200, {}, f"<ListBucketResult>{more}{xml}</ListBucketResult>".encode()
                status, known = ask("GET", port, place)
                known = json.loads(known) if status == 200 else None
                headers = lambda item: {"ETag": f'"{item["generation"]}"', "x-goog-generation": item["generation"], "Last-Modified": "Wed, 01 Jan 2025 00:00:00 GMT"}
                if self.command == "GET":
                    if known is None:
                        return 404, {}, b"<Error><Code>NoSuchKey</Code><Message>No such object</Message></Error>"
                    return 200, headers(known), ask("GET", port, f"/download{place}?alt=media")[1]
                if self.command == "DELETE":
                    status, _ = ask("DELETE", port, place)
                    return (204 if status < 300 else 404), {}, b""
                match = self.headers.get("x-goog-if-generation-match")
                if match is not None and match != (known["generation"] if known else "0"):
                    return 412, {}, b"<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>"
                source = self.headers.get("x-goog-copy-source")
                if source:
                    from_bucket, _, from_key = urllib.parse.unquote(source).lstrip("/").partition("/")
                    status, item = ask("POST", port, f"/storage/v1/b/{from_bucket}/o/{urllib.parse.quote(from_key, safe='')}/copyTo/b/{bucket}/o/{urllib.parse.quote(key, safe='')}", {"Content-Length": "0"})
                    return (200, headers(json.loads(item)), b"") if status == 200 else (404, {}, b"")
                metadata = {"name": key, "contentType": self.headers.get("Content-Type")}
                for header, name in [("Cache-Control", "cacheControl"), ("Content-Encoding", "contentEncoding")]:
                    if self.headers.get(header):
                        metadata[name] = self.headers[header]
                parts = [
                    b"--frontier\r\nContent-Type: application/json\r\n\r\n" + json.dumps(metadata).encode(),
                    b"\r\n--frontier\r\nContent-Type: application/octet-stream\r\n\r\n" + body,
                    b"\r\n--frontier--\r\n",
                ]
                status, item = ask("POST", port, f"/upload/storage/v1/b/{bucket}/o?uploadType=multipart", {"Content-Type": 'multipart/related; boundary="frontier"'}, b"".join(parts))
                return (200, headers(json.loads(item)), b"") if status == 200 else (status, {}, item)

            def answer(self, status, headers, body):
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_PUT = do_POST = do_DELETE = serve

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def gs_checks():
    port = free_port()
    start([TOOLS / "venv/bin/gcp-storage-emulator", "start", "--host", "127.0.0.1", "--port", str(port), "--in-memory", "--default-bucket", "news"], port)
    front = XmlOfGoogle(port)
    proxy = Proxy(front.port)

    def there():
        names = json.loads(ask("GET", port, "/storage/v1/b/news/o")[1]).get("items", [])
        found = {}
        for item in names:
            if not item["name"].startswith(".dateline"):
                path = "/download/storage/v1/b/news/o/" + urllib.parse.quote(item["name"], safe="") + "?alt=media"
                found[item["name"]] = ask("GET", port, path)[1]
        return found

    store_checks("gs", "Google Cloud Storage", proxy, "gs://news", there, port)


def az_checks():
    port = free_port()
    start(
        ["node", TOOLS / "node_modules/azurite/dist/src/blob/main.js", "--blobPort", str(port), "--location", WORK / "azurite", "--silent", "--skipApiVersionCheck", "--disableTelemetry"],
        port,
    )
    proxy = Proxy(port)
    account = "devstoreaccount1"
    import base64
    import email.utils

    date = email.utils.formatdate(usegmt=True)
    headers = {"x-ms-date": date, "x-ms-version": "2021-08-06", "x-ms-blob-public-access": "container"}
    resource = f"/{account}/{account}/news\nrestype:container"
    text = "PUT" + "\n" * 12 + "".join(f"{name}:{headers[name]}\n" for name in sorted(headers)) + resource
    signature = base64.b64encode(hmac.new(base64.b64decode(AZURE_KEY), text.encode(), hashlib.sha256).digest()).decode()
    status, body = ask("PUT", port, f"/{account}/news?restype=container", {**headers, "Authorization": f"SharedKey {account}:{signature}", "Content-Length": "0"})
    assert status == 201, body

    def there():
        _, xml = ask("GET", port, f"/{account}/news?restype=container&comp=list")
        import xml.etree.ElementTree as trees

        found = {}
        for name in trees.fromstring(xml.decode("utf-8-sig")).iter("Name"):
            if not name.text.startswith(".dateline"):
                found[name.text] = ask("GET", port, f"/{account}/news/" + urllib.parse.quote(name.text))[1]
        return found

    store_checks("az", "Azure Blob Storage", proxy, f"az://news, account: {account}, endpoint: '{proxy.url}/{account}'", there, port)


def ask(method, port, path, headers={}, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request(method, path, headers=headers, body=body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def folder_checks():
    import resource

    there = WORK / "folder-there"
    site = Site("folder")
    site.target(f"{{ folder: '{there}', lock_seconds: 1 }}")

    @check
    def full():
        """folder: a disk that refuses a file ends the deploy with words and no deletes, and the next finishes"""
        site.deploy("--build")
        old = tree(there)
        site.put("static/z/photo.jpg", os.urandom(400_000))
        for number in range(4):
            site.article(f"article{number}", "New.")
        (site.root / "content/article5.md").unlink()
        site.run("build")

        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))

        done = subprocess.run([DATELINE, "-r", site.root, "deploy", "--max-deletes", "50"], preexec_fn=limit, capture_output=True)
        text = (done.stdout + done.stderr).decode()
        assert done.returncode == 4 and "z/photo.jpg could not be sent" in text, text
        found, new = tree(there), site.built()
        assert set(old) <= set(found)
        for path, bytes_ in found.items():
            assert bytes_ in (old.get(path), new.get(path)), f"{path} is neither old nor new"
        assert not list((there / ".dateline").glob("staged-*")), "litter is left"
        site.deploy("--max-deletes", "50")
        same(tree(there), new)

    @check
    def asked():
        """folder: on a terminal, a deploy shows what it would do and asks; -y does not"""
        import pty

        def typed(answer, *arguments):
            pid, terminal = pty.fork()
            if pid == 0:
                os.execv(DATELINE, [str(DATELINE), "-r", str(site.root), "deploy", *arguments])
            text = b""
            while True:
                try:
                    more = os.read(terminal, 4096)
                except OSError:
                    break
                if not more:
                    break
                text += more
                if answer and b"[y/N]" in text:
                    os.write(terminal, answer)
                    answer = None
            return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), text.decode()

        before = tree(there)
        site.article("article3", "Asked.")
        site.run("build")
        code, text = typed(b"n\n")
        assert "~ article3/index.html" in text and "[y/N]" in text and code == 4, text
        assert tree(there) == before
        code, text = typed(b"y\n")
        assert code == 0, text
        same(tree(there), site.built())
        site.article("article3", "Not asked.")
        site.run("build")
        code, text = typed(None, "-y")
        assert code == 0 and "[y/N]" not in text, text
        same(tree(there), site.built())

    def killed(site, live, there):
        for round_, pause in enumerate((0.03, 0.08, 0.15, 0.3)):
            old = tree(live())
            for number in range(400):
                site.put(f"static/n/{number}.txt", f"{round_} {number}" * 1000)
            site.run("build")
            new = site.built()
            child = site.start("deploy", "--max-deletes", "999")
            time.sleep(pause)
            child.kill()
            said.append(b"".join(child.communicate()).decode())
            found = tree(live())
            for path, bytes_ in found.items():
                assert bytes_ in (old.get(path), new.get(path)), f"{path} is neither old nor new"
            assert set(old) & set(new) <= set(found)
            site.deploy("--max-deletes", "999")
            same(tree(live()), new)

    @check
    def in_place():
        """folder: a deploy that is killed leaves old or new files, each whole, and the next finishes"""
        killed(site, lambda: there, there)

    @check
    def releases():
        """folder: with releases, a deploy that is killed leaves one whole release live"""
        other = Site("folder-releases")
        place = WORK / "folder-releases-there"
        other.target(f"{{ folder: '{place}', releases: 2, lock_seconds: 1 }}")
        other.deploy("--build")

        def live():
            return place / os.readlink(place / "current")

        for round_, pause in enumerate((0.03, 0.1, 0.3)):
            old = tree(live())
            for number in range(400):
                other.put(f"static/n/{number}.txt", f"{round_} {number}" * 1000)
            other.run("build")
            child = other.start("deploy")
            time.sleep(pause)
            child.kill()
            said.append(b"".join(child.communicate()).decode())
            assert tree(live()) in (old, other.built()), "a mix is live"
            other.deploy()
            same(tree(live()), other.built())
        assert not list((place / "releases").glob("*.part")), "litter is left"


def store_checks(kind, name, proxy, url, there, emulator):
    """The checks that every object store has to pass."""
    target = url if "endpoint" in url else f"{url}, endpoint: '{proxy.url}'"
    site = Site(kind)
    for strange in STRANGE:
        site.put(f"static/files/{strange}.txt", strange)
    site.target(f"{{ url: {target}, lock_seconds: 3, keep: 2 }}")

    def first():
        site.deploy("--build")
        same(there(), site.built())
        proxy.reset()
        assert "up to date" in site.deploy()
        assert proxy.count <= 2, proxy.log

    def edit():
        old = there()
        site.article("article1", "Other text.")
        (site.root / "content/article5.md").unlink()
        kinds = {0: (503, ""), 1: (429, ""), 2: "cut"}
        proxy.reset(lambda number, *_: kinds[number // 5 % 3] if number % 5 == 4 else None)
        site.deploy("--build", "--max-deletes", "20")
        proxy.reset()
        same(there(), site.built())
        site.deploy("rollback", "--max-deletes", "20")
        same(there(), old)
        site.deploy("--max-deletes", "20")
        same(there(), site.built())

    def headers():
        head = {}
        if kind == "az":
            connection = http.client.HTTPConnection("127.0.0.1", proxy.target)
            connection.request("HEAD", "/devstoreaccount1/news/article1/index.html")
            head = {key.lower(): value for key, value in connection.getresponse().getheaders()}
        else:
            item = json.loads(ask("GET", emulator, "/storage/v1/b/news/o/article1%2Findex.html")[1])
            head = {"content-type": item.get("contentType"), "cache-control": item.get("cacheControl")}
        assert head["content-type"] == "text/html; charset=utf-8", head
        assert head["cache-control"] == "public, max-age=0, must-revalidate", head

    def refused():
        for number in (0, 1, 2):
            site.article(f"article{number}", "New.")
        (site.root / "content/article4.md").unlink()
        site.run("build")
        old = there()
        proxy.reset(lambda _, method, path: (403, "no") if method in ("PUT", "POST") and "article2/" in path and ".dateline" not in path else None)
        code, text, _ = site.run("deploy", "-v", "--max-deletes", "50")
        assert code == 4 and "article2/index.html" in text, text
        assert set(old) <= set(there())
        proxy.reset()
        site.deploy("--max-deletes", "50")
        same(there(), site.built())

    def wrong_key():
        # Azure lets everybody read a container that is public.
        site.article("article3", "With a wrong key.")
        site.run("build")
        if kind == "az":
            site.environment = {"AZURE_STORAGE_ACCOUNT_KEY": AZURE_KEY[:-6] + "AAAA=="}
            code, text, _ = site.run("deploy", "-v")
            site.environment = {}
            assert code == 4 and "403" in text, text
        else:
            proxy.reset(lambda *_: (401, "<Error><Code>AuthenticationRequired</Code><Message>no</Message></Error>"))
            code, text, _ = site.run("deploy", "-v")
            proxy.reset()
            assert code == 4 and "does not accept the credentials" in text, text

    for function, words in [
        (first, "a bucket has the site, under the names that it has here; one that is live costs a request"),
        (headers, "pages have their headers"),
        (edit, "503, 429 and cut connections are tried again; an earlier release is returned to"),
        (wrong_key, "credentials that are wrong are told with words"),
        (refused, "one refused object is named, nothing is deleted, and the next run finishes"),
    ]:
        function.__doc__ = f"{name}: {words}"
        check(function)


def objects_listed(client, bucket):
    keys = []
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys.extend(item["Key"] for item in page.get("Contents", []))
    return keys


class StandIn:
    """Answers like the services that are told of changes, and notes what it hears."""

    def __init__(self):
        self.log, self.fails, self.refuses = [], 0, False
        own = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
                if own.fails > 0:
                    own.fails -= 1
                    self.send_error(503)
                    return
                if own.refuses:
                    self.send_error(403)
                    return
                own.log.append((self.path, {name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(201)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def secrets_check():
    @check
    def secrets():
        """no secret is in anything that was said"""
        text = "".join(said)
        assert len(said) > 20 and len(text) > 5000
        for secret in SECRETS:
            assert secret not in text, text[max(0, text.index(secret) - 300):][:400]
        assert "panicked" not in text


def main():
    (WORK / "home").mkdir()
    only = sys.argv[3:] or ["folder", "s3", "gs", "az", "git", "ssh", "netlify"]
    try:
        for name in only:
            globals()[f"{name}_checks"]()
        secrets_check()
    finally:
        for child in children:
            child.terminate()
        for child in children:
            try:
                child.wait(10)
            except subprocess.TimeoutExpired:
                child.kill()
        shutil.rmtree(WORK, ignore_errors=True)


main()
