//! One step of a deployment: from the state it stands in to the next. Every step may be repeated after a crash.

use std::{collections::HashSet, time::Duration};

use futures::StreamExt as _;

use super::{
    Step, Worker,
    queue::{self, Claim, Failure, Learned},
};
use crate::domain::{
    deployments::{
        State,
        data_plane::{ApplyProblem, Release, Snapshot},
        image_id, release,
        rollout::{self, Verdict},
        store::Deployment,
    },
    problem::Result,
    pull_secrets,
    registries::{self, client::RegistryProblem},
};

/// After the cluster's own progress deadline of 300 s: for a data plane that no longer answers.
const GIVE_UP_AFTER: Duration = Duration::from_secs(360);
/// Between two attempts to follow a rollout when the connection broke.
const FOLLOW_AGAIN: Duration = Duration::from_millis(500);
/// Tries of the registry before a passing problem counts as lasting.
const REGISTRY_TRIES: i32 = 6;
/// Tries of a step that ends with an error of our own.
const OWN_TRIES: i32 = 6;

impl Worker {
    /// Takes a claimed deployment one state further.
    pub async fn step(&self, claim: &Claim) -> Result<Step> {
        let Some(deployment) = queue::load(&self.context, claim).await? else { return Ok(Step::Ended) };
        match deployment.state {
            State::Queued => self.start(claim, &deployment).await,
            State::Resolving => self.resolve(claim, &deployment).await,
            State::Applying => self.apply(claim, &deployment).await,
            State::RollingOut => self.follow_rollout(claim, &deployment).await,
            _ => Ok(Step::Ended),
        }
    }

    async fn start(&self, claim: &Claim, deployment: &Deployment) -> Result<Step> {
        let asks_nobody = repeats(deployment) || queue::is_by_nodes(&self.context, deployment).await?;
        let event = if asks_nobody { "Preparing the release" } else { "Asking the registry for the image" };
        self.move_on(claim, deployment, State::Resolving, Learned::default(), event).await
    }

    /// Resolves the tag to a digest with the stored credential, where the registry lets us look.
    async fn resolve(&self, claim: &Claim, deployment: &Deployment) -> Result<Step> {
        if repeats(deployment) {
            let learned = Learned { resolved_at: Some(self.context.now()), ..Learned::default() };
            return self.move_on(claim, deployment, State::Applying, learned, "The same image as before, by its digest").await;
        }
        if queue::is_by_nodes(&self.context, deployment).await? {
            let event = match &deployment.digest {
                Some(_) => "The image is named by its digest: there is nothing to resolve",
                None => "The data plane's nodes resolve the tag: this registry is theirs to reach",
            };
            return self.move_on(claim, deployment, State::Applying, Learned::default(), event).await;
        }
        let access = registries::access(&self.context, deployment.organization_id, deployment.registry_id).await?;
        match self.context.registry_client.resolve(&access, &deployment.image).await {
            Ok(digest) => {
                let event = format!("Image resolved: {digest}");
                let learned = Learned { digest: Some(digest), resolved_at: Some(self.context.now()), ..Learned::default() };
                self.move_on(claim, deployment, State::Applying, learned, &event).await
            }
            Err(problem) => self.registry_refused(claim, deployment, &problem).await,
        }
    }

    /// A passing problem is tried again for a while; a lasting one counts at the second attempt.
    async fn registry_refused(&self, claim: &Claim, deployment: &Deployment, problem: &RegistryProblem) -> Result<Step> {
        let tries = if problem.may_pass() { REGISTRY_TRIES } else { 2 };
        if deployment.attempts + 1 < tries {
            return self.try_later(claim, deployment, &format!("{} Trying again.", problem.sentence())).await;
        }
        let failure = Failure {
            code: problem.code(),
            message: problem.sentence(),
            next: "Test the connection under Settings > Credentials, correct it or the image, and deploy again.".into(),
            log_tail: None,
        };
        queue::fail(&self.context, claim, deployment, failure).await?;
        Ok(Step::Ended)
    }

    /// Makes the data plane's objects those of the release.
    async fn apply(&self, claim: &Claim, deployment: &Deployment) -> Result<Step> {
        let mut release = self.release(deployment).await?;
        pull_secrets::take_up(&self.context, &mut release, claim.lease_owner).await?;
        let outcome = self.data_plane.apply(&release).await;
        match &outcome {
            Ok(objects) => pull_secrets::note_applied(&self.context, &release, claim.lease_owner, objects).await?,
            Err(_) => pull_secrets::let_go(&self.context, &release, claim.lease_owner).await?,
        }
        match outcome {
            Ok(mut objects) => {
                objects.retain(|object| object.kind != "Secret"); // shared: a row of pull_secrets knows it
                // To read on pages: without them the deployment is no worse.
                let manifests = self.data_plane.manifests(&release).await.unwrap_or_default();
                let learned = Learned { applied_at: Some(self.context.now()), objects, manifests, ..Learned::default() };
                self.move_on(claim, deployment, State::RollingOut, learned, "Applied to the data plane").await
            }
            Err(problem @ ApplyProblem::Unreachable(_)) => self.try_later(claim, deployment, &format!("{problem}. Trying again.")).await,
            Err(problem) => {
                queue::fail(&self.context, claim, deployment, refused(&problem)).await?;
                Ok(Step::Ended)
            }
        }
    }

