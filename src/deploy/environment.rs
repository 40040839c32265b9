//! The environment's variables, and the secrets among them, which no one gets to see.

use std::collections::BTreeMap;
use std::sync::Mutex;

/// Names that speak of secrets.
const SECRET_NAMES: &[&str] = &[
    "KEY",
    "SECRET",
    "TOKEN",
    "PASSWORD",
    "PASSWD",
    "CREDENTIAL",
    "_SAS",
    "CONNECTION_STRING",
    "AUTHORIZATION",
];
/// Names that speak of where secrets lie.
const PLACE_NAMES: &[&str] = &[
    "_FILE",
    "_PATH",
    "_SOCK",
    "_URI",
    "_URL",
    "_ENDPOINT",
    "GOOGLE_APPLICATION_CREDENTIALS",
];
/// What is shorter is found everywhere by chance.
const SHORTEST_SECRET: usize = 6;
/// What stands in a secret's place.
const HIDDEN: &str = "***";

/// The environment's variables, as the command line read them.
#[derive(Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    /// Secrets that were read from the platform's own files.
    learned: Mutex<Vec<String>>,
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Environment")
    }
}

impl Environment {
    /// Takes the variables.
    pub fn new(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self {
            variables: variables.into_iter().collect(),
            learned: Mutex::default(),
        }
    }

    /// Returns a variable's value; none where it is empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.variables.get(name)?;
        (!value.is_empty()).then_some(value)
    }

    /// Returns every variable whose name begins so.
    pub fn beginning(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .filter(move |(name, value)| name.starts_with(prefix) && !value.is_empty())
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Notes a secret that was read from a file.
    pub fn learn(&self, secret: &str) {
        if let Ok(mut learned) = self.learned.lock() {
            learned.push(secret.to_owned());
        }
    }

    /// Returns a text without any secret of the environment, without the users and passwords of
    /// addresses, and without signatures in their queries.
    pub fn redact(&self, text: &str) -> String {
        let mut text = text.to_owned();
        let learned = self
            .learned
            .lock()
            .map(|learned| learned.clone())
            .unwrap_or_default();
        let secrets = self
            .variables
            .iter()
            .filter(|(name, _)| is_secret(name))
            .map(|(_, value)| value)
            .chain(&learned);
        let mut secrets: Vec<&String> = secrets
            .filter(|secret| secret.len() >= SHORTEST_SECRET)
            .collect();
        // Of two secrets, one may be the beginning of the other.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        for secret in secrets {
            text = text.replace(secret.as_str(), HIDDEN);
            let encoded = percent_encoded(secret);
            if encoded != **secret {
                text = text.replace(&encoded, HIDDEN);
            }
        }
        without_signatures(&without_users(&text))
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
        && !PLACE_NAMES.iter().any(|part| name.ends_with(part))
}

/// Returns a text as it stands in an address (RFC 3986, 2.1).
pub(super) fn percent_encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(byte.into());
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Returns a text whose addresses name no user.
fn without_users(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (before, after) = rest.split_at(at + 3);
        kept.push_str(before);
        let end = after
            .find(|c: char| c == '/' || c.is_whitespace() || "\"'`<>?#".contains(c))
            .unwrap_or(after.len());
        if let Some(host) = after[..end].rfind('@') {
            kept.push_str(HIDDEN);
            rest = &after[host..];
        } else {
            rest = after;
        }
    }
    kept.push_str(rest);
    kept
}

/// Returns a text whose addresses carry no signature.
fn without_signatures(text: &str) -> String {
    let mut text = text.to_owned();
    for name in ["sig=", "X-Amz-Signature=", "X-Goog-Signature=", "token="] {
        let mut from = 0;
        while let Some(at) = text[from..].find(name) {
            let start = from + at + name.len();
            let end = text[start..]
                .find(|c: char| c == '&' || c.is_whitespace() || "\"'`<>)".contains(c))
                .map_or(text.len(), |end| start + end);
            text.replace_range(start..end, HIDDEN);
            from = start + HIDDEN.len();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment() -> Environment {
        let variables = [
            ("AWS_SECRET_ACCESS_KEY", "very/secret+key"),
            ("AZURE_STORAGE_SAS_TOKEN", "sv=1&sig=abcdef"),
            ("GITHUB_TOKEN", "ghp_0123456789"),
            ("GOOGLE_APPLICATION_CREDENTIALS", "/etc/gcp.json"),
            ("SSH_AUTH_SOCK", "/tmp/agent"),
            ("HOME", "/home/ana"),
            ("GIT_AUTHOR_NAME", "Ana Reis"),
            ("A_KEY", "ab"),
        ];
        Environment::new(variables.map(|(name, value)| (name.to_owned(), value.to_owned())))
    }

    #[test]
    fn secrets_are_hidden_however_they_are_written() {
        let environment = environment();
        environment.learn("from a file");
        let check = |text: &str, expect: &str| assert_eq!(environment.redact(text), expect);
        check("with very/secret+key in it", "with *** in it");
        check("?a=very%2Fsecret%2Bkey", "?a=***");
        check(
            "https://ana:pass@host/x and git://t@h",
            "https://***@host/x and git://***@h",
        );
        check("https://h/?sig=xyz&se=1 end", "https://h/?sig=***&se=1 end");
        check("it is from a file", "it is ***");
    }

    #[test]
    fn what_is_no_secret_is_shown() {
        let text = "/etc/gcp.json /tmp/agent /home/ana Ana Reis ab https://host/@x";
        assert_eq!(environment().redact(text), text);
    }
}
