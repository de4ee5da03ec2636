//! What registries listed lately. Concurrent askers share one question; a failure is kept for a moment only, so that they
//! share its answer too. By the domain's clock; bounded in bytes.

use std::{sync::Arc, time::Duration};

use moka::future::Cache;
use uuid::Uuid;

use super::{super::client::TagList, RegistryProblem, order};
use crate::domain::clock::Time;

/// Seconds that a list, and that a failure, is good for.
const LIST_SECONDS: f64 = 60.0;
const FAILURE_SECONDS: f64 = 5.0;
/// Bytes of all lists together.
const CAPACITY: u64 = 32 * 1024 * 1024;
/// What a tag takes besides its text.
const TAG_OVERHEAD: usize = size_of::<String>();

/// Lists of tags, each for a minute. Cheap to clone: clones share what is kept.
#[derive(Clone)]
pub struct TagCache(Cache<Key, Arc<Kept>>);

/// A registry's id keeps organizations apart, the version what different credentials may see.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) registry_id: Uuid,
    pub(super) credential_version: i64,
    pub(super) repository: String,
}

struct Kept {
    asked_at: Time,
    answer: Result<Arc<TagList>, RegistryProblem>,
}

impl Default for TagCache {
    fn default() -> Self {
        // The time to live frees memory; what is too old to be shown is decided by `is_stale`.
        let built = Cache::builder()
            .max_capacity(CAPACITY)
            .weigher(|key: &Key, kept: &Arc<Kept>| kept.weight(key))
            .time_to_live(Duration::from_secs_f64(LIST_SECONDS))
            .build();
        Self(built)
    }
}

impl TagCache {
    /// The list that is kept, or else what `asking` answers: in order, each tag once.
    pub(super) async fn get(
        &self,
        key: Key,
        now: Time,
        asking: impl Future<Output = Result<TagList, RegistryProblem>>,
    ) -> Result<Arc<TagList>, RegistryProblem> {
        let asking = async { Arc::new(Kept { asked_at: now, answer: asking.await.map(in_order) }) };
        let kept = self.0.entry(key).or_insert_with_if(asking, |kept| kept.is_stale(now)).await.into_value();
        kept.answer.clone()
    }
}

fn in_order(mut list: TagList) -> Arc<TagList> {
    list.tags.sort_by(|a, b| order::compare(a, b));
    list.tags.dedup();
    Arc::new(list)
}

impl Kept {
    fn is_stale(&self, now: Time) -> bool {
        let seconds = if self.answer.is_ok() { LIST_SECONDS } else { FAILURE_SECONDS };
        now.seconds_since(self.asked_at) >= seconds
    }

    fn weight(&self, key: &Key) -> u32 {
        let tags = self.answer.as_ref().map(|list| list.tags.iter().map(|tag| tag.len() + TAG_OVERHEAD).sum()).unwrap_or(0);
        u32::try_from(size_of::<Key>() + size_of::<Self>() + key.repository.len() + tags).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use std::future::ready;

    use super::*;

    const NOON: Time = Time(1_790_000_000_000_000);

    fn key(registry: u128, credential_version: i64, repository: &str) -> Key {
        Key { registry_id: Uuid::from_u128(registry), credential_version, repository: repository.into() }
    }

    fn list(tags: &[&str]) -> Result<TagList, RegistryProblem> {
        Ok(TagList { tags: tags.iter().map(ToString::to_string).collect(), complete: true })
    }

    fn too_slow() -> RegistryProblem {
        RegistryProblem::TimedOut { host: "registry.example.com".into() }
    }

    /// What the cache gives; `None` if it asked.
    async fn kept(cache: &TagCache, key: Key, now: Time) -> Option<Vec<String>> {
        let mut asked = false;
        let asking = async {
            asked = true;
            list(&["asked"])
        };
        let got = cache.get(key, now, asking).await.unwrap().tags.clone();
        (!asked).then_some(got)
    }

    #[tokio::test]
    async fn a_list_is_kept_for_a_minute_in_order_and_each_tag_once() {
        let cache = TagCache::default();
        let first = cache.get(key(1, 1, "a"), NOON, ready(list(&["1.0", "latest", "1.0", "1.1"]))).await.unwrap();
        assert_eq!(first.tags, ["latest", "1.1", "1.0"]);
        assert_eq!(kept(&cache, key(1, 1, "a"), NOON.plus_seconds(59)).await.unwrap(), first.tags);
        assert_eq!(kept(&cache, key(1, 1, "a"), NOON.plus_seconds(60)).await, None);
    }

    #[tokio::test]
    async fn another_registry_credential_or_repository_is_asked_for_itself() {
        let cache = TagCache::default();
        cache.get(key(1, 1, "a"), NOON, ready(list(&["1.0"]))).await.unwrap();
        for other in [key(2, 1, "a"), key(1, 2, "a"), key(1, 1, "b")] {
            assert_eq!(kept(&cache, other, NOON).await, None);
        }
        assert!(kept(&cache, key(1, 1, "a"), NOON).await.is_some());
    }

    #[tokio::test]
    async fn askers_at_the_same_time_share_one_question_and_its_answer() {
        for answer in [list(&["1.0"]), Err(too_slow())] {
            let cache = TagCache::default();
            let go = tokio::sync::Notify::new();
            let slow = async {
                go.notified().await;
                answer.clone()
            };
            let second = async {
                go.notify_one();
                cache.get(key(1, 1, "a"), NOON, async { panic!("asked twice") }).await
            };
            let (first, second) = tokio::join!(cache.get(key(1, 1, "a"), NOON, slow), second);
            assert_eq!(first, second);
            assert_eq!(first.map(|list| list.tags.clone()), answer.map(|list| list.tags));
        }
    }

    #[tokio::test]
    async fn a_failure_is_kept_for_a_moment() {
        let cache = TagCache::default();
        cache.get(key(1, 1, "a"), NOON, ready(Err(too_slow()))).await.unwrap_err();
        assert_eq!(cache.get(key(1, 1, "a"), NOON.plus_seconds(4), ready(list(&["1.0"]))).await, Err(too_slow()));
        assert_eq!(kept(&cache, key(1, 1, "a"), NOON.plus_seconds(5)).await, None);
    }

    #[tokio::test]
    async fn who_gives_up_leaves_the_question_to_the_next() {
        let cache = TagCache::default();
        {
            let never = cache.get(key(1, 1, "a"), NOON, std::future::pending());
            assert!(tokio::time::timeout(Duration::from_millis(20), never).await.is_err());
        }
        assert_eq!(kept(&cache, key(1, 1, "a"), NOON).await, None);
    }

    #[tokio::test]
    async fn lists_together_stay_within_the_memory() {
        let cache = TagCache::default();
        let long: Vec<String> = (0..10_000).map(|number| format!("{number:0>128}")).collect();
        for registry in 0..40 {
            let list = TagList { tags: long.clone(), complete: false };
            cache.get(key(registry, 1, "a"), NOON, ready(Ok(list))).await.unwrap();
        }
        cache.0.run_pending_tasks().await;
        assert!(cache.0.entry_count() > 0 && cache.0.weighted_size() <= CAPACITY, "{}", cache.0.weighted_size());
    }
}
