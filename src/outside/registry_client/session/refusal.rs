//! What a registry's refusal means. Owns telling apart a wrong credential, a repository out of its reach, an image that is
//! not there, and a server that is no registry. Asks nothing itself.

use http::{StatusCode, header};
use reqwest::Response;

use super::Session;
use crate::{
    domain::registries::client::RegistryProblem,
    outside::registry_client::{
        failure::{address, of_status},
        missing::{self, Missing},
    },
};

impl Session<'_> {
    /// Lets success pass; any other status becomes the problem it means.
    pub(super) async fn accept(&self, response: Response) -> Result<Response, RegistryProblem> {
        if response.status().is_success() { Ok(response) } else { Err(self.refused(response).await) }
    }

    /// What an answer other than success means.
    pub(in super::super) async fn refused(&self, response: Response) -> RegistryProblem {
        let status = response.status();
        match status {
            StatusCode::NOT_FOUND if self.repository.is_some() && !is_html(&response) => self.not_found(response).await,
            _ if !self.owns(response.url()) => of_status(status, response.headers(), response.url()),
            StatusCode::UNAUTHORIZED => self.unauthorized(self.by_password),
            StatusCode::NOT_FOUND => self.not_a_registry(),
            StatusCode::FORBIDDEN if is_html(&response) => self.not_a_registry(),
            StatusCode::FORBIDDEN => self.pull_denied(),
            _ => of_status(status, response.headers(), &self.origin),
        }
    }

    async fn not_found(&self, response: Response) -> RegistryProblem {
        match missing::read(response).await {
            Missing::Repository => self.repository_not_found(),
            Missing::Reference | Missing::Unclear => RegistryProblem::ImageNotFound { image: self.image.clone() },
        }
    }

    pub(in super::super) fn repository_not_found(&self) -> RegistryProblem {
        let repository = self.repository.as_deref().unwrap_or_default();
        RegistryProblem::RepositoryNotFound { repository: format!("{}/{repository}", self.access.host) }
    }

    /// For a caller who may pull but is given no list of tags.
    pub(in super::super) fn no_tag_list(&self) -> RegistryProblem {
        RegistryProblem::NoTagList { host: self.access.host.clone() }
    }

    /// A refusal that does not say whether the credential is wrong or the repository out of its reach.
    /// `of_credential`: it was the credential itself that was shown, not a token given for it.
    pub(super) fn unauthorized(&self, of_credential: bool) -> RegistryProblem {
        match (&self.repository, &self.access.login) {
            (Some(_), None) => RegistryProblem::ImageNotFound { image: format!("{} that can be pulled without a credential", self.image) },
            (Some(_), Some(_)) if !of_credential => self.pull_denied(),
            (None, None) => RegistryProblem::CredentialRequired { host: address(&self.origin) },
            _ => RegistryProblem::CredentialRefused { host: address(&self.origin) },
        }
    }

    pub(super) fn pull_denied(&self) -> RegistryProblem {
        match &self.repository {
            Some(repository) => RegistryProblem::PullDenied { repository: repository.clone() },
            None => RegistryProblem::CredentialRefused { host: address(&self.origin) },
        }
    }

    pub(super) fn not_a_registry(&self) -> RegistryProblem {
        RegistryProblem::NotARegistry { host: address(&self.origin) }
    }
}

pub(super) fn is_html(response: &Response) -> bool {
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.trim_start().to_ascii_lowercase().starts_with("text/html"))
}
