//! The pull secrets of a scripted data plane: what lies where, what was asked, and how it is refused or held up.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use secrecy::ExposeSecret as _;
use tokio::sync::Semaphore;

use crate::domain::deployments::data_plane::{AppliedObject, ApplyProblem, PullSecret, SecretPlace};

/// Every call goes well and at once unless the script says otherwise.
#[derive(Default)]
pub(crate) struct ScriptedSecrets {
    lying: Mutex<BTreeMap<(String, String), Lying>>,
    made: AtomicUsize,
    /// The next calls end with these; calls into these namespaces always do.
    problems: Mutex<VecDeque<ApplyProblem>>,
    unreachable: Mutex<Vec<String>>,
    calls: Mutex<Vec<String>>,
    gate: Mutex<Option<Arc<Semaphore>>>,
    /// Calls under way, and the most there ever were at once.
    inside: AtomicUsize,
    most_inside: AtomicUsize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Lying {
    uid: String,
    /// `key user password`
    content: String,
}

impl ScriptedSecrets {
    /// What lies on the data plane: `namespace: key user password`.
    pub(crate) fn lying(&self) -> Vec<String> {
        let lying = self.lying.lock().unwrap();
        lying.iter().map(|((namespace, _), found)| format!("{namespace}: {}", found.content)).collect()
    }

    /// The calls that reached the data plane since the last look: `apply <namespace>`, `remove <namespace>`.
    pub(crate) fn calls(&self) -> Vec<String> {
        std::mem::take(&mut self.calls.lock().unwrap())
    }

    /// Somebody deletes everything by hand.
    pub(crate) fn lose(&self) {
        self.lying.lock().unwrap().clear();
    }

    pub(crate) fn refuse(&self, problem: ApplyProblem) {
        self.problems.lock().unwrap().push_back(problem);
    }

    pub(crate) fn refuse_always_in(&self, namespace: &str) {
        self.unreachable.lock().unwrap().push(namespace.to_owned());
    }

    /// From now on calls wait inside; each permit lets one go on.
    pub(crate) fn hold(&self) -> Arc<Semaphore> {
        let gate = Arc::new(Semaphore::new(0));
        *self.gate.lock().unwrap() = Some(gate.clone());
        gate
    }

    pub(crate) fn inside(&self) -> usize {
        self.inside.load(Ordering::SeqCst)
    }

    pub(crate) fn most_inside(&self) -> usize {
        self.most_inside.load(Ordering::SeqCst)
    }

    pub(super) async fn apply(&self, place: &SecretPlace, secret: &PullSecret) -> Result<AppliedObject, ApplyProblem> {
        self.enter("apply", place).await?;
        Ok(self.put(place, secret))
    }

    pub(super) async fn remove(&self, place: &SecretPlace) -> Result<(), ApplyProblem> {
        self.enter("remove", place).await?;
        self.lying.lock().unwrap().remove(&key(place));
        Ok(())
    }

    /// As a release's apply does it, past gate and problems.
    pub(super) fn put(&self, place: &SecretPlace, secret: &PullSecret) -> AppliedObject {
        let content = format!("{} {} {}", secret.auth_key, secret.username, secret.password.expose_secret());
        let mut lying = self.lying.lock().unwrap();
        let found = lying.get(&key(place)).cloned();
        let uid = found.as_ref().map_or_else(|| format!("uid {}", self.made.fetch_add(1, Ordering::SeqCst)), |found| found.uid.clone());
        let now = Lying { uid: uid.clone(), content };
        let changed = found.as_ref() != Some(&now);
        lying.insert(key(place), now);
        AppliedObject { kind: "Secret".into(), name: place.name(), uid, changed }
    }

    async fn enter(&self, what: &str, place: &SecretPlace) -> Result<(), ApplyProblem> {
        self.calls.lock().unwrap().push(format!("{what} {}", place.place.namespace));
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_inside.fetch_max(inside, Ordering::SeqCst);
        let gate = self.gate.lock().unwrap().clone();
        if let Some(gate) = gate {
            gate.acquire().await.unwrap().forget();
        }
        self.inside.fetch_sub(1, Ordering::SeqCst);
        if self.unreachable.lock().unwrap().contains(&place.place.namespace) {
            return Err(ApplyProblem::Unreachable("no route".into()));
        }
        self.problems.lock().unwrap().pop_front().map_or(Ok(()), Err)
    }
}

fn key(place: &SecretPlace) -> (String, String) {
    (place.place.namespace.clone(), place.name())
}
