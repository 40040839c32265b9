//! Object stores as destinations: S3 and what speaks its protocol, Google Cloud Storage, Azure Blob
//! Storage.

use super::environment::{Environment, percent_encoded};
use super::error::DeployError;
use super::headers::Headers;
use super::http::{CONNECT_TIMEOUT, Http, TIMEOUT, brief, cause, trouble};
use super::release::STATE;
use super::site::{LOCATION, read_in_pieces};
use super::store::{Body, Store, StoreError, Trouble, Version};
use crate::base::fingerprint::Fingerprint;
use crate::source::config::Service;
use object_store::aws::{AmazonS3, AmazonS3Builder, AwsAuthorizer, AwsCredential};
use object_store::azure::MicrosoftAzureBuilder;
use object_store::client::{HttpRequest, HttpRequestBody};
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::path::Path as Key;
use object_store::{
    Attribute, Attributes, ClientOptions, Error, ObjectStore, ObjectStoreExt, PutMode,
    PutMultipartOptions, PutOptions, PutPayload, RetryConfig, UpdateVersion,
};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// The parts in which a large file is sent.
const PART: usize = 8 << 20;
/// How many keys one request deletes.
const DELETED_AT_ONCE: usize = 1000;
/// The region of those who name none.
const DEFAULT_REGION: &str = "us-east-1";
/// The metadata under which an object carries the fingerprint of its bytes.
const PRINT: &str = "dateline";

/// A bucket, or a folder of one.
pub(super) struct Objects {
    http: Http,
    store: Arc<dyn ObjectStore>,
    name: String,
    prefix: String,
    service: Service,
    /// S3 alone: its own client, and the address of the bucket.
    amazon: Option<(Arc<AmazonS3>, String, String)>,
}

/// Where a bucket is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bucket<'a> {
    /// Whose it is.
    pub service: Service,
    /// Its name.
    pub bucket: &'a str,
    /// The folder in it.
    pub prefix: &'a str,
    /// The service's address.
    pub endpoint: Option<&'a str>,
    /// The region.
    pub region: Option<&'a str>,
    /// The account.
    pub account: Option<&'a str>,
}

impl Objects {
    /// Makes a client, with the credentials of the environment or of the platform's own files. Nothing
    /// is asked of the service yet.
    ///
    /// # Errors
    ///
    /// That there are no credentials, or that they make no sense.
    pub(super) fn new(
        bucket: &Bucket<'_>,
        environment: &Environment,
        http: Http,
    ) -> Result<Self, DeployError> {
        let scheme = match bucket.service {
            Service::S3 => "s3",
            Service::Google => "gs",
            Service::Azure => "az",
        };
        let slash = if bucket.prefix.is_empty() { "" } else { "/" };
        let name = format!("{scheme}://{}{slash}{}", bucket.bucket, bucket.prefix);
        let mut amazon = None;
        let store: Arc<dyn ObjectStore> = match bucket.service {
            Service::S3 => {
                let (store, url, region) = amazon_store(bucket, environment)?;
                let store = Arc::new(store);
                amazon = Some((Arc::clone(&store), url, region));
                store
            }
            Service::Google => google_store(bucket, environment)?,
            Service::Azure => azure_store(bucket, environment)?,
        };
        Ok(Self {
            http,
            store,
            name,
            prefix: bucket.prefix.to_owned(),
            service: bucket.service,
            amazon,
        })
    }

    fn key(&self, key: &str) -> Result<Key, StoreError> {
        let whole = match self.prefix.is_empty() {
            true => key.to_owned(),
            false => format!("{}/{key}", self.prefix),
        };
        // The key as it is: other ways of making one encode some of its letters.
        Key::parse(&whole).map_err(|error| StoreError::lasting(error.to_string()))
    }

    fn attributes(&self, headers: &Headers, print: Option<Fingerprint>) -> Attributes {
        let mut attributes = Attributes::new();
        for (name, value) in headers {
            let attribute = match name.as_str() {
                "Content-Type" => Attribute::ContentType,
                "Cache-Control" => Attribute::CacheControl,
                "Content-Encoding" => Attribute::ContentEncoding,
                "Content-Disposition" => Attribute::ContentDisposition,
                "Content-Language" => Attribute::ContentLanguage,
                _ => continue,
            };
            attributes.insert(attribute, value.clone().into());
        }
        if let Some(print) = print {
            attributes.insert(Attribute::Metadata(PRINT.into()), print.to_string().into());
        }
        attributes
    }

