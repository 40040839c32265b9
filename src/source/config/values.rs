//! Values of dateline.yaml that have a form of their own, read and written.

use super::deploy::{Address, Encoding, Service, Target};
use super::{Config, DateOrder, EDITORS, FeedContent, Level, RawHtml, SlugStyle};
use crate::base::diagnostic::{Diagnostic, nearest};
use crate::source::article::Data;
use crate::source::yaml::{Faults, Node, Value};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Checks where a site will stand and returns it without a slash at its end.
///
/// # Errors
///
/// Says what is wrong with the address.
pub fn check_base_url(written: &str) -> Result<String, String> {
    let url = written.trim();
    let scheme_end = url.find("://").unwrap_or(0);
    let (scheme, rest) = url.split_at(scheme_end);
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(format!(
            "`{url}` is not an address that begins with `https://` or `http://`"
        ));
    }
    let rest = rest.trim_start_matches("://").trim_end_matches('/');
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() || host.starts_with(':') {
        return Err(format!("`{url}` names no host"));
    }
    if host.contains('@') {
        return Err("the address of a site can't have a user name".to_owned());
    }
    if rest.contains(['?', '#']) {
        return Err(format!("`{url}` can't have a query or a fragment"));
    }
    let is_strange = |c: char| c.is_whitespace() || c.is_control() || "<>\"'\\`{}|^".contains(c);
    if rest.contains(is_strange) {
        return Err(format!("`{url}` has characters that no address has"));
    }
    if path.split('/').any(|segment| matches!(segment, "." | "..")) || rest.contains("//") {
        return Err(format!("`{url}` has an empty part, `.` or `..`"));
    }
    Ok(format!("{}://{rest}", scheme.to_ascii_lowercase()))
}

/// Reads a time zone of the IANA database that dateline carries, so that every machine reads it
/// alike.
pub(super) fn time_zone<'a>(node: &Node<'a>, faults: &mut Faults<'a>) -> Option<TimeZone> {
    let name = faults.text(&"`time_zone`", node)?;
    let name = name.trim();
    let database = TimeZoneDatabase::bundled();
    if let Ok(zone) = database.get(name) {
        return Some(zone);
    }
    let names: Vec<String> = database.available().map(|name| name.to_string()).collect();
    let lower = name.to_lowercase().replace(' ', "_");
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let meant = names
        .iter()
        .find(|known| city(known) == city(&lower))
        .map(String::as_str)
        .or_else(|| nearest(name, names.iter().map(String::as_str)));
    let fault = Diagnostic::error(format!("`{name}` is not a time zone")).at(faults.place(node.at));
    faults.push(match meant {
        Some(meant) => fault.hint(format!("did you mean `{meant}`?")),
        None => fault.hint("write a name of the IANA database, such as `Europe/Lisbon` or `UTC`"),
    });
    None
}

/// Reads where links to the source lead: the name of an editor, `none`, or an address with `{path}`
/// whose scheme runs nothing in a page.
pub(super) fn editor<'a>(node: &Node<'a>, faults: &mut Faults<'a>) -> Option<String> {
    let written = faults.text(&"`preview.editor`", node)?;
    let written = written.trim();
    let names = || EDITORS.iter().map(|(name, _)| *name);
    let is_address = written.contains("{path}")
        && written.split_once(':').is_some_and(|(scheme, _)| {
            let scheme = scheme.to_ascii_lowercase();
            scheme.starts_with(|c: char| c.is_ascii_lowercase())
                && scheme
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
                && !matches!(scheme.as_str(), "javascript" | "data" | "vbscript" | "blob")
        });
    if is_address || names().any(|name| name == written) {
        return Some(written.to_owned());
    }
    let known: Vec<String> = names().map(|name| format!("`{name}`")).collect();
    let fault = Diagnostic::error(format!("`preview.editor` can't be `{written}`"))
        .at(faults.place(node.at))
        .suggest(written, names())
        .hint(format!(
            "write one of {}, or an address such as `editor://open?file={{path}}&line={{line}}`",
            known.join(", ")
        ));
    faults.push(fault);
    None
}

/// Reads a number such as `5000`, `10 MB` or `2 million`.
pub(super) fn amount<'a>(what: &str, node: &Node<'a>, faults: &mut Faults<'a>) -> Option<u64> {
    let amount = match &node.value {
        Value::Null => return None,
        Value::Integer(number) => u64::try_from(*number).ok(),
        Value::Text(text) => amount_in(text),
        _ => None,
    };
    match amount {
        Some(0) | None => {
            faults.wrong_kind(&what, "a number such as `5000` or `10 MB`", node);
            None
        }
        amount => amount,
    }
}

fn amount_in(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text
        .find(|c: char| !c.is_ascii_digit() && !matches!(c, '_' | '.'))
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" | "bytes" => 1,
        "k" | "kb" | "thousand" => 1_000,
        "m" | "mb" | "million" => 1_000_000,
        "g" | "gb" | "billion" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return None,
    };
    let digits = digits.replace('_', "");
    match digits.split_once('.') {
        None => digits.parse::<u64>().ok()?.checked_mul(factor),
        Some(_) => {
            let amount = digits.parse::<f64>().ok()? * factor as f64;
            (amount < 1e18).then_some(amount as u64)
        }
    }
}

