//! What goes wrong on the way: what is tried again, for how long, and how a deployment fails.

use super::*;
use crate::domain::{
    deployments::data_plane::{ApplyProblem, Exit, Pod, Snapshot, Warning},
    registries::client::RegistryProblem,
    testing::ready,
};

const CLOCK: &str = "SELECT now FROM database_clock";
const NOT_BEFORE: &str = "SELECT not_before FROM deployments WHERE id = $1";

fn refused() -> RegistryProblem {
    RegistryProblem::CredentialRefused { host: "registry.example.com".into() }
}

fn timed_out() -> RegistryProblem {
    RegistryProblem::TimedOut { host: "registry.example.com".into() }
}

impl Yard {
    /// A step that puts the next try off by so many seconds of the database's clock.
    async fn step_puts_off(&self, claim: &Claim, seconds: i64) {
        let db = &self.shop.context().db;
        let (before,) = fetch_one!(db, (i64,), CLOCK).unwrap();
        assert_eq!(self.step(claim).await, Step::Later);
        let (after,) = fetch_one!(db, (i64,), CLOCK).unwrap();
        let (not_before,) = fetch_one!(db, (i64,), NOT_BEFORE, claim.id).unwrap();
        let [earliest, latest] = [before, after].map(|now| now + seconds * 1_000_000);
        assert!((earliest..=latest).contains(&not_before), "{seconds} s: {} too late", not_before - latest);
    }
}

#[tokio::test]
async fn a_wrong_credential_fails_at_the_second_attempt() {
    let yard = Yard::open().await;
    yard.shop.bed.registry.answers(&image("2.0"), Err(refused()));
    let (deployment, claim) = yard.deploy_until("2.0", State::Resolving).await;
    yard.step_puts_off(&claim, 1).await;
    assert_eq!(yard.shop.look(deployment.id).await.attempts, 1);
    let claim = yard.claim_when_due(claim).await;
    assert_eq!(yard.step(&claim).await, Step::Ended);

    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("credential_refused")));
    assert_eq!(failed.problem_message, Some(refused().sentence()));
    assert!(failed.problem_next.unwrap().contains("Settings > Credentials"));
    assert!(failed.ended_at.is_some());
    let sentence = refused().sentence();
    assert_eq!(yard.shop.told(&deployment).await[2..], [format!("warning: {sentence} Trying again."), format!("error: {sentence}")]);
    assert_eq!(yard.shop.bed.registry.asked().len(), 2);
    assert!(yard.plane.applied().is_empty());
}

#[tokio::test]
async fn a_passing_problem_is_tried_again_later_and_later() {
    let yard = Yard::open().await;
    yard.shop.bed.registry.answers(&image("2.0"), Err(timed_out()));
    let (deployment, mut claim) = yard.deploy_until("2.0", State::Resolving).await;
    for seconds in [1, 2, 4, 8, 16] {
        yard.step_puts_off(&claim, seconds).await;
        claim = yard.claim_when_due(claim).await;
    }
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("timed_out")));
}

#[tokio::test]
async fn a_problem_that_passes_leaves_the_next_step_all_its_tries() {
    let yard = Yard::open().await;
    yard.shop.bed.registry.answers(&image("2.0"), Err(timed_out()));
    yard.shop.bed.registry.answers(&image("2.0"), Ok(DIGEST));
    let (deployment, claim) = yard.deploy_until("2.0", State::Resolving).await;
    yard.step_puts_off(&claim, 1).await;
    let claim = yard.claim_when_due(claim).await;
    assert_eq!(yard.step(&claim).await, Step::Further);
    let resolved = yard.shop.look(deployment.id).await;
    assert_eq!((resolved.state, resolved.attempts), (State::Applying, 0));
}

#[tokio::test]
async fn a_data_plane_out_of_reach_is_tried_until_it_answers() {
    let yard = Yard::open().await;
    let (deployment, mut claim) = yard.deploy_until("1.1", State::Applying).await;
    for seconds in [1, 2, 4, 8, 16, 30, 30, 30] {
        yard.plane.refuses(ApplyProblem::Unreachable("connection refused".into()));
        yard.step_puts_off(&claim, seconds).await;
        claim = yard.claim_when_due(claim).await;
    }
    assert_eq!(yard.step(&claim).await, Step::Further);
    let applied = yard.shop.look(deployment.id).await;
    assert_eq!((applied.state, applied.attempts), (State::RollingOut, 0));
    let warning = "warning: The data plane can't be reached: connection refused. Trying again.";
    assert_eq!(yard.shop.told(&deployment).await.iter().filter(|event| *event == warning).count(), 1, "the same is said once");
}

