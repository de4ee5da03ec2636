//! The tags of a repository as a person chooses among them: newest version first, filtered as typed, in pages by key.
//! A registry is asked once a minute at most. When an image was built is told of those that were looked at; none is looked
//! at for its own sake.

mod cache;
mod inspected;
mod order;
mod store;

use std::cmp::Ordering;

use uuid::Uuid;

pub use self::{cache::TagCache, inspected::inspect};
use super::client::{RegistryProblem, TagList};
use crate::domain::{Caller, Context, clock::Time, problem::Result};

/// How many tags a page has.
const PAGE: usize = 50;
/// How long it is kept when an image was built: 90 days.
const KEPT_SECONDS: i64 = 90 * 86_400;
/// How many tags of a repository are known at most.
const KNOWN: usize = 10_000;

/// What stands in place of tags and facts where only the cluster's nodes can look into the registry.
pub const BY_THE_NODES: &str = "By the nodes: this console can't look into this registry.";

/// What is known of a repository's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tags {
    /// Only the cluster's nodes can look into the registry ([`BY_THE_NODES`]).
    ByNodes,
    Listed(TagPage),
}

/// A page of a repository's tags.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagPage {
    /// At most 50.
    pub tags: Vec<Tag>,
    /// Whether more follow after the last one.
    pub has_more: bool,
    /// Number of tags that the filter lets through.
    pub matching: usize,
    /// Number of tags that are known, whatever the filter.
    pub known: usize,
    /// False if the repository has more than the 10,000 that are known.
    pub complete: bool,
}

/// A tag, and when its image was built where somebody has looked at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub name: String,
    pub built_at: Option<Time>,
}

/// The tags of a repository that contain `filter`, those that begin with it first; `after` is the last tag of the page
/// before. The outer error is ours, [`NotFound`](crate::domain::problem::Error::NotFound) where the organization has no
/// such registry; the inner one is the registry's answer.
pub async fn tags(
    context: &Context,
    caller: &Caller,
    registry_id: Uuid,
    repository: &str,
    filter: &str,
    after: Option<&str>,
) -> Result<Result<Tags, RegistryProblem>> {
    let registry = super::get(context, caller, registry_id).await?;
    if registry.authentication.is_by_nodes() {
        return Ok(Ok(Tags::ByNodes));
    }
    let access = super::access(context, caller.organization_id, registry.id).await?;
    let key = cache::Key { registry_id, credential_version: registry.credential_version, repository: repository.to_owned() };
    let asking = context.registry_client.tags(&access, repository, KNOWN);
    let list = match context.tag_cache.get(key, context.now(), asking).await {
        Ok(list) => list,
        Err(problem) => return Ok(Err(problem)),
    };
    let mut page = page(&list, filter, after);
    let built = store::built(&context.db, caller.organization_id, registry_id, repository).await?;
    for tag in &mut page.tags {
        tag.built_at = built.iter().find(|(name, _)| *name == tag.name).and_then(|(_, at)| *at);
    }
    Ok(Ok(Tags::Listed(page)))
}

/// Forgets images that nobody looked at for 90 days.
pub async fn sweep(context: &Context) -> Result<()> {
    let mut tx = context.db.begin().await?;
    store::delete_old(&mut tx, context.now().plus_seconds(-KEPT_SECONDS)).await?;
    Ok(tx.commit().await?)
}

/// A page of a list that is in [`order::compare`]'s order.
fn page(list: &TagList, filter: &str, after: Option<&str>) -> TagPage {
    let filter = filter.trim().to_ascii_lowercase();
    let mut matching: Vec<Match<'_>> = list.tags.iter().filter_map(|tag| Match::of(tag, &filter)).collect();
    matching.sort_by_key(|found| !found.is_prefix);
    let last = after.and_then(|tag| Match::of(tag, &filter));
    let start = last.map_or(0, |last| matching.partition_point(|found| found.compare(&last).is_le()));
    let shown = matching[start..].iter().take(PAGE).map(|found| Tag { name: found.tag.to_owned(), built_at: None });
    TagPage {
        tags: shown.collect(),
        has_more: matching.len() - start > PAGE,
        matching: matching.len(),
        known: list.tags.len(),
        complete: list.complete,
    }
}

/// A tag that the filter lets through.
struct Match<'a> {
    tag: &'a str,
    is_prefix: bool,
}

impl<'a> Match<'a> {
    /// `filter` is in lower case.
    fn of(tag: &'a str, filter: &str) -> Option<Self> {
        let at = tag.to_ascii_lowercase().find(filter)?;
        Some(Self { tag, is_prefix: at == 0 })
    }

    fn compare(&self, other: &Self) -> Ordering {
        other.is_prefix.cmp(&self.is_prefix).then_with(|| order::compare(self.tag, other.tag))
    }
}

#[cfg(test)]
mod tests;
