//! The registry client: speaks the OCI distribution protocol to container registries. Owns the calls that the domain's
//! trait names and their time limits. Keeps no credential, and lets no two registries of the console share a token.

mod allowance;
mod challenge;
mod check;
mod clients;
mod failure;
mod inspect;
mod link;
mod manifests;
mod missing;
mod places;
mod pull;
mod session;
mod tags;
mod token;
mod transport;

use std::{collections::BTreeSet, fmt, time::Duration};

use async_trait::async_trait;

use self::{places::Places, session::Session, token::TokenCache, transport::Transport};
use crate::{
    config::Egress,
    domain::{
        images::ImageReference,
        registries::client::{Access, CheckReport, ImageFacts, RegistryClient, RegistryProblem, TagList},
    },
};

/// How long a registry is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Name resolution, TCP and TLS of one connection.
    pub connect: Duration,
    /// One call of the trait, with all its requests.
    pub call: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), call: Duration::from_secs(8) }
    }
}

/// The client of the real registries; one serves the whole process.
pub struct OciRegistryClient {
    transport: Transport,
    tokens: TokenCache,
    call_limit: Duration,
    /// Calls under way: each may hold some megabytes of an answer, and organizations share this process.
    places: Places,
}

impl OciRegistryClient {
    /// `plain_http` names the hosts (`host:port`; without a port, 80) that are spoken to without TLS. Certificates are
    /// checked against the operating system's root certificates; fails where it has none.
    pub fn new(egress: Egress, plain_http: BTreeSet<String>) -> anyhow::Result<Self> {
        Self::with_limits(egress, plain_http, Limits::default())
    }

    /// As [`Self::new`], with other time limits.
    pub fn with_limits(egress: Egress, plain_http: BTreeSet<String>, limits: Limits) -> anyhow::Result<Self> {
        Ok(Self::over(Transport::new(egress, &plain_http, limits.connect)?, limits.call))
    }

    fn over(transport: Transport, call_limit: Duration) -> Self {
        Self { transport, tokens: TokenCache::default(), call_limit, places: Places::default() }
    }

    /// A session on one repository; `image` is what "not found" names.
    fn session<'a>(&'a self, access: &'a Access, repository: Option<&str>, image: String) -> Result<Session<'a>, RegistryProblem> {
        Session::open(&self.transport, &self.tokens, access, repository, image)
    }

    /// A session for an image. The credential of one host is never used to look at another's images, so the two must
    /// agree; otherwise the answer would be about an image that nobody asked for.
    fn image_session<'a>(&'a self, access: &'a Access, image: Parts<'_>) -> Result<Session<'a>, RegistryProblem> {
        let (wanted, given) = (self.transport.origin(image.host)?, self.transport.origin(&access.host)?);
        if wanted != given {
            let detail = format!("the image lies on {}, for which this credential is not", image.host);
            return Err(RegistryProblem::Unexpected { host: access.host.clone(), detail });
        }
        self.session(access, Some(image.repository), image.to_string())
    }

    async fn resolve_parts(&self, access: &Access, image: Parts<'_>) -> Result<String, RegistryProblem> {
        self.within_limit(access, async { manifests::resolve(&mut self.image_session(access, image)?, image.reference).await }).await
    }

    async fn inspect_parts(&self, access: &Access, image: Parts<'_>, platforms: &[String]) -> Result<ImageFacts, RegistryProblem> {
        self.within_limit(access, async { inspect::inspect(&mut self.image_session(access, image)?, image.reference, platforms).await })
            .await
    }

    /// Ends a call that takes too long, the wait for its place included.
    async fn within_limit<T>(&self, access: &Access, call: impl Future<Output = Result<T, RegistryProblem>>) -> Result<T, RegistryProblem> {
        let timed_out = |_| RegistryProblem::TimedOut { host: access.host.clone() };
        let in_its_place = async {
            let _place = self.places.take(access).await;
            call.await
        };
        tokio::time::timeout(self.call_limit, in_its_place).await.map_err(timed_out)?
    }
}

/// What of an image reference a registry is asked with.
#[derive(Clone, Copy, Debug)]
struct Parts<'a> {
    host: &'a str,
    repository: &'a str,
    /// The digest, which says more, or the tag.
    reference: &'a str,
}

impl<'a> From<&'a ImageReference> for Parts<'a> {
    fn from(image: &'a ImageReference) -> Self {
        let reference = image.digest().or(image.tag()).unwrap_or("latest");
        Self { host: image.host(), repository: image.repository(), reference }
    }
}

/// `host/repository:tag` or `host/repository@digest`.
impl fmt::Display for Parts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.reference.contains(':') { '@' } else { ':' };
        write!(f, "{}/{}{separator}{}", self.host, self.repository, self.reference)
    }
}

#[async_trait]
impl RegistryClient for OciRegistryClient {
    async fn check(&self, access: &Access, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        self.check_access(access, repository).await
    }

    async fn tags(&self, access: &Access, repository: &str, limit: usize) -> Result<TagList, RegistryProblem> {
        self.within_limit(access, async {
            let image = format!("{}/{repository}", access.host);
            tags::first(&mut self.session(access, Some(repository), image)?, limit).await
        })
        .await
    }

    async fn resolve(&self, access: &Access, image: &ImageReference) -> Result<String, RegistryProblem> {
        self.resolve_parts(access, image.into()).await
    }

    async fn inspect(&self, access: &Access, image: &ImageReference, platforms: &[String]) -> Result<ImageFacts, RegistryProblem> {
        self.inspect_parts(access, image.into(), platforms).await
    }
}

#[cfg(test)]
mod tests;