/// Writes a configuration as data, in the order of the table of keys.
pub(super) fn to_data(config: &Config) -> Data {
    let Config {
        title,
        description,
        base_url,
        language,
        languages,
        time_zone,
        date_order,
        permalink,
        permalinks,
        publisher,
        image,
        icon,
        images,
        social_cards,
        card_fonts,
        theme,
        per_page,
        date_pages,
        taxonomies,
        menu,
        lint,
        credits,
        markdown,
        slugs,
        feeds,
        search,
        related,
        minify_html,
        follow_links,
        ignore,
        publish_dot_names,
        trust_svg,
        limits,
        preview,
        extra,
        headers,
        deploy,
        named: _,
    } = config;
    let level = |level: Level| {
        text(match level {
            Level::Off => "off",
            Level::Warn => "warn",
            Level::Error => "error",
        })
    };
    let order = |order: &DateOrder| {
        text(match order {
            DateOrder::Dmy => "dmy",
            DateOrder::Mdy => "mdy",
            DateOrder::Ymd => "ymd",
        })
    };
    let patterns = permalinks
        .iter()
        .map(|(section, pattern)| (section.clone(), text(pattern)));
    let taxonomies = taxonomies.iter().map(|taxonomy| {
        map([
            ("key", text(&taxonomy.key)),
            ("singular", text(&taxonomy.singular)),
            ("feeds", Data::Bool(taxonomy.feeds)),
        ])
    });
    let menu = menu
        .iter()
        .map(|item| map([("name", text(&item.name)), ("url", text(&item.url))]));
    let image = image.as_ref().map_or(Data::Null, |image| {
        map([("src", text(&image.src)), ("alt", text(&image.alt))])
    });
    let raw_html = match markdown.raw_html {
        RawHtml::Escape => "escape",
        RawHtml::Pass => "pass",
        RawHtml::Trusted => "trusted",
    };
    let slugs = match slugs {
        SlugStyle::Unicode => "unicode",
        SlugStyle::Ascii => "ascii",
    };
    map([
        ("title", text(title)),
        ("description", text(description)),
        ("base_url", text(base_url)),
        ("language", text(language)),
        ("languages", list(languages)),
        ("time_zone", text(time_zone.iana_name().unwrap_or("UTC"))),
        ("date_order", date_order.as_ref().map_or(Data::Null, order)),
        ("permalink", text(permalink)),
        ("permalinks", Data::Map(patterns.collect())),
        (
            "publisher",
            map([
                ("name", text(&publisher.name)),
                ("logo", optional(&publisher.logo)),
                ("url", optional(&publisher.url)),
                ("email", optional(&publisher.email)),
                ("same_as", list(&publisher.same_as)),
            ]
            .into_iter()
            .chain(
                publisher
                    .policies
                    .iter()
                    .map(|(key, url)| (*key, text(url))),
            )),
        ),
        ("image", image),
        ("icon", optional(icon)),
        ("images", images.to_data()),
        ("social_cards", Data::Bool(*social_cards)),
        ("card_fonts", list(card_fonts)),
        ("theme", text(theme)),
        ("per_page", number(*per_page as u64)),
        ("date_pages", Data::Bool(*date_pages)),
        ("taxonomies", Data::List(taxonomies.collect())),
        ("menu", Data::List(menu.collect())),
        (
            "lint",
            map([
                ("uncredited_photo", level(lint.uncredited_photo)),
                ("missing_alt", level(lint.missing_alt)),
                ("doubtful_alt", level(lint.doubtful_alt)),
                ("disagreeing_credit", level(lint.disagreeing_credit)),
                ("similar_credits", level(lint.similar_credits)),
                ("silent_update", level(lint.silent_update)),
            ]),
        ),
        ("credits", credits.to_data()),
        (
            "markdown",
            map([
                ("plain", Data::Bool(markdown.plain)),
                ("smart_punctuation", Data::Bool(markdown.smart_punctuation)),
                ("raw_html", text(raw_html)),
                ("highlight", Data::Bool(markdown.highlight)),
                ("math", Data::Bool(markdown.math)),
                ("words_per_minute", number(markdown.words_per_minute.into())),
                (
                    "characters_per_minute",
                    number(markdown.characters_per_minute.into()),
                ),
            ]),
        ),
        ("slugs", text(slugs)),
        (
            "feeds",
            map([
                ("limit", number(feeds.limit as u64)),
                (
                    "content",
                    text(match feeds.content {
                        FeedContent::Summary => "summary",
                        FeedContent::Full => "full",
                    }),
                ),
                (
                    "formats",
                    Data::List(
                        feeds
                            .formats
                            .iter()
                            .map(|format| text(format.word()))
                            .collect(),
                    ),
                ),
            ]),
        ),
        ("search", search.to_data()),
        ("related", number(*related as u64)),
        ("minify_html", Data::Bool(*minify_html)),
        ("follow_links", list(follow_links)),
        ("ignore", list(ignore)),
        ("publish_dot_names", list(publish_dot_names)),
        ("trust_svg", Data::Bool(*trust_svg)),
        (
            "limits",
            map([
                ("article_bytes", number(limits.article_bytes)),
                ("picture_pixels", number(limits.picture_pixels)),
                ("page_bytes", number(limits.page_bytes)),
                ("template_steps", number(limits.template_steps)),
            ]),
        ),
        ("preview", map([("editor", text(&preview.editor))])),
        ("extra", extra.clone()),
        (
            "headers",
            Data::Map(
                headers
                    .iter()
                    .map(|rule| {
                        let headers = rule
                            .headers
                            .iter()
                            .map(|(name, value)| (name.clone(), text(value)));
                        (rule.glob.clone(), Data::Map(headers.collect()))
                    })
                    .collect(),
            ),
        ),
        (
            "deploy",
            map([("targets", Data::Map(deploy.iter().map(target).collect()))]),
        ),
    ])
}