#[tokio::test]
async fn an_apply_that_is_refused_fails_at_once() {
    let yard = Yard::open().await;
    let (deployment, claim) = yard.deploy_until("1.1", State::Applying).await;
    let problem = ApplyProblem::NotOurs { kind: "Service".into(), name: "greeter".into() };
    yard.plane.refuses(problem.clone());
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("apply_refused")));
    assert_eq!(failed.problem_message, Some(problem.to_string()));
}

fn crashing() -> Snapshot {
    let exit = Exit { code: 1, signal: None, reason: "Error".into() };
    let pod = Pod { name: "greeter-1".into(), phase: "Running".into(), restarts: 3, last_exit: Some(exit), ..Pod::default() };
    Snapshot { ready: 0, available: 0, pods: vec![pod], ..ready() }
}

#[tokio::test]
async fn a_failed_rollout_keeps_the_last_lines_of_the_log_and_what_served_before() {
    let yard = Yard::open().await;
    let before = yard.deploy_well("1.1").await;
    let (deployment, claim) = yard.deploy_until("1.2", State::RollingOut).await;
    yard.plane.logs("no configuration, giving up\n");
    yard.plane.shows([crashing()]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("crash_loop")));
    assert_eq!(failed.log_tail.as_deref(), Some("no configuration, giving up\n"));
    assert_eq!(failed.snapshot.unwrap().0, crashing());
    assert_eq!(yard.plane.read_logs(), [("greeter-1".to_owned(), true)]);
    assert_eq!(yard.shop.look(before.id).await.state, State::Active);
}

#[tokio::test]
async fn a_rollout_fails_even_if_the_log_can_not_be_read() {
    let yard = Yard::open().await;
    let (deployment, claim) = yard.deploy_until("1.1", State::RollingOut).await;
    yard.plane.shows([crashing()]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.problem_code.as_deref(), failed.log_tail), (Some("crash_loop"), None));
}

#[tokio::test]
async fn a_rollout_is_followed_over_a_broken_connection_and_each_warning_told_once() {
    let yard = Yard::open().await;
    let (deployment, claim) = yard.deploy_until("1.1", State::RollingOut).await;
    let warning = |count| Warning {
        at: yard.shop.context().now(),
        object: "Pod/greeter-1".into(),
        reason: "FailedMount".into(),
        message: "not yet".into(),
        count,
    };
    let waiting = |count| Snapshot { ready: 0, available: 0, warnings: vec![warning(count)], ..ready() };
    yard.plane.shows([waiting(1), waiting(2)]);
    yard.plane.shows([waiting(3), ready()]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    assert_eq!(yard.shop.look(deployment.id).await.state, State::Active);
    let told = yard.shop.told(&deployment).await;
    assert_eq!(told.iter().filter(|event| *event == "warning: Pod/greeter-1: not yet (FailedMount)").count(), 1, "{told:?}");
}

#[tokio::test]
async fn a_rollout_that_shows_nothing_fails_when_its_time_is_up() {
    let mut yard = Yard::open().await;
    yard.worker.least_look = Duration::ZERO;
    let (deployment, claim) = yard.deploy_until("1.1", State::RollingOut).await;
    yard.shop.bed.clock.advance(360);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("deadline")));
}

#[tokio::test]
async fn an_error_of_our_own_is_said_tried_again_and_ends() {
    let yard = Yard::open().await;
    let (deployment, mut claim) = yard.deploy_until("1.1", State::Resolving).await;
    yard.spoil_credential().await;
    for tries in 1..6 {
        yard.shop.bed.clock.advance(1);
        yard.worker.follow(&claim).await;
        assert_eq!(yard.shop.look(deployment.id).await.attempts, tries);
        claim = yard.claim_when_due(claim).await;
    }
    yard.shop.bed.clock.advance(1);
    yard.worker.follow(&claim).await;
    let failed = yard.shop.look(deployment.id).await;
    assert_eq!((failed.state, failed.problem_code.as_deref()), (State::Failed, Some("internal")));
    let told = yard.shop.told(&deployment).await;
    assert_eq!(
        told.iter().filter(|event| *event == "warning: Something went wrong on our side. Trying again.").count(),
        1,
        "the same is said once"
    );
    assert!(yard.shop.bed.registry.asked().is_empty());
}

impl Yard {
    /// The stored credential no longer opens.
    async fn spoil_credential(&self) {
        let mut tx = self.shop.context().db.begin().await.unwrap();
        execute!(tx, "UPDATE registries SET sealed_password = $1 WHERE id = $2", vec![0_u8; 8], self.shop.registry.id).unwrap();
        tx.commit().await.unwrap();
    }
}