    /// Follows the rollout until it is judged. A task has none: what was applied is all there is to it until it runs.
    async fn follow_rollout(&self, claim: &Claim, deployment: &Deployment) -> Result<Step> {
        if deployment.workload.kind().is_task() {
            queue::activate(&self.context, claim, deployment, None).await?;
            return Ok(Step::Ended);
        }
        let release = self.release(deployment).await?;
        let left = self.time_left(deployment).max(self.least_look);
        match tokio::time::timeout(left, self.watch(claim, deployment, &release)).await {
            Ok(step) => step,
            Err(_) => {
                let failure = Failure {
                    code: "deadline",
                    message: "The rollout did not become ready in time, and the data plane gave no reason.".into(),
                    next: "Check that the data plane answers, then deploy again.".into(),
                    log_tail: None,
                };
                queue::fail(&self.context, claim, deployment, failure).await?;
                Ok(Step::Ended)
            }
        }
    }

    async fn watch(&self, claim: &Claim, deployment: &Deployment, release: &Release) -> Result<Step> {
        let mut last: Option<Snapshot> = deployment.snapshot.as_ref().map(|json| json.0.clone());
        let mut told: HashSet<String> = last.iter().flat_map(warnings).collect();
        loop {
            let mut seen = self.data_plane.observe(release).await;
            while let Some(snapshot) = seen.next().await {
                if last.as_ref() != Some(&snapshot) {
                    let news: Vec<String> = warnings(&snapshot).filter(|text| told.insert(text.clone())).collect();
                    if !queue::see(&self.context, claim, deployment, &snapshot, &news).await? {
                        return Ok(Step::Ended);
                    }
                }
                match rollout::judge(&snapshot) {
                    Verdict::Moving { .. } => {}
                    Verdict::Active => {
                        let pulled = image_id::pulled(&snapshot, &deployment.image);
                        queue::activate(&self.context, claim, deployment, pulled).await?;
                        return Ok(Step::Ended);
                    }
                    Verdict::Failed(failure) => {
                        self.rollout_failed(claim, deployment, release, failure).await?;
                        return Ok(Step::Ended);
                    }
                }
                last = Some(snapshot);
            }
            tokio::time::sleep(FOLLOW_AGAIN).await; // the connection broke off
        }
    }

    async fn rollout_failed(&self, claim: &Claim, deployment: &Deployment, release: &Release, failure: rollout::Failure) -> Result<()> {
        let log_tail = match &failure.log_of {
            Some(source) => self.data_plane.last_log_lines(release, &source.pod, source.previous).await.ok(),
            None => None,
        };
        let failure = Failure { code: failure.code, message: failure.message, next: failure.next, log_tail };
        queue::fail(&self.context, claim, deployment, failure).await
    }

    /// After an error of our own: a bounded number of tries, so that a deployment that can't go on ends and says so.
    pub(super) async fn stumbled(&self, claim: &Claim) -> Result<()> {
        let Some(deployment) = queue::load(&self.context, claim).await? else { return Ok(()) };
        if deployment.attempts + 1 < OWN_TRIES || !deployment.state.may_become(State::Failed) {
            return self.try_later(claim, &deployment, "Something went wrong on our side. Trying again.").await.map(drop);
        }
        let failure = Failure {
            code: "internal",
            message: "Something went wrong on our side, and trying again did not help.".into(),
            next: "Ask your operator to look for this deployment's id in the console's log, then deploy again.".into(),
            log_tail: None,
        };
        queue::fail(&self.context, claim, &deployment, failure).await
    }

    async fn try_later(&self, claim: &Claim, deployment: &Deployment, why: &str) -> Result<Step> {
        queue::postpone(&self.context, claim, deployment, why, backoff(deployment.attempts)).await?;
        Ok(Step::Later)
    }

    async fn move_on(&self, claim: &Claim, deployment: &Deployment, next: State, learned: Learned, event: &str) -> Result<Step> {
        let moved = queue::advance(&self.context, claim, deployment, next, learned, event).await?;
        Ok(if moved { Step::Further } else { Step::Ended })
    }

    fn time_left(&self, deployment: &Deployment) -> Duration {
        let since = deployment.applied_at.unwrap_or(deployment.created_at);
        let passed = Duration::try_from_secs_f64(self.context.now().seconds_since(since)).unwrap_or_default();
        GIVE_UP_AFTER.saturating_sub(passed)
    }

    /// Everything the data plane needs; opens the sealed credential.
    async fn release(&self, deployment: &Deployment) -> Result<Release> {
        let names = queue::names(&self.context, deployment).await?;
        let secret = pull_secrets::credential(&self.context, deployment.organization_id, deployment.registry_id).await?;
        release::of_deployment(&self.context, deployment, names, self.data_plane.entrance().domain.as_ref(), secret).await
    }
}

/// It takes the image of an earlier deployment, whose digest is known: where its tag points to by now does not matter.
fn repeats(deployment: &Deployment) -> bool {
    deployment.digest.is_some() && deployment.image.digest().is_none()
}

fn refused(problem: &ApplyProblem) -> Failure {
    let (code, next) = match problem {
        ApplyProblem::FieldConflict { .. } => (
            "field_conflict",
            "Let the other manager give these fields up and redeploy, or take over these fields: they are then Slipway's, and the other manager's values are lost.",
        ),
        _ => ("apply_refused", "Correct the cause on the cluster or in the component and deploy again."),
    };
    Failure { code, message: problem.to_string(), next: next.into(), log_tail: None }
}

/// Seconds until the next try: 1, 2, 4, ... at most 30.
fn backoff(attempts: i32) -> i64 {
    1_i64.checked_shl(attempts.clamp(0, 5) as u32).unwrap_or(30).min(30)
}

/// The cluster's warnings of a snapshot in one line each.
fn warnings(snapshot: &Snapshot) -> impl Iterator<Item = String> + use<'_> {
    snapshot.warnings.iter().map(|warning| format!("{}: {} ({})", warning.object, warning.message, warning.reason))
}
