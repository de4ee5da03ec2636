//! How many questions are under way: all together, and of one registry, so that one that hangs leaves places for others.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::domain::registries::client::Access;

/// Of all registries.
const AT_ONCE: usize = 64;
/// Of one.
const OF_ONE: usize = 16;

pub(super) struct Places {
    all: Arc<Semaphore>,
    /// By host; those that nobody waits for are dropped.
    of_hosts: Mutex<HashMap<String, Weak<Semaphore>>>,
}

/// Held while a question is under way.
pub(super) struct Place {
    _of_host: Option<OwnedSemaphorePermit>,
    _of_all: Option<OwnedSemaphorePermit>,
}

impl Default for Places {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(AT_ONCE)), of_hosts: Mutex::default() }
    }
}

impl Places {
    /// Waits for a place of the registry's own first: who waits for that holds none of the others.
    pub(super) async fn take(&self, access: &Access) -> Place {
        let of_host = self.of_host(&access.host).acquire_owned().await.ok();
        let of_all = self.all.clone().acquire_owned().await.ok();
        Place { _of_host: of_host, _of_all: of_all }
    }

    fn of_host(&self, host: &str) -> Arc<Semaphore> {
        let mut hosts = self.of_hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = hosts.get(host).and_then(Weak::upgrade) {
            return known;
        }
        hosts.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(OF_ONE));
        hosts.insert(host.to_owned(), Arc::downgrade(&places));
        places
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    fn access(host: &str) -> Access {
        Access { registry_id: None, host: host.into(), login: None, ca_certificates: None }
    }

    #[tokio::test]
    async fn a_registry_that_hangs_leaves_places_for_others() {
        let places = Places::default();
        let mut held = Vec::new();
        for _ in 0..OF_ONE {
            held.push(places.take(&access("hangs.example.com")).await);
        }
        assert!(places.take(&access("hangs.example.com")).now_or_never().is_none());
        assert!(places.take(&access("other.example.com")).now_or_never().is_some());
        held.pop();
        assert!(places.take(&access("hangs.example.com")).now_or_never().is_some());
        drop(held);
        places.take(&access("third.example.com")).await;
        assert_eq!(places.of_hosts.lock().unwrap().len(), 1, "those that nobody uses are forgotten");
    }
}
