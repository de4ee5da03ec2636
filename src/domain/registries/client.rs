//! What Slipway asks of a container registry: the trait, what it answers, and why it can fail.
//! The real client is `outside::registry_client`.

use std::collections::BTreeMap;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::images::ImageReference;

/// With what a registry is spoken to.
#[derive(Clone, Debug)]
pub struct Access {
    /// The registry's row; `None` while it is not saved yet. Clients keep tokens apart by it.
    pub registry_id: Option<Uuid>,
    /// Host with optional port, as the person wrote it (`docker.io`, `127.0.0.1:5000`).
    pub host: String,
    pub login: Option<Login>,
    /// Issuers that the registry's certificate may come from besides those the machine trusts; PEM.
    pub ca_certificates: Option<String>,
}

/// User name and password (or token) of a registry.
#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub password: SecretString,
}

/// Speaks to registries. Every call has its own time limit and obeys the egress rules.
#[async_trait]
pub trait RegistryClient: Send + Sync {
    /// Connects, authenticates, and, where a repository is named, checks that pulling from it is allowed.
    async fn check(&self, access: &Access, repository: Option<&str>) -> Result<CheckReport, RegistryProblem>;
    /// The first `limit` tags of a repository, as the registry orders them.
    async fn tags(&self, access: &Access, repository: &str, limit: usize) -> Result<TagList, RegistryProblem>;
    /// The digest a reference stands for now: that of the index where there is one.
    async fn resolve(&self, access: &Access, image: &ImageReference) -> Result<String, RegistryProblem>;
    /// What the image says about itself.
    async fn inspect(&self, access: &Access, image: &ImageReference) -> Result<ImageFacts, RegistryProblem>;
}

/// What a check that went well found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    pub sign_in: SignIn,
    /// Whether a repository was named and may be pulled from.
    pub may_pull: bool,
    /// What the registry allows to be pulled, where it says so (Docker Hub does).
    pub pulls: Option<PullAllowance>,
}

/// How a registry took the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignIn {
    /// Without a credential.
    Anonymous,
    /// User name and password on each request.
    Password,
    /// A token of the registry's token service.
    Token,
}

/// Pulls that a registry still allows (Docker Hub's `ratelimit-remaining: 76;w=21600`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullAllowance {
    pub remaining: u32,
    /// Pulls in each window.
    pub limit: Option<u32>,
    /// Length of the window.
    pub window_seconds: Option<u32>,
}

/// Tags of a repository, as the registry orders them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagList {
    pub tags: Vec<String>,
    /// False if there are more than were asked for.
    pub complete: bool,
}

/// What an image says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFacts {
    /// `sha256:...` of the index or manifest that the reference names.
    pub digest: String,
    /// `linux/amd64`, `linux/arm64/v8`, ...
    pub platforms: Vec<String>,
    /// Compressed bytes of config and layers of the platform looked at.
    pub size_bytes: u64,
    pub layers: usize,
    /// RFC 3339, as the image gives it.
    pub created: Option<String>,
    /// The user the image runs as; `None` or empty means root.
    pub user: Option<String>,
    pub exposed_ports: Vec<ExposedPort>,
    pub entrypoint: Vec<String>,
    pub cmd: Vec<String>,
    pub labels: BTreeMap<String, String>,
}

/// A port the image says it listens on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ExposedPort {
    pub port: u16,
    /// `tcp` or `udp`
    pub protocol: String,
}

/// Why a registry did not answer as wished.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RegistryProblem {
    HostNotFound {
        host: String,
    },
    /// The egress rules forbid the address; names the address and the setting that would allow it.
    EgressRefused {
        host: String,
        setting: &'static str,
    },
    ConnectionRefused {
        host: String,
    },
    Tls {
        host: String,
        reason: String,
    },
    NotARegistry {
        host: String,
    },
    CredentialRefused {
        host: String,
    },
    /// The credential is right (or none was given) but pulling from this repository is not allowed.
    PullDenied {
        repository: String,
    },
    /// No such repository, tag or digest.
    ImageNotFound {
        image: String,
    },
    /// Seconds until the registry wants to be asked again and what it still allows, where it said so.
    RateLimited {
        retry_after: Option<u64>,
        pulls: Option<PullAllowance>,
    },
    /// The registry has no list of tags, or does not give it to this credential.
    NoTagList {
        host: String,
    },
    TimedOut {
        host: String,
    },
    /// Anything else, in one sentence without secrets.
    Unexpected {
        host: String,
        detail: String,
    },
}

impl RegistryProblem {
    /// Stable word for rows and JSON.
    pub fn code(&self) -> &'static str {
        match self {
            Self::HostNotFound { .. } => "host_not_found",
            Self::EgressRefused { .. } => "egress_refused",
            Self::ConnectionRefused { .. } => "connection_refused",
            Self::Tls { .. } => "tls",
            Self::NotARegistry { .. } => "not_a_registry",
            Self::CredentialRefused { .. } => "credential_refused",
            Self::PullDenied { .. } => "pull_denied",
            Self::ImageNotFound { .. } => "image_not_found",
            Self::RateLimited { .. } => "rate_limited",
            Self::NoTagList { .. } => "no_tag_list",
            Self::TimedOut { .. } => "timed_out",
            Self::Unexpected { .. } => "unexpected",
        }
    }

    /// One sentence for a person: what happened and, where it is known, what to do.
    pub fn sentence(&self) -> String {
        match self {
            Self::HostNotFound { host } => format!("The host {host} does not resolve. Check its spelling."),
            Self::EgressRefused { host, setting } if setting.contains('=') => {
                format!("This console may not connect to {host}: its address is not public. An operator can allow it with {setting}.")
            }
            Self::EgressRefused { host, setting } => {
                format!("This console never connects to {host}: no value of {setting} allows its address. Use another host.")
            }
            Self::ConnectionRefused { host } => format!("Nothing accepts connections at {host}. Check host and port."),
            Self::Tls { host, reason } => format!("The TLS connection to {host} failed: {reason}."),
            Self::NotARegistry { host } => format!("{host} answers, but it is not a container registry."),
            Self::CredentialRefused { host } => {
                format!("The registry refused the credential for {host}. Check user name and password or token.")
            }
            Self::PullDenied { repository } => {
                format!("The registry does not allow pulling from {repository}. Check that the credential may read it.")
            }
            Self::ImageNotFound { image } => format!("The registry has no {image}. Check repository and tag."),
            Self::RateLimited { retry_after: Some(seconds), .. } => {
                format!("The registry's rate limit is reached. It asks to wait {seconds} seconds.")
            }
            Self::RateLimited { retry_after: None, .. } => {
                "The registry's rate limit is reached. Try again later, or use a credential with a higher limit.".into()
            }
            Self::NoTagList { host } => format!("{host} does not list its tags to this credential. Type the tag."),
            Self::TimedOut { host } => format!("{host} did not answer in time."),
            Self::Unexpected { host, detail } => format!("{host} answered unexpectedly: {detail}."),
        }
    }

    /// Whether asking again later can help.
    pub fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. }
                | Self::TimedOut { .. }
                | Self::ConnectionRefused { .. }
                | Self::Unexpected { .. }
                | Self::HostNotFound { .. }
        )
    }
}
