//! The server: answers browsers on this machine with pages of the edition that is out.
//!
//! It promises to read nothing but what the plan lists, to answer nobody who calls it by a foreign
//! name, to let no other site read it, and to go on answering whatever is sent to it: heads,
//! connections and idle time have limits, and a connection that breaks them is a thread that ends.

use super::address;
use super::answer::{self, Answer};
use super::request::{self, Refusal, Request};
use super::response::{Body, Response};
use super::stand::{Stand, event, message};
use super::watch::Signal;
use super::{page, token};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How many connections there may be at once.
const MOST_CONNECTIONS: usize = 512;
/// How long a connection may take to say what it wants, and may lie idle.
const PATIENCE: Duration = Duration::from_secs(15);
/// How long a browser may leave an answer unread.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked whether a tab is still there.
const BEAT: Duration = Duration::from_secs(1);
/// After how many of those a tab hears that the server lives.
const HEARTBEAT: u32 = 10;
/// How much of a refused request is still taken in, so that the refusal arrives.
const MOST_DRAINED: usize = 4 << 20;
/// How many ports are tried where the first is taken.
const MOST_PORTS: u16 = 100;
/// The stack of a connection's thread, in bytes.
const STACK_BYTES: usize = 512 << 10;
/// How long a page waits for an answer from the desk.
const INQUIRY_PATIENCE: Duration = Duration::from_secs(10);

/// Where the server listens.
pub struct Listeners {
    /// The address in links.
    pub address: SocketAddr,
    /// Whether it is another port than the one that was asked for.
    pub is_other_port: bool,
    sockets: Vec<TcpListener>,
}

impl Listeners {
    /// Listens on an address, on the first port from `port` on that is free; on the loopback
    /// address of both versions of IP where none is asked for.
    ///
    /// # Errors
    ///
    /// What the system refuses.
    pub fn open(bind: Option<IpAddr>, port: u16) -> io::Result<Self> {
        let last = port.saturating_add(MOST_PORTS);
        let mut next = port;
        loop {
            match Self::on(bind, next) {
                Ok((address, sockets)) => {
                    return Ok(Self {
                        address,
                        is_other_port: next != port,
                        sockets,
                    });
                }
                Err(error) if error.kind() == ErrorKind::AddrInUse && next < last => next += 1,
                Err(error) => return Err(error),
            }
        }
    }

    fn on(bind: Option<IpAddr>, port: u16) -> io::Result<(SocketAddr, Vec<TcpListener>)> {
        let first = TcpListener::bind((bind.unwrap_or(Ipv4Addr::LOCALHOST.into()), port))?;
        let address = first.local_addr()?;
        let mut sockets = vec![first];
        if bind.is_none() {
            // A browser may look for localhost there first, and must not find somebody else.
            match TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())) {
                Ok(socket) => sockets.push(socket),
                Err(error) if error.kind() == ErrorKind::AddrInUse => return Err(error),
                Err(_) => {}
            }
        }
        Ok((address, sockets))
    }
}

/// The names by which the server is called.
#[derive(Debug, Clone)]
pub struct Hosts {
    /// The port that it listens on.
    pub port: u16,
    /// Further names that are allowed, each with a port or with any.
    pub names: Vec<(String, Option<u16>)>,
}

impl Hosts {
    /// Reads a name that is allowed: `NAME` or `NAME:PORT`.
    pub fn name(text: &str) -> Option<(String, Option<u16>)> {
        let (name, port) = split_host(text)?;
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-._:".contains(letter);
        (!name.is_empty() && name.chars().all(is_plain)).then_some((name, port))
    }

    /// Tells whether a `Host` is one of ours; `local` is where the connection arrived.
    pub fn allow(&self, host: &str, local: SocketAddr) -> bool {
        let Some((name, port)) = split_host(host) else {
            return false;
        };
        let is_own_port = port.unwrap_or(80) == self.port;
        // An address can't be rebound to another machine, as a name can.
        let is_own = matches!(name.as_str(), "localhost" | "127.0.0.1" | "::1")
            || name
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip == local.ip().to_canonical());
        (is_own && is_own_port)
            || self.names.iter().any(|(own, own_port)| {
                *own == name && own_port.is_none_or(|own| own == port.unwrap_or(80))
            })
    }
}

