//! The site's `_redirects` and `_headers`, as static hosts read them.
//!
//! A redirect is a line: from where, to where, and the status, 301 where there is none. A `*` at the
//! end of the first stands for the rest of the path and is `:splat` in the second; `:name` stands for
//! one segment. A rule holds where no page stands, or everywhere where its status ends with `!`. A
//! rule with conditions on the reader (`Country=`, `Language=`) is passed over: a preview has none.
//!
//! Of `_headers`, what would work against a preview or its safety is left out: how long browsers
//! keep a file, `Strict-Transport-Security`, and that other sites may read it.

use std::borrow::Cow;

/// The rules of a site.
#[derive(Debug, Default)]
pub struct Rules {
    redirects: Vec<Redirect>,
    headers: Vec<(String, Vec<(String, String)>)>,
}

#[derive(Debug)]
struct Redirect {
    from: String,
    to: String,
    status: u16,
    is_forced: bool,
}

/// What a rule does with a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Turn {
    /// The browser is sent there, with this status.
    Redirect(u16, String),
    /// The page there is the answer, with this status.
    Rewrite(u16, String),
}

impl Rules {
    /// Reads the two files; one that is not there is empty.
    pub fn new(redirects: &str, headers: &str) -> Self {
        Self {
            redirects: redirects.lines().filter_map(redirect).collect(),
            headers: blocks(headers),
        }
    }

    /// Returns what the first rule that fits a path does. `is_page` tells whether there is a page,
    /// which goes before every rule that is not forced.
    pub fn turn(&self, path: &str, is_page: bool) -> Option<Turn> {
        let (rule, target) = self
            .redirects
            .iter()
            .filter(|rule| rule.is_forced || !is_page)
            .find_map(|rule| Some((rule, filled(&rule.to, &captures(&rule.from, path)?))))?;
        Some(match rule.status {
            200 | 404 | 410 | 451 => Turn::Rewrite(rule.status, target),
            status => Turn::Redirect(status, target),
        })
    }

    /// Returns the headers of a path.
    pub fn headers<'a>(&'a self, path: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let fitting = self
            .headers
            .iter()
            .filter(move |(from, _)| captures(from, path).is_some());
        fitting
            .flat_map(|(_, headers)| headers)
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn redirect(line: &str) -> Option<Redirect> {
    let line = line.split('#').next().unwrap_or_default();
    let words: Vec<&str> = line.split_whitespace().collect();
    let (from, rest) = words.split_first()?;
    // What stands between the two paths are names of the query's values: a condition.
    let (to, rest) = rest.split_first()?;
    if !from.starts_with('/') || !(to.starts_with('/') || to.contains("://")) {
        return None;
    }
    let (status, conditions) = match rest.split_first() {
        None => ("301", rest),
        Some((status, conditions)) => (*status, conditions),
    };
    let is_forced = status.ends_with('!');
    let status = status.trim_end_matches('!').parse().ok()?;
    let is_known = matches!(status, 200 | 301 | 302 | 303 | 307 | 308 | 404 | 410 | 451);
    (conditions.is_empty() && is_known).then(|| Redirect {
        from: (*from).to_owned(),
        to: (*to).to_owned(),
        status,
        is_forced,
    })
}

fn blocks(text: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut blocks: Vec<(String, Vec<(String, String)>)> = Vec::new();
    for line in text.lines() {
        let is_indented = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !is_indented {
            blocks.push((line.to_owned(), Vec::new()));
        } else if let (Some((name, value)), Some((_, headers))) =
            (line.split_once(':'), blocks.last_mut())
            && is_honoured(name)
        {
            headers.push((name.to_owned(), value.trim().to_owned()));
        }
    }
    blocks
}

/// Tells whether a header of the site's can be sent from a preview.
fn is_honoured(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let is_token = !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let is_ours = matches!(
        name.as_str(),
        "cache-control"
            | "connection"
            | "content-encoding"
            | "content-length"
            | "content-range"
            | "cross-origin-resource-policy"
            | "date"
            | "etag"
            | "expires"
            | "keep-alive"
            | "last-modified"
            | "location"
            | "strict-transport-security"
            | "transfer-encoding"
            | "upgrade"
    );
    is_token && !is_ours && !name.starts_with("access-control-")
}

/// Matches a path; returns what the pattern's names stand for.
fn captures<'a>(pattern: &'a str, path: &'a str) -> Option<Vec<(&'a str, Cow<'a, str>)>> {
    let mut found = Vec::new();
    let trimmed = |text: &'a str| text.strip_prefix('/').unwrap_or(text).trim_end_matches('/');
    let mut segments = trimmed(path)
        .split('/')
        .filter(|segment| !segment.is_empty());
    for wanted in trimmed(pattern)
        .split('/')
        .filter(|wanted| !wanted.is_empty())
    {
        if wanted == "*" {
            let rest: Vec<&str> = segments.collect();
            found.push(("splat", Cow::Owned(rest.join("/"))));
            return Some(found);
        }
        let segment = segments.next()?;
        match (wanted.strip_prefix(':'), wanted.strip_suffix('*')) {
            (Some(name), _) if !name.is_empty() => found.push((name, Cow::Borrowed(segment))),
            (_, Some(beginning)) => {
                let rest = std::iter::once(segment.strip_prefix(beginning)?).chain(segments);
                found.push(("splat", Cow::Owned(rest.collect::<Vec<_>>().join("/"))));
                return Some(found);
            }
            _ if wanted == segment => {}
            _ => return None,
        }
    }
    segments.next().is_none().then_some(found)
}

