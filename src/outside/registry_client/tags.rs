//! The tags of a repository: `GET /v2/<name>/tags/list` and its pages.

use std::{borrow::Cow, fmt};

use http::{Method, StatusCode};
use reqwest::Response;
use serde::{
    Deserialize, Deserializer,
    de::{SeqAccess, Visitor},
};
use url::Url;

use super::{failure::unexpected, link, missing::Missing, pull, session::Session, transport::read_json};
use crate::domain::registries::client::{RegistryProblem, TagList};

const MAX_PAGE: usize = 4 * 1024 * 1024;
/// Tags asked for at once; a registry may give fewer.
const PAGE_SIZE: usize = 1000;
/// A registry that pages forever is left here.
const MAX_PAGES: usize = 100;

/// A page's body. Not `oci_spec`'s type, since registries send `null` for a repository without tags.
#[derive(Deserialize)]
struct Body {
    tags: Option<Tags>,
}

/// What of a list is a tag. The rest is dropped as it is read: a page of nothing but commas would take much memory.
#[derive(Default)]
struct Tags(Vec<String>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct OfAList;
        impl<'de> Visitor<'de> for OfAList {
            type Value = Tags;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of tags")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Tags, A::Error> {
                let mut tags = Vec::new();
                while let Some(tag) = list.next_element::<Cow<'_, str>>()? {
                    if is_tag(&tag) {
                        tags.push(tag.into_owned());
                    }
                }
                Ok(Tags(tags))
            }
        }
        deserializer.deserialize_seq(OfAList)
    }
}

/// The first `limit` tags, as the registry orders them. What no reference could name is left out.
pub(super) async fn first(session: &mut Session<'_>, limit: usize) -> Result<TagList, RegistryProblem> {
    let mut tags = Vec::new();
    let mut next = Some(first_page(session, limit));
    for _ in 0..MAX_PAGES {
        let Some(url) = next.take() else { break };
        let response = page(session, url).await?;
        next = next_page(session, response.url(), link::next(response.headers()))?;
        let body: Body = read_json(response, MAX_PAGE, "list of tags").await?;
        tags.extend(body.tags.unwrap_or_default().0);
        if tags.len() >= limit {
            let complete = tags.len() == limit && next.is_none();
            tags.truncate(limit);
            return Ok(TagList { tags, complete });
        }
    }
    Ok(TagList { tags, complete: next.is_none() })
}

/// One page of the list, or why there is none. A registry without such a list is told apart from one that hides the
/// repository: the second refuses manifests too.
async fn page(session: &mut Session<'_>, url: Url) -> Result<Response, RegistryProblem> {
    let (problem, is_unsupported) = match session.send(Method::GET, url, None).await {
        Ok(response) if response.status().is_success() => return Ok(response),
        Ok(response) => {
            let is_unsupported = matches!(response.status(), StatusCode::METHOD_NOT_ALLOWED | StatusCode::NOT_IMPLEMENTED);
            (session.refused(response).await, is_unsupported)
        }
        Err(problem) => (problem, false),
    };
    if !is_unsupported && !is_about_the_list(&problem) {
        return Err(problem);
    }
    Err(match pull::look(session).await {
        Ok(look) if look.may_pull() => session.no_tag_list(),
        Ok(look) if look.missing == Some(Missing::Repository) => session.repository_not_found(),
        Err(of_pull) if is_unsupported => of_pull,
        _ => problem,
    })
}

/// Whether a refusal may be one of the list alone.
fn is_about_the_list(problem: &RegistryProblem) -> bool {
    use RegistryProblem::{ImageNotFound, NotARegistry, PullDenied};
    matches!(problem, PullDenied { .. } | ImageNotFound { .. } | NotARegistry { .. })
}

/// The address of the first page.
pub(super) fn first_page(session: &Session<'_>, limit: usize) -> Url {
    let mut url = session.url("tags/list");
    url.query_pairs_mut().append_pair("n", &limit.clamp(1, PAGE_SIZE).to_string());
    url
}

fn next_page(session: &Session<'_>, from: &Url, target: Option<&str>) -> Result<Option<Url>, RegistryProblem> {
    let Some(target) = target else { return Ok(None) };
    let next = from.join(target).ok().filter(|next| session.owns(next));
    next.map(Some).ok_or_else(|| unexpected(from, "the next page of its tags lies on another host"))
}

/// The reference grammar's tag: `[\w][\w.-]{0,127}`.
fn is_tag(text: &str) -> bool {
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.len() <= 128 && text.bytes().next().is_some_and(is_word) && text.bytes().all(|byte| is_word(byte) || byte == b'.' || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_follow_the_grammar() {
        for good in ["latest", "1.27-alpine", "_x", "A", &"a".repeat(128)] {
            assert!(is_tag(good), "{good}");
        }
        for bad in ["", ".a", "-a", "a b", "a/b", "<script>", "ä", &"a".repeat(129)] {
            assert!(!is_tag(bad), "{bad}");
        }
    }
}