    /// Sends a large file in parts; it stands there once the last has arrived.
    fn put_large(
        &self,
        key: &Key,
        path: &std::path::Path,
        print: Fingerprint,
        attributes: Attributes,
    ) -> Result<(), StoreError> {
        let options = PutMultipartOptions {
            attributes,
            ..PutMultipartOptions::default()
        };
        let mut upload = self
            .http
            .wait(self.store.put_multipart_opts(key, options))
            .map_err(refused)?;
        let mut failure: Option<StoreError> = None;
        let read = read_in_pieces(path, print, PART, |piece| {
            self.http
                .wait(upload.put_part(PutPayload::from(piece)))
                .map_err(|error| {
                    let error = refused(error);
                    let told = DeployError::machine(error.message.clone());
                    failure = Some(error);
                    told
                })
        });
        let done = match (read, failure) {
            (Ok(()), _) => self
                .http
                .wait(upload.complete())
                .map(|_| ())
                .map_err(refused),
            (Err(_), Some(failure)) => Err(failure),
            (Err(error), None) => Err(error.into()),
        };
        if done.is_err() {
            // The service throws away in time what can't be taken back.
            let _ = self.http.wait(upload.abort());
        }
        done
    }

    /// Puts a page that leads elsewhere: S3's own redirect is a header that the library does not know.
    fn put_redirect(
        &self,
        (store, bucket, region): &(Arc<AmazonS3>, String, String),
        key: &Key,
        bytes: &[u8],
        headers: &Headers,
        print: Fingerprint,
    ) -> Result<(), StoreError> {
        let lasting = |error: &dyn std::fmt::Display| StoreError::lasting(error.to_string());
        let path: Vec<String> = key.as_ref().split('/').map(percent_encoded).collect();
        let url = format!("{bucket}/{}", path.join("/"));
        let credential = self
            .http
            .wait(store.credentials().get_credential())
            .map_err(refused)?;
        let mut request = HttpRequest::new(HttpRequestBody::from(bytes.to_vec()));
        *request.method_mut() = reqwest::Method::PUT;
        *request.uri_mut() = url.parse().map_err(|error| lasting(&error))?;
        let mut put = |name: &'static str, value: &str| {
            let value = value.parse().map_err(|_| {
                StoreError::lasting(format!("`{value}` can't be the value of {name}"))
            })?;
            request.headers_mut().insert(name, value);
            Ok::<_, StoreError>(())
        };
        for (name, header) in [
            ("Content-Type", "content-type"),
            ("Cache-Control", "cache-control"),
            ("Content-Encoding", "content-encoding"),
            (LOCATION, "x-amz-website-redirect-location"),
        ] {
            if let Some(value) = headers.get(name) {
                put(header, value)?;
            }
        }
        put("x-amz-meta-dateline", &print.to_string())?;
        AwsAuthorizer::new(&credential, "s3", region)
            .try_authorize(&mut request, None)
            .map_err(refused)?;
        let mut signed = Vec::new();
        for (name, value) in request.headers() {
            let value = value.to_str().map_err(|error| lasting(&error))?;
            signed.push((name.as_str(), value));
        }
        self.http
            .send("PUT", &url, &signed, bytes.to_vec())
            .map(|_| ())
    }
}

fn options(allow_http: bool) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(allow_http)
        .with_connect_timeout(CONNECT_TIMEOUT)
        .with_timeout(TIMEOUT)
}

/// Returns how often the library tries: once. What may pass is tried again by who knows what else goes
/// on.
fn once() -> RetryConfig {
    RetryConfig {
        max_retries: 0,
        ..RetryConfig::default()
    }
}

fn usage(error: &Error) -> DeployError {
    DeployError::usage(format!("the target can't be used: {}", cause(error)))
}