/// Puts what the names stand for into a target.
fn filled(target: &str, found: &[(&str, Cow<'_, str>)]) -> String {
    let mut names: Vec<_> = found.iter().collect();
    // A name may begin another.
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names
        .into_iter()
        .fold(target.to_owned(), |target, (name, value)| {
            target.replace(&format!(":{name}"), value)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const REDIRECTS: &str = "# moved\n\
        /old/ /new/\n\
        /news/:year/:slug /archive/:slug/:year 302\n\
        /blog/* https://blog.example/:splat 308\n\
        /forced /elsewhere 301!\n\
        /app/* /index.html 200\n\
        /gone /gone.html 410\n\
        /country /x 302 Country=pt\n\
        /query id=:id /x/:id 301\n\
        nonsense\n\
        /half\n\
        /bad /x 999\n";

    #[test]
    fn the_first_rule_that_fits_decides() {
        let rules = Rules::new(REDIRECTS, "");
        let redirect = |status, to: &str| Some(Turn::Redirect(status, to.to_owned()));
        for (path, is_page, expect) in [
            ("/old", false, redirect(301, "/new/")),
            ("/old/", false, redirect(301, "/new/")),
            ("/old/", true, None),
            ("/older/", false, None),
            (
                "/news/2024/storm",
                false,
                redirect(302, "/archive/storm/2024"),
            ),
            ("/news/2024", false, None),
            (
                "/blog/a/b",
                false,
                redirect(308, "https://blog.example/a/b"),
            ),
            ("/blog", false, redirect(308, "https://blog.example/")),
            ("/forced", true, redirect(301, "/elsewhere")),
            (
                "/app/x/y",
                false,
                Some(Turn::Rewrite(200, "/index.html".to_owned())),
            ),
            (
                "/gone",
                false,
                Some(Turn::Rewrite(410, "/gone.html".to_owned())),
            ),
            ("/country", false, None),
            ("/query", false, None),
            ("/half", false, None),
            ("/bad", false, None),
        ] {
            assert_eq!(rules.turn(path, is_page), expect, "{path}");
        }
    }

    #[test]
    fn headers_hold_where_their_path_does() {
        let rules = Rules::new(
            "",
            "/*\n  X-Frame-Options: DENY\n  Cache-Control: max-age=9\n  Access-Control-Allow-Origin: *\n\
             # note\n/assets/*\n  X-Asset: yes: indeed\n  Strict-Transport-Security: max-age=1\n",
        );
        let of = |path| rules.headers(path).collect::<Vec<_>>();
        assert_eq!(of("/"), [("X-Frame-Options", "DENY")]);
        assert_eq!(
            of("/assets/a.css"),
            [("X-Frame-Options", "DENY"), ("X-Asset", "yes: indeed")]
        );
    }
}
