//! Whether a repository may be pulled from, found out without a pull: by the manifest of a tag that need not exist. Its
//! absence tells enough, and a list of tags is not needed, which some registries do not have and some do not give.

use http::{Method, StatusCode};

use super::{
    allowance,
    manifests::ACCEPT,
    missing::{self, Missing},
    session::Session,
    tags,
};
use crate::domain::registries::client::{PullAllowance, RegistryProblem};

/// Most repositories have it, and where it is there one request is enough.
const TAG: &str = "latest";

/// What a look at [`TAG`] found; a refusal to look is a problem instead.
pub(super) struct Look {
    /// `None` = the tag is there and may be pulled.
    pub missing: Option<Missing>,
    pub pulls: Option<PullAllowance>,
}

impl Look {
    /// The registry let us look at a manifest of the repository.
    pub(super) fn may_pull(&self) -> bool {
        matches!(self.missing, None | Some(Missing::Reference))
    }
}

/// Looks by HEAD, which counts as no pull. Only where that is refused or finds nothing it asks by GET, since an answer to
/// HEAD has no body that could say what is missing.
pub(super) async fn look(session: &mut Session<'_>) -> Result<Look, RegistryProblem> {
    let url = session.url(&format!("manifests/{TAG}"));
    let mut response = session.send(Method::HEAD, url.clone(), Some(ACCEPT)).await?;
    let pulls = allowance::read(response.headers());
    if matches!(response.status(), StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED) {
        response = session.send(Method::GET, url, Some(ACCEPT)).await?;
    }
    if !response.status().is_success() && response.status() != StatusCode::NOT_FOUND {
        return Err(session.refused(response).await);
    }
    let missing = if response.status().is_success() { None } else { Some(missing::read(response).await) };
    Ok(Look { missing, pulls })
}

/// Makes sure that the session's repository may be pulled from. Says what the registry told of pulls on the way.
pub(super) async fn check(session: &mut Session<'_>) -> Result<Option<PullAllowance>, RegistryProblem> {
    let look = look(session).await?;
    match look.missing {
        None => Ok(look.pulls),
        Some(Missing::Repository) => Err(session.repository_not_found()),
        Some(missing) => ask_for_tags(session, missing).await.map(|()| look.pulls),
    }
}

/// Several registries (the distribution project's too) say of a repository that does not exist only that the tag is
/// missing; their list of tags says more. Where the list is refused, what was said of the tag stands.
async fn ask_for_tags(session: &mut Session<'_>, of_tag: Missing) -> Result<(), RegistryProblem> {
    let url = tags::first_page(session, 1);
    match session.send(Method::GET, url, None).await {
        Ok(response) if response.status().is_success() => Ok(()),
        Ok(response) if response.status() == StatusCode::NOT_FOUND => match (of_tag, missing::read(response).await) {
            (Missing::Reference, Missing::Reference | Missing::Unclear) => Ok(()),
            _ => Err(session.repository_not_found()),
        },
        _ if of_tag == Missing::Reference => Ok(()),
        Ok(response) => Err(session.refused(response).await),
        Err(problem) => Err(problem),
    }
}
