//! What Slipway asks of a container registry: the trait and what it answers; why it can fail is [`RegistryProblem`].
//! The real client is `outside::registry_client`.

mod problem;

use std::fmt;

use async_trait::async_trait;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::problem::RegistryProblem;
use crate::domain::images::ImageReference;
pub use crate::domain::images::{ExposedPort, ImageFacts};

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
    /// What the image says about itself: of the first of `platforms` (`os/architecture`) that it has, else of one that it has.
    async fn inspect(&self, access: &Access, image: &ImageReference, platforms: &[String]) -> Result<ImageFacts, RegistryProblem>;
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
    /// Without a credential: none was given, or the registry did not ask for it.
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

/// `76 of 100 pulls in 6 hours left`, as far as it is known.
impl fmt::Display for PullAllowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.remaining)?;
        if let Some(limit) = self.limit {
            write!(f, "of {limit} ")?;
        }
        f.write_str("pulls ")?;
        if let Some(window) = self.window_seconds {
            write!(f, "in {} ", in_words(window.into()))?;
        }
        f.write_str("left")
    }
}

/// A length of time in the largest unit that says it exactly, minutes rounded up.
fn in_words(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        _ if seconds.is_multiple_of(3600) => (seconds / 3600, "hour"),
        _ => (seconds.div_ceil(60), "minute"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

/// Tags of a repository, as the registry orders them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagList {
    pub tags: Vec<String>,
    /// False if there are more than were asked for.
    pub complete: bool,
}
