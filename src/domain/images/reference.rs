//! The grammar of image references, after the distribution project's reference package.

use crate::domain::problem::Problem;

/// A parsed image reference with its defaults filled in: never without a host.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ImageReference {
    host: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageReference {
    /// Parses what a person typed. The problem's field is empty: the caller knows it.
    pub fn parse(_text: &str) -> Result<Self, Problem> {
        Err(Problem::new("", "image_invalid", ""))
    }

    /// Canonical host with port; `docker.io` for every name of Docker Hub.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Path below the host: `library/nginx`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag; `None` only where a digest stands alone.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }
}