fn amazon_store(
    bucket: &Bucket<'_>,
    environment: &Environment,
) -> Result<(AmazonS3, String, String), DeployError> {
    let mut builder = AmazonS3Builder::new();
    for (name, value) in environment.beginning("AWS_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(credential) = amazon_credential(environment) {
        builder = builder
            .with_access_key_id(&credential.key_id)
            .with_secret_access_key(&credential.secret_key);
        if let Some(token) = &credential.token {
            builder = builder.with_token(token);
        }
    }
    let own = Profile::read(environment);
    let region = bucket
        .region
        .or_else(|| environment.get("AWS_REGION"))
        .or_else(|| environment.get("AWS_DEFAULT_REGION"))
        .or(own.region.as_deref())
        .unwrap_or(DEFAULT_REGION)
        .to_owned();
    let endpoint = bucket
        .endpoint
        .or_else(|| environment.get("AWS_ENDPOINT_URL_S3"))
        .or_else(|| environment.get("AWS_ENDPOINT_URL"));
    let mut allow_http = false;
    let base = match endpoint {
        Some(endpoint) => {
            allow_http = endpoint.starts_with("http://");
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
            endpoint.trim_end_matches('/').to_owned()
        }
        None => format!("https://s3.{region}.amazonaws.com"),
    };
    let store = builder
        .with_bucket_name(bucket.bucket)
        .with_region(&region)
        .with_virtual_hosted_style_request(false)
        .with_client_options(options(allow_http))
        .with_retry(once())
        .build()
        .map_err(|error| usage(&error))?;
    Ok((store, format!("{base}/{}", bucket.bucket), region))
}

fn google_store(
    bucket: &Bucket<'_>,
    environment: &Environment,
) -> Result<Arc<dyn ObjectStore>, DeployError> {
    let mut builder = GoogleCloudStorageBuilder::new();
    for (name, value) in environment.beginning("GOOGLE_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(path) = environment.get("SERVICE_ACCOUNT") {
        builder = builder.with_service_account_path(path);
    }
    let mut allow_http = false;
    if let Some(endpoint) = bucket.endpoint {
        allow_http = endpoint.starts_with("http://");
        builder = builder.with_base_url(endpoint.trim_end_matches('/'));
    }
    // An emulator knows no one; without a token of some kind, the library would ask the machine's
    // metadata server for one.
    if allow_http && environment.get("GOOGLE_BEARER_TOKEN").is_none() {
        builder = builder.with_bearer_token("none");
    }
    let store = builder
        .with_bucket_name(bucket.bucket)
        .with_client_options(options(allow_http))
        .with_retry(once())
        .build()
        .map_err(|error| usage(&error))?;
    Ok(Arc::new(store))
}

fn azure_store(
    bucket: &Bucket<'_>,
    environment: &Environment,
) -> Result<Arc<dyn ObjectStore>, DeployError> {
    let mut builder = MicrosoftAzureBuilder::new();
    for (name, value) in environment.beginning("AZURE_") {
        if let Ok(key) = name.to_ascii_lowercase().parse() {
            builder = builder.with_config(key, value);
        }
    }
    if let Some(account) = bucket.account {
        builder = builder.with_account(account);
    }
    let mut allow_http = false;
    if let Some(endpoint) = bucket.endpoint {
        allow_http = endpoint.starts_with("http://");
        builder = builder.with_endpoint(endpoint.trim_end_matches('/').to_owned());
    }
    let store = builder
        .with_container_name(bucket.bucket)
        .with_allow_http(allow_http)
        .with_client_options(options(allow_http))
        .with_retry(once())
        .build()
        .map_err(|error| {
            usage(&error).hint("`account` or AZURE_STORAGE_ACCOUNT_NAME names the storage account")
        })?;
    Ok(Arc::new(store))
}

/// Returns the credentials of AWS that the environment has, else those of its own files.
pub(super) fn amazon_credential(environment: &Environment) -> Option<AwsCredential> {
    let variable = |name: &str| environment.get(name).map(str::to_owned);
    if let (Some(key_id), Some(secret_key)) = (
        variable("AWS_ACCESS_KEY_ID"),
        variable("AWS_SECRET_ACCESS_KEY"),
    ) {
        return Some(AwsCredential {
            key_id,
            secret_key,
            token: variable("AWS_SESSION_TOKEN"),
        });
    }
    let own = Profile::read(environment);
    Some(AwsCredential {
        key_id: own.key_id?,
        secret_key: own.secret?,
        token: own.token,
    })
}

/// What AWS's own files say of the profile that is meant.
#[derive(Debug, Default)]
struct Profile {
    key_id: Option<String>,
    secret: Option<String>,
    token: Option<String>,
    region: Option<String>,
}

