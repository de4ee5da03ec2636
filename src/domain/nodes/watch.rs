//! The loop that looks at the nodes and at what the data plane offers. A look that fails keeps what was seen last, and is said in the log once rather than
//! at every try.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use super::{DATA_PLANE, store};
use crate::domain::{
    Context,
    deployments::data_plane::{ApplyProblem, DataPlane},
    problem::Result,
};

/// Between two looks that went well, and the longest time after one that did not.
const EVERY: Duration = Duration::from_secs(300);
/// After the first failure; each further one doubles it.
const AGAIN: Duration = Duration::from_secs(10);

/// Looks at the nodes of one data plane.
pub struct Watch {
    context: Context,
    data_plane: Arc<dyn DataPlane>,
    /// Why the last look failed; `None` if it went well.
    trouble: Option<String>,
    failures: u32,
}

impl Watch {
    pub fn new(context: Context, data_plane: Arc<dyn DataPlane>) -> Self {
        Self { context, data_plane, trouble: None, failures: 0 }
    }

    /// Looks at once, and again and again until shutdown.
    pub async fn run(mut self, shutdown: CancellationToken) {
        let looking = async {
            loop {
                let pause = self.step().await;
                tokio::time::sleep(pause).await;
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = looking => {}
        }
    }

    /// One look; gives the time until the next.
    pub async fn step(&mut self) -> Duration {
        let trouble = match self.look().await {
            Ok(Ok(())) => None,
            Ok(Err(problem)) => Some(problem.to_string()),
            Err(error) => Some(error.to_string()),
        };
        self.failures = if trouble.is_some() { self.failures.saturating_add(1) } else { 0 };
        self.note(trouble);
        pause(self.failures)
    }

    /// Asks, and keeps each answer that there is: one of the two may be forbidden. The outer error is our own, the inner one
    /// the data plane's.
    async fn look(&self) -> Result<std::result::Result<(), ApplyProblem>> {
        let platforms = self.data_plane.node_platforms().await;
        let capabilities = self.data_plane.capabilities().await;
        let mut tx = self.context.db.begin().await?;
        if let Ok(seen) = &platforms {
            store::replace(&mut tx, DATA_PLANE, seen, self.context.now()).await?;
        }
        if let Ok(seen) = &capabilities {
            store::put_capabilities(&mut tx, DATA_PLANE, seen, self.context.now()).await?;
        }
        tx.commit().await?;
        Ok(platforms.map(drop).and(capabilities.map(drop)))
    }

    /// Says in the log what has changed; tells whether anything had.
    fn note(&mut self, trouble: Option<String>) -> bool {
        if trouble == self.trouble {
            return false;
        }
        match &trouble {
            Some(problem) => tracing::warn!(problem, "the data plane can't be looked at; what was seen of it last counts"),
            None => tracing::info!("the data plane is seen again"),
        }
        self.trouble = trouble;
        true
    }
}

/// Until the next look, after so many failures in a row.
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => EVERY,
        Some(doublings) => AGAIN.saturating_mul(1 << doublings.min(10)).min(EVERY),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        deployments::data_plane::NodePlatform,
        nodes::{capabilities, platforms},
        testing::{ScriptedDataPlane, TestBed},
    };

    struct Scene {
        bed: TestBed,
        plane: Arc<ScriptedDataPlane>,
    }

    impl Scene {
        async fn new() -> Self {
            Self { bed: TestBed::new().await, plane: Arc::default() }
        }

        fn watch(&self) -> Watch {
            Watch::new(self.bed.context.clone(), self.plane.clone())
        }

        fn nodes(&self, nodes: &[(&str, i32)]) {
            let platform = |(architecture, nodes): &(&str, i32)| NodePlatform {
                os: "linux".into(),
                architecture: (*architecture).into(),
                nodes: *nodes,
            };
            self.plane.nodes(nodes.iter().map(platform).collect());
        }

        async fn seen(&self) -> Vec<String> {
            let seen = platforms(&self.bed.context).await.unwrap();
            seen.iter().map(|platform| format!("{} {platform}", platform.nodes)).collect()
        }
    }

    #[tokio::test]
    async fn what_is_seen_takes_the_place_of_what_was_most_nodes_first() {
        let scene = Scene::new().await;
        assert!(scene.seen().await.is_empty(), "not known yet");
        let mut watch = scene.watch();
        scene.nodes(&[("amd64", 1), ("arm64", 3)]);
        assert_eq!(watch.step().await, EVERY);
        assert_eq!(scene.seen().await, ["3 linux/arm64", "1 linux/amd64"]);
        scene.nodes(&[("s390x", 1), ("amd64", 2)]);
        watch.step().await;
        assert_eq!(scene.seen().await, ["2 linux/amd64", "1 linux/s390x"]);
        scene.nodes(&[]);
        watch.step().await;
        assert!(scene.seen().await.is_empty());
    }

    #[tokio::test]
    async fn a_failure_keeps_what_was_seen_and_is_tried_again_sooner() {
        let scene = Scene::new().await;
        scene.nodes(&[("amd64", 1)]);
        scene.watch().step().await;
        let mut blind = Watch::new(scene.bed.context.clone(), Arc::new(ScriptedDataPlane::default()));
        assert_eq!(blind.step().await, AGAIN);
        assert_eq!(blind.step().await, 2 * AGAIN);
        assert!(blind.trouble.is_some());
        assert_eq!(scene.seen().await, ["1 linux/amd64"]);
        blind.data_plane = scene.plane.clone();
        assert_eq!(blind.step().await, EVERY);
        assert_eq!((blind.trouble, blind.failures), (None, 0));
    }

    #[tokio::test]
    async fn what_it_offers_is_kept_from_the_first_look_on() {
        let scene = Scene::new().await;
        assert_eq!(capabilities(&scene.bed.context).await.unwrap(), None);
        scene.watch().step().await;
        let offered = scene.plane.capabilities().await.unwrap();
        assert_eq!(capabilities(&scene.bed.context).await.unwrap(), Some(offered), "though nodes can't be seen");
        assert!(scene.seen().await.is_empty());
        scene.watch().step().await;
        assert!(capabilities(&scene.bed.context).await.unwrap().is_some(), "a second look finds a row");
    }

    #[tokio::test]
    async fn trouble_is_said_once_until_it_changes() {
        let mut watch = Scene::new().await.watch();
        let said = ["a", "a", "b", "", "", "a"].map(|trouble| watch.note(Some(trouble.to_owned()).filter(|trouble| !trouble.is_empty())));
        assert_eq!(said, [true, false, true, true, false, true]);
    }

    #[test]
    fn pauses_grow_to_a_bound() {
        let seconds = [0, 1, 2, 3, 4, 5, 6, 7, u32::MAX].map(|failures| pause(failures).as_secs());
        assert_eq!(seconds, [300, 10, 20, 40, 80, 160, 300, 300, 300]);
    }

    #[tokio::test]
    async fn it_looks_at_once_and_stops_when_it_is_told_to() {
        let scene = Scene::new().await;
        scene.nodes(&[("amd64", 1)]);
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(scene.watch().run(shutdown.clone()));
        let seen = async {
            while scene.seen().await.is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), seen).await.expect("it looks at once");
        shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(10), running).await.expect("it stops in time").unwrap();
    }
}
