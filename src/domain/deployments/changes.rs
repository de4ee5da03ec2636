//! How live pages and the worker hear of commits: a signal in the process, with the rows of `changes` as the truth.

use std::sync::Arc;

use tokio::sync::watch;

/// A signal that counts commits. Hearing it late or twice costs nothing: listeners read rows.
#[derive(Clone)]
pub struct Changes(Arc<watch::Sender<u64>>);

impl Default for Changes {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(0)))
    }
}

impl Changes {
    /// Something was committed.
    pub fn signal(&self) {
        self.0.send_modify(|count| *count += 1);
    }

    /// Hears every signal from now on.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