/// Splits `NAME:PORT`; the name in lower case, an IPv6 address without its brackets.
fn split_host(text: &str) -> Option<(String, Option<u16>)> {
    let (name, port) = match text.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?,
        None => text.split_at(text.find(':').unwrap_or(text.len())),
    };
    let port = match port.strip_prefix(':') {
        None if port.is_empty() => None,
        None => return None,
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            Some(digits.parse().ok()?)
        }
        Some(_) => return None,
    };
    Some((name.to_ascii_lowercase(), port))
}

/// What the server asks the desk: why there is no page at a path, if it is hidden.
pub struct Inquiry {
    /// The decoded path, below the site's own.
    pub path: String,
    /// Where the answer goes.
    pub reply: SyncSender<Option<String>>,
}

/// What all connections share.
pub struct Server {
    /// What is served.
    pub stand: Arc<Stand>,
    /// The names by which it is called.
    pub hosts: Hosts,
    /// The secret in the addresses of the script and the live connection.
    pub token: String,
    /// What pages are told beside what is on them.
    pub settings: answer::Settings,
    /// Where inquiries go.
    pub inquiries: Mutex<Sender<Signal>>,
}

impl Server {
    /// Makes a server with a token of its own.
    ///
    /// # Errors
    ///
    /// Where the system gives no random bytes.
    pub fn new(
        stand: Arc<Stand>,
        hosts: Hosts,
        settings: answer::Settings,
        inquiries: Sender<Signal>,
    ) -> io::Result<Self> {
        Ok(Self {
            stand,
            hosts,
            token: token::random()?,
            settings,
            inquiries: Mutex::new(inquiries),
        })
    }

    /// Begins to answer, on threads that last as long as the process.
    ///
    /// # Errors
    ///
    /// Where the system starts no thread.
    pub fn start(self: Arc<Self>, listeners: Listeners) -> io::Result<()> {
        let open = Arc::new(AtomicUsize::new(0));
        for socket in listeners.sockets {
            let (server, open) = (Arc::clone(&self), Arc::clone(&open));
            thread::Builder::new()
                .name("listener".to_owned())
                .spawn(move || server.listen(&socket, &open))?;
        }
        Ok(())
    }

    fn listen(self: &Arc<Self>, socket: &TcpListener, open: &Arc<AtomicUsize>) {
        loop {
            let Ok((mut stream, _)) = socket.accept() else {
                // No more handles: those that are open end in time.
                thread::sleep(Duration::from_millis(20));
                continue;
            };
            let seat = Seat::take(open);
            if seat.number > MOST_CONNECTIONS {
                let _ = stream.set_write_timeout(Some(Duration::from_millis(100)));
                let _ =
                    Response::text(503, "too many connections").write(&mut stream, false, false);
                continue;
            }
            let server = Arc::clone(self);
            let connection = move || {
                let _seat = seat;
                server.converse(&mut stream);
            };
            // Where there is no thread, the connection is dropped, and the browser tries again.
            let _ = thread::Builder::new()
                .stack_size(STACK_BYTES)
                .spawn(connection);
        }
    }

    /// Answers the requests of one connection.
    fn converse(&self, stream: &mut TcpStream) {
        let Ok(local) = stream.local_addr() else {
            return;
        };
        let _ = stream.set_nodelay(true);
        let _ = stream.set_write_timeout(Some(WRITE_PATIENCE));
        let mut waiting = Vec::new();
        loop {
            let request = match request::read(stream, &mut waiting, PATIENCE) {
                Ok(request) => request,
                Err(refusal) => return refuse(stream, refusal),
            };
            if !self.is_welcome(&request, local) {
                let response = Response::text(403, "this preview does not answer to that name");
                let _ = secured(response).write(stream, request.is_head, false);
                return;
            }
            if let Some(rest) = request.path.strip_prefix("/-/") {
                let Some(response) = self.own(rest, &request, stream) else {
                    return;
                };
                if secured(response)
                    .write(stream, request.is_head, request.is_kept)
                    .is_err()
                    || !request.is_kept
                {
                    return;
                }
                continue;
            }
            let response = secured(self.page(&request));
            if response
                .write(stream, request.is_head, request.is_kept)
                .is_err()
                || !request.is_kept
            {
                return;
            }
        }
    }

    fn is_welcome(&self, request: &Request, local: SocketAddr) -> bool {
        // Only what speaks HTTP/1.0 comes without one, which no browser does.
        request
            .header("host")
            .is_none_or(|host| self.hosts.allow(host, local))
    }

