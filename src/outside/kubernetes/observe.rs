//! Follows a release on the cluster: watches of its Deployment, its pods and their warnings, merged into snapshots.
//!
//! Plain list and watch, which every cluster serves. The stream ends when a watch breaks; the caller asks again.

mod seen;
#[cfg(test)]
mod tests;

use std::time::Duration;

use futures::{
    Stream, StreamExt as _, future,
    stream::{self, BoxStream},
};
use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{Event, Pod},
};
use kube::{
    Api, Client, Resource,
    runtime::watcher::{self, watcher},
};
use serde::de::DeserializeOwned;

use self::seen::{Change, Seen};
use super::{WATCH_SECONDS, manifests};
use crate::domain::deployments::data_plane::{Release, Snapshot};

/// One kubelet step changes several objects: they are waited for, so that a snapshot shows them together.
const DEBOUNCE: Duration = Duration::from_millis(200);

/// A snapshot as soon as the lists are in, then one whenever it has changed.
pub(super) fn observe(client: &Client, release: &Release) -> BoxStream<'static, Snapshot> {
    let namespace = release.place.namespace.as_str();
    let config = watcher::Config::default().timeout(WATCH_SECONDS);
    let deployment = config.clone().fields(&format!("metadata.name={}", release.component_name));
    let pods = config.clone().labels(&format!(
        "{}={},{}={}",
        manifests::COMPONENT,
        release.component_id,
        manifests::DEPLOYMENT,
        release.deployment_id
    ));
    let warnings = config.fields("type=Warning,involvedObject.kind=Pod");
    let deployments = changes::<Deployment>(client, namespace, deployment).map(|change| change.map(Change::Deployment));
    let pods = changes::<Pod>(client, namespace, pods).map(|change| change.map(Change::Pod));
    // Warnings only explain: where we may not read them, the rollout is followed without.
    let warnings = changes::<Event>(client, namespace, warnings)
        .take_while(|change| future::ready(change.is_some()))
        .chain(stream::pending())
        .map(|change| change.map(Change::Warning));
    let all = stream::select_all([deployments.boxed(), pods.boxed(), warnings.boxed()]);
    snapshots(all, release.clone()).boxed()
}

/// The changes of one kind; `None` when its watch broke.
fn changes<K>(client: &Client, namespace: &str, config: watcher::Config) -> impl Stream<Item = Option<watcher::Event<K>>> + use<K>
where
    K: Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>
        + Clone
        + DeserializeOwned
        + std::fmt::Debug
        + Send
        + 'static,
{
    watcher(Api::<K>::namespaced(client.clone(), namespace), config)
        .map(|change| change.inspect_err(|error| tracing::debug!(kind = %K::kind(&()), %error, "a watch of the data plane broke")).ok())
}

/// Merges changes into snapshots: debounced, and only those that differ from the last.
fn snapshots(
    changes: impl Stream<Item = Option<Change>> + Send + Unpin + 'static,
    release: Release,
) -> impl Stream<Item = Snapshot> + Send {
    let watching = Watching { changes, release, seen: Seen::default(), last: None };
    stream::unfold(watching, |mut watching| async move { watching.next().await.map(|snapshot| (snapshot, watching)) })
}

struct Watching<S> {
    changes: S,
    release: Release,
    seen: Seen,
    last: Option<Snapshot>,
}

impl<S: Stream<Item = Option<Change>> + Unpin> Watching<S> {
    async fn next(&mut self) -> Option<Snapshot> {
        loop {
            self.settle().await?;
            if !self.seen.is_listed() {
                continue;
            }
            let snapshot = self.seen.snapshot(&self.release);
            if self.last.as_ref() != Some(&snapshot) {
                self.last = Some(snapshot.clone());
                return Some(snapshot);
            }
        }
    }

    /// Takes in the next change and those that follow closely; `None` when a watch broke.
    async fn settle(&mut self) -> Option<()> {
        self.seen.note(self.changes.next().await??);
        let quiet = tokio::time::sleep(DEBOUNCE);
        tokio::pin!(quiet);
        loop {
            tokio::select! {
                () = &mut quiet => return Some(()),
                change = self.changes.next() => self.seen.note(change??),
            }
        }
    }
}