/// Returns a target with its name.
fn target(target: &Target) -> (String, Data) {
    let Target {
        name,
        address,
        base_url,
        workers,
        keep,
        releases,
        precompress,
        redirects,
        host_files,
        max_deletes,
        lock_seconds,
        cloudfront,
        cloudflare_zone,
        websub,
        indexnow,
        services,
        hooks,
    } = target;
    let mut entries: Vec<(&str, Data)> = match address {
        Address::Objects {
            service,
            bucket,
            prefix,
            endpoint,
            region,
            account,
        } => {
            let slash = if prefix.is_empty() { "" } else { "/" };
            let scheme = match service {
                Service::S3 => "s3",
                Service::Google => "gs",
                Service::Azure => "az",
            };
            vec![
                (
                    "url",
                    Data::Text(format!("{scheme}://{bucket}{slash}{prefix}")),
                ),
                ("endpoint", optional(endpoint)),
                ("region", optional(region)),
                ("account", optional(account)),
            ]
        }
        Address::Git {
            remote,
            branch,
            cname,
        } => vec![
            ("git", Data::Text(without_password(remote))),
            ("branch", text(branch)),
            ("cname", optional(cname)),
        ],
        Address::Ssh { host, port, path } => vec![
            ("ssh", Data::Text(format!("{host}:{path}"))),
            ("port", port.map_or(Data::Null, |port| number(port.into()))),
        ],
        Address::Folder(folder) => vec![("folder", text(folder))],
        Address::Netlify(site) => vec![("netlify", text(site))],
    };
    let some = |count: usize| match count {
        0 => Data::Null,
        count => number(count as u64),
    };
    let encodings = precompress.iter().map(|encoding| match encoding {
        Encoding::Gzip => text("gzip"),
        Encoding::Brotli => text("brotli"),
    });
    let services = services.iter().map(|(name, url)| (name.clone(), text(url)));
    entries.extend([
        ("base_url", optional(base_url)),
        ("workers", number(*workers as u64)),
        ("keep", some(*keep)),
        ("releases", some(*releases)),
        ("precompress", Data::List(encodings.collect())),
        ("redirects", Data::Bool(*redirects)),
        ("host_files", host_files.map_or(Data::Null, Data::Bool)),
        (
            "max_deletes",
            max_deletes.map_or(Data::Null, |most| number(most as u64)),
        ),
        ("lock_seconds", number(*lock_seconds)),
        ("cloudfront", optional(cloudfront)),
        ("cloudflare_zone", optional(cloudflare_zone)),
        ("websub", list(websub)),
        ("indexnow", optional(indexnow)),
        ("services", Data::Map(services.collect())),
        (
            "hooks",
            map([
                ("before", optional(&hooks.0)),
                ("after", optional(&hooks.1)),
            ]),
        ),
    ]);
    let entries = entries
        .into_iter()
        .filter(|(_, value)| *value != Data::Null)
        .map(|(key, value)| (key.to_owned(), value));
    (name.clone(), Data::Map(entries.collect()))
}

/// Returns an address without what stands between its user's name and its host.
pub fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address.to_owned();
    };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    match authority.rsplit_once('@') {
        Some((user, host)) => {
            let user = match user.split_once(':') {
                Some((user, _)) => format!("{user}:***"),
                // A user's name alone is a token with most hosts.
                None => "***".to_owned(),
            };
            format!("{scheme}://{user}@{host}{path}")
        }
        None => address.to_owned(),
    }
}

fn text(text: &str) -> Data {
    Data::Text(text.to_owned())
}

fn optional(value: &Option<String>) -> Data {
    value.as_deref().map_or(Data::Null, text)
}

fn number(number: u64) -> Data {
    Data::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}

pub(super) fn list(texts: &[String]) -> Data {
    Data::List(texts.iter().map(|item| text(item)).collect())
}

pub(super) fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Data)>) -> Data {
    Data::Map(
        entries
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect(),
    )
}