    /// Answers for what is not of the site: the script, and the live connection, which takes the
    /// whole connection and leaves no answer.
    fn own(&self, rest: &str, request: &Request, stream: &mut TcpStream) -> Option<Response> {
        let (token, name) = rest.split_once('/').unwrap_or((rest, ""));
        if !token::equal(token, &self.token) || !is_same_origin(request) {
            return Some(Response::text(
                403,
                "another preview wrote that address; load the page again",
            ));
        }
        match name {
            "preview.js" => Some(
                Response::new(
                    200,
                    "text/javascript; charset=utf-8",
                    Body::bytes(page::SCRIPT.as_bytes()),
                )
                .tagged(env!("CARGO_PKG_VERSION"), request),
            ),
            "live" if request.is_head => Some(Response::text(200, "")),
            "live" => {
                self.live(request, stream);
                None
            }
            _ => Some(Response::text(404, "there is nothing here")),
        }
    }

    /// Tells a tab what happens, until either side ends it.
    fn live(&self, request: &Request, stream: &mut TcpStream) {
        let Some(page) = request.argument("page") else {
            let _ =
                Response::text(400, "it is not said for which page").write(stream, false, false);
            return;
        };
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n\
                    X-Content-Type-Options: nosniff\r\nCross-Origin-Resource-Policy: same-origin\r\n\
                    Connection: close\r\n\r\n";
        let line = self.stand.open_tab(&page);
        let mut first = format!("{head}{}", event(&message::hello()));
        let faults = answer::faults(&self.stand, &self.settings);
        first.push_str(&event(&message::faults(&faults)));
        let mut is_there = stream.write_all(first.as_bytes()).is_ok();
        if is_there {
            let known = request.argument("tag").unwrap_or_default();
            if let Some(missed) = answer::missed(&self.stand, &page, &known) {
                is_there = stream.write_all(event(&missed).as_bytes()).is_ok();
            }
        }
        let mut beats = 0;
        while is_there {
            is_there = match line.messages.recv_timeout(BEAT) {
                Ok(message) => stream.write_all(message.as_bytes()).is_ok(),
                Err(RecvTimeoutError::Timeout) => {
                    beats += 1;
                    is_open(stream)
                        && (beats % HEARTBEAT != 0 || stream.write_all(b": \n\n").is_ok())
                }
                Err(RecvTimeoutError::Disconnected) => false,
            };
        }
        self.stand.close_tab(line.tab);
    }

    /// Answers for the site.
    fn page(&self, request: &Request) -> Response {
        let Some(path) = address::decode(&request.path) else {
            return Response::text(404, "no page has such an address");
        };
        match answer::answer(&self.stand, &path, request, &self.settings, &self.token) {
            Answer::Response(response) => response,
            Answer::NotFound(below) => {
                let why = self.inquire(&below);
                answer::not_found(
                    &self.stand,
                    &below,
                    why.as_deref(),
                    request,
                    &self.settings,
                    &self.token,
                )
            }
        }
    }

    /// Asks the desk whether an article that is hidden would stand there.
    fn inquire(&self, path: &str) -> Option<String> {
        let hidden = self.stand.edition()?.site.archive.hidden;
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_page = !last.contains('.') || last.ends_with(".html");
        if hidden.drafts + hidden.scheduled + hidden.expired == 0 || !is_page {
            return None;
        }
        let (reply, answer) = sync_channel(1);
        let path = path.to_owned();
        let inquiry = Signal::Inquiry(Inquiry { path, reply });
        self.inquiries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .send(inquiry)
            .ok()?;
        answer.recv_timeout(INQUIRY_PATIENCE).ok().flatten()
    }
}

/// Tells whether a request comes from a page of the preview itself: an `Origin` must be exactly
/// ours, and a browser that says where requests come from must say that it is here.
fn is_same_origin(request: &Request) -> bool {
    let host = request.header("host").unwrap_or_default();
    let is_ours = |origin: &str| origin.strip_prefix("http://") == Some(host);
    let has = |name: &str| request.headers.iter().any(|(own, _)| own == name);
    (!has("origin") || request.header("origin").is_some_and(is_ours))
        && (!has("sec-fetch-site") || request.header("sec-fetch-site") == Some("same-origin"))
}

/// Tells whether the other side has not ended a connection on which it has nothing more to say.
fn is_open(stream: &TcpStream) -> bool {
    let _ = stream.set_nonblocking(true);
    let seen = stream.peek(&mut [0]);
    let _ = stream.set_nonblocking(false);
    match seen {
        Ok(count) => count > 0,
        Err(error) => error.kind() == ErrorKind::WouldBlock,
    }
}

