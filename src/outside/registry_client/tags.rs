//! The tags of a repository: `GET /v2/<name>/tags/list` and its pages.

use http::Method;
use serde::Deserialize;
use url::Url;

use super::{failure::unexpected, link, session::Session, transport::read_json};
use crate::domain::registries::client::{RegistryProblem, TagList};

const MAX_PAGE: usize = 4 * 1024 * 1024;
/// Tags asked for at once; a registry may give fewer.
const PAGE_SIZE: usize = 1000;
/// A registry that pages forever is left here.
const MAX_PAGES: usize = 100;

/// One page. Not `oci_spec`'s type, since registries send `null` for a repository without tags.
#[derive(Deserialize)]
struct Page {
    tags: Option<Vec<String>>,
}

/// The first `limit` tags, as the registry orders them. What no reference could name is left out.
pub(super) async fn first(session: &mut Session<'_>, limit: usize) -> Result<TagList, RegistryProblem> {
    let mut tags = Vec::new();
    let mut next = Some(first_page(session, limit));
    for _ in 0..MAX_PAGES {
        let Some(url) = next.take() else { break };
        let response = session.get(Method::GET, url, None).await?;
        next = next_page(session, response.url(), link::next(response.headers()))?;
        let page: Page = read_json(response, MAX_PAGE, "list of tags").await?;
        tags.extend(page.tags.unwrap_or_default().into_iter().filter(|tag| is_tag(tag)));
        if tags.len() >= limit {
            let complete = tags.len() == limit && next.is_none();
            tags.truncate(limit);
            return Ok(TagList { tags, complete });
        }
    }
    Ok(TagList { tags, complete: next.is_none() })
}

fn first_page(session: &Session<'_>, limit: usize) -> Url {
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