impl Profile {
    #[expect(
        clippy::disallowed_methods,
        reason = "the platform keeps credentials in files of its own"
    )]
    fn read(environment: &Environment) -> Self {
        let home = environment.get("HOME").map(PathBuf::from);
        let file = |variable: &str, name: &str| {
            environment
                .get(variable)
                .map(PathBuf::from)
                .or_else(|| Some(home.as_ref()?.join(".aws").join(name)))
        };
        let name = environment.get("AWS_PROFILE").unwrap_or("default");
        let mut profile = Self::default();
        let files = [
            file("AWS_SHARED_CREDENTIALS_FILE", "credentials"),
            file("AWS_CONFIG_FILE", "config"),
        ];
        for path in files.into_iter().flatten() {
            // Most machines have no such file.
            if let Ok(text) = std::fs::read_to_string(path) {
                profile.take(&text, name);
            }
        }
        for secret in [&profile.secret, &profile.token].into_iter().flatten() {
            environment.learn(secret);
        }
        profile
    }

    /// Takes what a file says of a profile, where nothing was said before.
    fn take(&mut self, text: &str, name: &str) {
        let mut is_meant = false;
        for line in text.lines().map(str::trim) {
            if let Some(section) = line
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                let section = section.trim();
                is_meant = section.strip_prefix("profile ").unwrap_or(section).trim() == name;
                continue;
            }
            let Some((key, value)) = line.split_once('=').filter(|_| is_meant) else {
                continue;
            };
            let slot = match key.trim() {
                "aws_access_key_id" => &mut self.key_id,
                "aws_secret_access_key" => &mut self.secret,
                "aws_session_token" => &mut self.token,
                "region" => &mut self.region,
                _ => continue,
            };
            slot.get_or_insert_with(|| value.trim().to_owned());
        }
    }
}

/// Says what a service refused, and whether it may pass.
fn refused(error: Error) -> StoreError {
    let told = innermost(&error, "status code: ");
    let status = told
        .as_ref()
        .and_then(|told| told.get(..3)?.parse::<u16>().ok());
    let answer = match &told {
        Some(told) => {
            let (status, body) = told.split_once(": ").unwrap_or((told, ""));
            format!("{status}: {}", brief(body))
        }
        None => cause(&error),
    };
    match error {
        Error::AlreadyExists { .. } | Error::Precondition { .. } => StoreError::conflict(answer),
        Error::NotFound { .. } => StoreError::lasting(format!("it is not there: {answer}")),
        Error::PermissionDenied { .. } => {
            StoreError::lasting(format!("the service refuses it: {answer}"))
        }
        Error::Unauthenticated { .. } => StoreError::lasting(format!(
            "the service does not accept the credentials: {answer}"
        )),
        Error::NotImplemented { .. } | Error::NotSupported { .. } | Error::InvalidPath { .. } => {
            StoreError::lasting(answer)
        }
        // Without a status there was no answer: the connection broke, or there was none.
        _ => StoreError {
            trouble: status.map_or(Trouble::Passing, trouble),
            message: answer,
        },
    }
}

/// Returns what follows some words in the lowest of the errors that say them.
fn innermost(error: &dyn std::error::Error, words: &str) -> Option<String> {
    let mut found = None;
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some((_, rest)) = error.to_string().split_once(words) {
            found = Some(rest.to_owned());
        }
        next = error.source();
    }
    found
}

