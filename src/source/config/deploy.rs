//! `deploy` and `headers` of dateline.yaml: where the site goes, and what its files are sent with.

/// How many files are sent at a time where nothing else is said.
pub const DEFAULT_WORKERS: usize = 16;
/// How many seconds the lock of a deploy that died is respected where nothing else is said.
pub const DEFAULT_LOCK_SECONDS: u64 = 60;

/// Headers that the files of a pattern are sent with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderRule {
    /// The pattern of paths: `*` stands for any letters but `/`, `**` for any.
    pub glob: String,
    /// The headers with their values; an empty value takes a default away.
    pub headers: Vec<(String, String)>,
}

/// A place to which the site can be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// What and where it is.
    pub address: Address,
    /// The site's address there, where it is not that of the configuration.
    pub base_url: Option<String>,
    /// How many files are sent at a time.
    pub workers: usize,
    /// How many releases an object store or a folder keeps the changed objects of.
    pub keep: usize,
    /// How many releases a folder or a server keeps, each in a folder of its own; 0 where the site is
    /// copied in place.
    pub releases: usize,
    /// The encodings in which texts are stored compressed.
    pub precompress: Vec<Encoding>,
    /// Whether aliases are the host's own redirects, where it has them.
    pub redirects: bool,
    /// Whether `_headers` and `_redirects` are made; none leaves it to the kind of target.
    pub host_files: Option<bool>,
    /// The most files that one deploy may delete.
    pub max_deletes: Option<usize>,
    /// How long the lock of a deploy that died is respected, in seconds.
    pub lock_seconds: u64,
    /// A CloudFront distribution whose copies of changed paths are dropped.
    pub cloudfront: Option<String>,
    /// A Cloudflare zone whose copies of changed paths are dropped.
    pub cloudflare_zone: Option<String>,
    /// WebSub hubs that are told of changed feeds.
    pub websub: Vec<String>,
    /// The IndexNow key under which search engines are told of changed pages.
    pub indexnow: Option<String>,
    /// Other addresses of the services that are told, by `cloudfront`, `cloudflare` and `indexnow`.
    pub services: Vec<(String, String)>,
    /// The command that runs before a deploy, and that which runs after it.
    pub hooks: (Option<String>, Option<String>),
}

/// What and where a target is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A bucket or a container of an object store.
    Objects {
        /// Whose it is.
        service: Service,
        /// The bucket's or container's name.
        bucket: String,
        /// The folder in it, without slashes around it; empty for the whole bucket.
        prefix: String,
        /// The service's address, where it is not the provider's own.
        endpoint: Option<String>,
        /// The region; S3 only.
        region: Option<String>,
        /// The storage account; Azure only.
        account: Option<String>,
    },
    /// A branch of a git repository.
    Git {
        /// The repository's address, as git understands it.
        remote: String,
        /// The branch.
        branch: String,
        /// The domain that GitHub Pages serves the branch at.
        cname: Option<String>,
    },
    /// A folder of another machine.
    Ssh {
        /// The machine, with a user before `@` where one is needed.
        host: String,
        /// The port, where it is not ssh's own choice.
        port: Option<u16>,
        /// The folder.
        path: String,
    },
    /// A folder of this machine, from the site's folder.
    Folder(String),
    /// A site of Netlify, by its id or its domain.
    Netlify(String),
}

/// An object store's provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    /// Amazon S3, and whatever speaks its protocol.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

/// A way of compressing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Encoding {
    /// gzip, RFC 1952.
    Gzip,
    /// Brotli, RFC 7932.
    Brotli,
}

impl Encoding {
    /// Returns its name in `Content-Encoding`.
    pub fn token(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }

    /// Returns the ending of the names of its files.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Gzip => "gz",
            Self::Brotli => "br",
        }
    }
}

impl Target {
    /// Makes a target with every default.
    pub fn new(name: &str, address: Address) -> Self {
        Self {
            name: name.to_owned(),
            address,
            base_url: None,
            workers: DEFAULT_WORKERS,
            keep: 0,
            releases: 0,
            precompress: Vec::new(),
            redirects: true,
            host_files: None,
            max_deletes: None,
            lock_seconds: DEFAULT_LOCK_SECONDS,
            cloudfront: None,
            cloudflare_zone: None,
            websub: Vec::new(),
            indexnow: None,
            services: Vec::new(),
            hooks: (None, None),
        }
    }
}