/// Adds what every answer says: what it is, it is; nobody else's page may use it; ask again next time.
fn secured(response: Response) -> Response {
    response
        .with("X-Content-Type-Options", "nosniff")
        .with("Cross-Origin-Resource-Policy", "same-origin")
        .with("Cache-Control", "no-cache")
}

/// Says why a request is not answered, and takes in what is still coming, so that this arrives.
fn refuse(stream: &mut TcpStream, refusal: Refusal) {
    let Some(status) = refusal.status() else {
        return;
    };
    let words = match refusal {
        Refusal::Bad => "that is no request",
        Refusal::Late => "the request did not end",
        Refusal::LongLine => "the address is too long",
        Refusal::LongHead => "there are too many headers",
        Refusal::Method => "only GET and HEAD are answered",
        Refusal::Gone => "",
    };
    let response = secured(Response::text(status, words)).with("Allow", "GET, HEAD");
    if response.write(stream, false, false).is_err() || stream.shutdown(Shutdown::Write).is_err() {
        return;
    }
    let _ = stream.set_read_timeout(Some(Duration::from_millis(500)));
    let mut sink = [0; 16 * 1024];
    let mut drained = 0;
    while let Ok(count) = stream.read(&mut sink) {
        drained += count;
        if count == 0 || drained > MOST_DRAINED {
            return;
        }
    }
}

/// A place among the connections, given back when the connection ends.
struct Seat {
    open: Arc<AtomicUsize>,
    number: usize,
}

impl Seat {
    fn take(open: &Arc<AtomicUsize>) -> Self {
        Self {
            number: open.fetch_add(1, Ordering::Relaxed) + 1,
            open: Arc::clone(open),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_names_are_answered() {
        let hosts = Hosts {
            port: 1111,
            names: ["Desk.example:8080", "paper.test"]
                .iter()
                .filter_map(|name| Hosts::name(name))
                .collect(),
        };
        let local = |ip: &str| SocketAddr::new(ip.parse().expect("an address"), 1111);
        for (host, expect) in [
            ("localhost:1111", true),
            ("LOCALHOST:1111", true),
            ("127.0.0.1:1111", true),
            ("[::1]:1111", true),
            ("192.168.1.7:1111", true),
            ("desk.example:8080", true),
            ("paper.test", true),
            ("paper.test:99", true),
            ("desk.example", false),
            ("localhost", false),
            ("localhost:1112", false),
            ("localhost.:1111", false),
            ("192.168.1.8:1111", false),
            ("127.0.0.1.evil.example:1111", false),
            ("evil.example:1111", false),
            ("localhost:1111.evil.example", false),
            ("localhost:+1111", false),
            ("user@localhost:1111", false),
            ("[::1]evil:1111", false),
            ("[::1", false),
            ("", false),
        ] {
            assert_eq!(hosts.allow(host, local("192.168.1.7")), expect, "{host}");
        }
        assert!(!hosts.allow("192.168.1.7:1111", local("127.0.0.1")));
        assert!(hosts.allow("192.168.1.7:1111", local("::ffff:192.168.1.7")));
        for bad in ["", "a b", "x:99999", "a/b"] {
            assert_eq!(Hosts::name(bad), None, "{bad}");
        }
    }

    #[test]
    fn the_live_connection_is_for_our_own_pages() {
        let request = |headers: &[(&str, &str)]| Request {
            is_head: false,
            path: "/".to_owned(),
            query: None,
            headers: [("host", "localhost:1111")]
                .iter()
                .chain(headers)
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
            is_kept: true,
        };
        let check = |headers: &[(&str, &str)], expect| {
            assert_eq!(is_same_origin(&request(headers)), expect, "{headers:?}");
        };
        check(&[], true);
        check(
            &[
                ("origin", "http://localhost:1111"),
                ("sec-fetch-site", "same-origin"),
            ],
            true,
        );
        for origin in [
            "null",
            "http://evil.example",
            "https://localhost:1111",
            "http://localhost:1111.evil",
            "http://localhost:111",
            "",
        ] {
            check(&[("origin", origin)], false);
        }
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "none")], false);
        check(
            &[
                ("origin", "http://localhost:1111"),
                ("origin", "http://localhost:1111"),
            ],
            false,
        );
    }
}