/// Returns what an error and those below it say.
fn error_text(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str("; ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

impl Store for Objects {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn read(&self, key: &str) -> Result<Option<(Vec<u8>, Version)>, StoreError> {
        let key = self.key(key)?;
        let found = self.http.wait(async {
            let found = self.store.get(&key).await?;
            let version = version(found.meta.e_tag.as_deref(), found.meta.version.as_deref());
            Ok::<_, Error>((found.bytes().await?.to_vec(), version))
        });
        match found {
            Ok(found) => Ok(Some(found)),
            // A bucket that is not there is no bucket without the file.
            Err(error @ Error::NotFound { .. }) if error_text(&error).contains("NoSuchBucket") => {
                Err(refused(error))
            }
            Err(error @ Error::NotFound { .. })
                if error_text(&error).contains("ContainerNotFound") =>
            {
                Err(refused(error))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(refused(error)),
        }
    }

    fn put(&self, key: &str, body: &Body<'_>, headers: &Headers) -> Result<(), StoreError> {
        let key = self.key(key)?;
        match body {
            Body::File(path, print) => {
                self.put_large(&key, path, *print, self.attributes(headers, Some(*print)))
            }
            Body::Bytes(bytes) => {
                let print = Fingerprint::of_bytes(bytes);
                if let Some(amazon) = self
                    .amazon
                    .as_ref()
                    .filter(|_| headers.contains_key(LOCATION))
                {
                    return self.put_redirect(amazon, &key, bytes, headers, print);
                }
                let options = PutOptions {
                    attributes: self.attributes(headers, Some(print)),
                    ..PutOptions::default()
                };
                let payload = PutPayload::from(bytes.clone());
                self.http
                    .wait(self.store.put_opts(&key, payload, options))
                    .map(|_| ())
                    .map_err(refused)
            }
        }
    }

    fn put_if(
        &self,
        key: &str,
        bytes: &[u8],
        expect: Option<&Version>,
    ) -> Result<Version, StoreError> {
        let key = self.key(key)?;
        let mode = match expect {
            None => PutMode::Create,
            Some(known) => {
                let (tag, number) = known.split_once('\n').unwrap_or((known, ""));
                let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
                PutMode::Update(UpdateVersion {
                    e_tag: some(tag),
                    version: some(number),
                })
            }
        };
        let headers = Headers::from([
            (
                "Content-Type".to_owned(),
                "application/octet-stream".to_owned(),
            ),
            ("Cache-Control".to_owned(), "no-store".to_owned()),
        ]);
        let options = PutOptions {
            mode,
            attributes: self.attributes(&headers, None),
            ..PutOptions::default()
        };
        let payload = PutPayload::from(bytes.to_vec());
        let put = self
            .http
            .wait(self.store.put_opts(&key, payload, options))
            .map_err(refused)?;
        Ok(version(put.e_tag.as_deref(), put.version.as_deref()))
    }

    fn copy(&self, from: &str, to: &str) -> Result<bool, StoreError> {
        let (from, to) = (self.key(from)?, self.key(to)?);
        match self.http.wait(self.store.copy(&from, &to)) {
            Ok(()) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(refused(error)),
        }
    }

    fn delete(&self, keys: &[String]) -> Result<(), StoreError> {
        use futures_util::{StreamExt, stream};
        let keys: Vec<Result<Key, Error>> = keys
            .iter()
            .map(|key| self.key(key).map(Ok))
            .collect::<Result<_, _>>()?;
        let mut deleted = self.store.delete_stream(stream::iter(keys).boxed());
        self.http.wait(async {
            while let Some(one) = deleted.next().await {
                match one {
                    Ok(_) | Err(Error::NotFound { .. }) => {}
                    Err(error) => return Err(refused(error)),
                }
            }
            Ok(())
        })
    }

    fn taken(&self, keys: &[&str], is_first: bool) -> Result<Vec<String>, StoreError> {
        use futures_util::StreamExt;
        // Later, what no deploy put there would have to be asked for key by key.
        if !is_first {
            return Ok(Vec::new());
        }
        let wanted: BTreeSet<&str> = keys.iter().copied().collect();
        let prefix = self
            .key("")
            .ok()
            .filter(|prefix| !prefix.as_ref().is_empty());
        let skip = match self.prefix.is_empty() {
            true => 0,
            false => self.prefix.len() + 1,
        };
        let mut listed = self.store.list(prefix.as_ref());
        self.http.wait(async {
            let mut taken = Vec::new();
            while let Some(one) = listed.next().await {
                let location = one.map_err(refused)?.location;
                let key = location.as_ref().get(skip..).unwrap_or_default();
                if wanted.contains(key) && !key.starts_with(STATE) {
                    taken.push(key.to_owned());
                }
            }
            Ok(taken)
        })
    }

    fn deletes_at_once(&self) -> Option<usize> {
        Some(match self.service {
            Service::S3 => DELETED_AT_ONCE,
            // The library makes a request for each, or one for a few.
            Service::Google | Service::Azure => 1,
        })
    }
}

/// Writes a version as one text.
fn version(tag: Option<&str>, number: Option<&str>) -> Version {
    format!(
        "{}\n{}",
        tag.unwrap_or_default(),
        number.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_as_amazon_writes_it() {
        let mut profile = Profile::default();
        profile.take(
            "[default]\naws_access_key_id = A\n[news]\naws_access_key_id=B\n aws_secret_access_key = C\n",
            "news",
        );
        profile.take(
            "[profile news]\nregion = eu-west-1\naws_access_key_id = D\n",
            "news",
        );
        assert_eq!(profile.key_id.as_deref(), Some("B"));
        assert_eq!(profile.secret.as_deref(), Some("C"));
        assert_eq!(profile.region.as_deref(), Some("eu-west-1"));
        assert_eq!(profile.token, None);
    }
}
