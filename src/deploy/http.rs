//! Requests over HTTP, and the runtime in which they wait for their answers.

use super::error::DeployError;
use super::store::{StoreError, Trouble};
use reqwest::{Client, Method};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long a connection is waited for.
pub(super) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an answer is waited for: a large file over a slow line takes its time.
pub(super) const TIMEOUT: Duration = Duration::from_secs(300);
/// How much of an answer is told where it is a refusal.
const TOLD: usize = 300;

/// Makes requests.
#[derive(Clone)]
pub(super) struct Http {
    runtime: Arc<Runtime>,
    client: Client,
}

/// A request's answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// Its status.
    pub status: u16,
    /// Its body.
    pub text: String,
}

impl Http {
    /// Starts the runtime.
    ///
    /// # Errors
    ///
    /// That the machine has no threads or no certificates.
    pub(super) fn new() -> Result<Self, DeployError> {
        // Whoever is the first to choose chooses the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let fault =
            |error: String| DeployError::machine(format!("can't make connections: {error}"));
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|error| fault(error.to_string()))?;
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|error| fault(cause(&error)))?;
        Ok(Self {
            runtime: Arc::new(runtime),
            client,
        })
    }

    /// Waits for something.
    pub(super) fn wait<T>(&self, what: impl Future<Output = T>) -> T {
        self.runtime.block_on(what)
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// That there was no answer, or that it was a refusal.
    pub(super) fn send(
        &self,
        method: &str,
        url: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Result<Answer, StoreError> {
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| StoreError::lasting(format!("{method} is no method of HTTP")))?;
        let mut request = self.client.request(method, url).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.wait(async {
            let answer = request.send().await?;
            let status = answer.status().as_u16();
            let text = answer.text().await?;
            Ok::<_, reqwest::Error>(Answer { status, text })
        });
        let answer = answer.map_err(|error| StoreError {
            trouble: match error.is_builder() {
                true => Trouble::Lasting,
                false => Trouble::Passing,
            },
            message: cause(&error.without_url()),
        })?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(StoreError {
                trouble: trouble(status),
                message: format!("it answered {status}: {}", brief(&answer.text)),
            }),
        }
    }

    /// Reads what stands at an address.
    ///
    /// # Errors
    ///
    /// The status, where there was an answer, and what kind of refusal it is.
    pub(super) fn fetch(&self, url: &str) -> Result<Vec<u8>, (Option<u16>, StoreError)> {
        let answer = self.wait(async {
            let answer = self.client.get(url).send().await?;
            let status = answer.status().as_u16();
            Ok::<_, reqwest::Error>((status, answer.bytes().await?.to_vec()))
        });
        match answer {
            Ok((200..=299, bytes)) => Ok(bytes),
            Ok((status, _)) => Err((
                Some(status),
                StoreError {
                    trouble: trouble(status),
                    message: format!("it answered {status}"),
                },
            )),
            Err(error) => Err((None, StoreError::passing(cause(&error.without_url())))),
        }
    }
}

/// Returns the kind of refusal that a status is.
pub(super) fn trouble(status: u16) -> Trouble {
    match status {
        501 | 505 => Trouble::Lasting,
        408 | 425 | 429 | 500..=599 => Trouble::Passing,
        _ => Trouble::Lasting,
    }
}

/// Returns what is at the bottom of an error.
pub(super) fn cause(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    let text = error.to_string();
    text.split(" (os error")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Returns the beginning of an answer in one line, or the code and the message of one in XML.
pub(super) fn brief(text: &str) -> String {
    let element = |name: &str| {
        let (_, rest) = text.split_once(&format!("<{name}>"))?;
        Some(rest.split_once('<')?.0.trim().to_owned())
    };
    if let (Some(code), Some(message)) = (element("Code"), element("Message")) {
        return format!("{code}: {message}");
    }
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(TOLD)
        .collect();
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.is_empty() {
        true => "nothing more".to_owned(),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_in_xml_are_told_in_their_own_words() {
        let xml =
            "<?xml?><Error><Code>NoSuchBucket</Code><Message>It is not there</Message></Error>";
        assert_eq!(brief(xml), "NoSuchBucket: It is not there");
        assert_eq!(brief("a\n  b\0"), "a b");
        assert_eq!(brief(" "), "nothing more");
    }

    #[test]
    fn a_busy_server_is_asked_again_and_a_refusal_is_one() {
        for (status, expect) in [
            (429, Trouble::Passing),
            (503, Trouble::Passing),
            (403, Trouble::Lasting),
            (404, Trouble::Lasting),
        ] {
            assert_eq!(trouble(status), expect, "{status}");
        }
    }
}
