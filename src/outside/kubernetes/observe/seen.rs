//! What the watches of a release have shown so far.

use std::collections::BTreeMap;

use k8s_openapi::api::{
    apps::v1::Deployment,
    core::v1::{Event, Pod},
};
use kube::{Resource, runtime::watcher};

use crate::{
    domain::deployments::data_plane::{Release, Snapshot},
    outside::kubernetes::snapshot::snapshot,
};

/// A change that one of the watches told.
#[expect(clippy::large_enum_variant, reason = "one lives at a time, and only until it is noted")]
pub(super) enum Change {
    Deployment(watcher::Event<Deployment>),
    Pod(watcher::Event<Pod>),
    Warning(watcher::Event<Event>),
}

/// What the watches have shown so far.
#[derive(Default)]
pub(super) struct Seen {
    deployments: Listed<Deployment>,
    pods: Listed<Pod>,
    warnings: Listed<Event>,
}

impl Seen {
    pub(super) fn note(&mut self, change: Change) {
        match change {
            Change::Deployment(change) => self.deployments.note(change),
            Change::Pod(change) => self.pods.note(change),
            Change::Warning(change) => self.warnings.note(change),
        }
    }

    pub(super) fn is_listed(&self) -> bool {
        self.deployments.is_listed && self.pods.is_listed
    }

    pub(super) fn snapshot(&self, release: &Release) -> Snapshot {
        snapshot(release, self.deployments.objects.values().next(), self.pods.objects.values(), self.warnings.objects.values())
    }
}

/// The objects of one watch by name.
pub(super) struct Listed<K> {
    pub(super) objects: BTreeMap<String, K>,
    /// A new list, until it is complete.
    incoming: BTreeMap<String, K>,
    is_listed: bool,
}

impl<K> Default for Listed<K> {
    fn default() -> Self {
        Self { objects: BTreeMap::new(), incoming: BTreeMap::new(), is_listed: false }
    }
}

impl<K: Resource> Listed<K> {
    pub(super) fn note(&mut self, change: watcher::Event<K>) {
        let name = |object: &K| object.meta().name.clone().unwrap_or_default();
        match change {
            watcher::Event::Apply(object) => drop(self.objects.insert(name(&object), object)),
            watcher::Event::Delete(object) => drop(self.objects.remove(&name(&object))),
            watcher::Event::Init => self.incoming.clear(),
            watcher::Event::InitApply(object) => drop(self.incoming.insert(name(&object), object)),
            watcher::Event::InitDone => {
                self.objects = std::mem::take(&mut self.incoming);
                self.is_listed = true;
            }
        }
    }
}
