//! The check of a registry's entry: that it is a registry, how it takes the credential, and whether a repository can be
//! pulled from. Changes nothing, and pulls nothing.

use tokio::time::{Instant, timeout_at};

use super::{OciRegistryClient, allowance, pull};
use crate::domain::registries::client::{Access, CheckReport, PullAllowance, RegistryProblem, SignIn};

impl OciRegistryClient {
    pub(super) async fn check_access(&self, access: &Access, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        let deadline = Instant::now() + self.call_limit;
        let mut report = self.within_limit(access, self.sign_in_and_pull(access, repository)).await?;
        if report.pulls.is_none() {
            // The entry is good whatever becomes of this question.
            report.pulls = timeout_at(deadline, self.pulls_left(access)).await.ok().flatten();
        }
        Ok(report)
    }

    /// What is checked is the credential as it is now, not a token that an earlier one was given.
    async fn sign_in_and_pull(&self, access: &Access, repository: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        let mut session = self.session(access, None, access.host.clone())?.without_cache();
        session.ping().await?;
        let mut report = CheckReport { sign_in: session.sign_in(), may_pull: false, pulls: None };
        if let Some(repository) = repository {
            let image = format!("{}/{repository}", access.host);
            let mut session = self.session(access, Some(repository), image)?.without_cache();
            report.pulls = pull::check(&mut session).await?;
            report.may_pull = true;
            // Some registries ask for a credential only where it matters.
            if report.sign_in == SignIn::Anonymous {
                report.sign_in = session.sign_in();
            }
        }
        Ok(report)
    }

    /// What Docker Hub allows this caller; no other registry is asked.
    async fn pulls_left(&self, access: &Access) -> Option<PullAllowance> {
        let repository = allowance::DOCKER_HUB_REPOSITORY;
        let mut session = self.session(access, Some(repository), repository.to_owned()).ok()?;
        if session.is_docker_hub() { allowance::ask(&mut session).await } else { None }
    }
}
