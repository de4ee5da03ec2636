//! Who may write a deployment, and for how long.

use super::*;
use crate::{
    domain::{
        deployments::worker::queue::{Failure, Learned},
        testing::{applied_objects, ready},
    },
    fetch_all,
};

#[tokio::test]
async fn a_claimed_deployment_is_nobody_elses_until_it_is_handed_back() {
    let yard = Yard::open().await;
    yard.shop.deploy("1.1").await;
    let claim = yard.claim().await;
    assert!(yard.nothing_to_claim().await, "not even the same process's again");
    yard.worker.hand_back(&claim).await;
    let again = yard.claim().await;
    assert_eq!(again.id, claim.id);
    assert_ne!(again.lease_owner, claim.lease_owner, "each claim is an owner of its own");
}

#[tokio::test]
async fn a_lease_that_ran_out_is_taken_over_and_one_that_is_renewed_is_not() {
    let yard = Yard::open().await;
    yard.shop.deploy("1.1").await;
    let claim = yard.claim().await;
    yard.let_leases_run_out().await;
    assert!(queue::renew(yard.shop.context(), &claim).await.unwrap(), "late, but in time");
    assert!(yard.nothing_to_claim().await);
    yard.let_leases_run_out().await;
    assert_eq!(yard.claim().await.id, claim.id);
    assert!(!queue::renew(yard.shop.context(), &claim).await.unwrap());
}

#[tokio::test]
async fn the_leases_of_a_dead_process_are_broken_at_the_next_start() {
    let yard = Yard::open().await;
    let deployment = yard.shop.deploy("1.1").await;
    yard.claim().await;
    yard.another_worker().break_leases().await.unwrap();
    assert_eq!(yard.lease(deployment.id).await, (None, 0));
    assert_eq!(yard.claim().await.id, deployment.id);
}

#[tokio::test]
async fn the_deployment_that_waits_longest_comes_first() {
    let yard = Yard::open().await;
    let second = yard.shop.deploy("1.1").await;
    let first = yard.shop.deploy_to(&yard.shop.component, &yard.shop.production, "1.1").await;
    yard.sql(
        "UPDATE deployments SET not_before = not_before - 1000000 WHERE environment_id = (SELECT id FROM environments WHERE position = 2)",
    )
    .await;
    assert_eq!([yard.claim().await.id, yard.claim().await.id], [first.id, second.id]);
}

#[tokio::test]
async fn a_newer_deployment_waits_until_the_one_it_overtook_is_let_go() {
    let yard = Yard::open().await;
    let (old, claim) = yard.deploy_until("1.1", State::Applying).await;
    let new = yard.shop.deploy("1.2").await;
    assert_eq!(yard.shop.look(old.id).await.state, State::Cancelled);
    assert!(yard.nothing_to_claim().await, "the old one may still be at the data plane");
    assert_eq!(yard.step(&claim).await, Step::Ended);
    yard.worker.hand_back(&claim).await;
    assert_eq!(yard.claim().await.id, new.id);
}

/// Everything that a worker writes, as text.
async fn all_rows(yard: &Yard) -> Vec<String> {
    let rows = "SELECT image || state || attempts || not_before || COALESCE(digest, '-') || COALESCE(problem_code, '-')
            || COALESCE(CAST(snapshot AS TEXT), '-') || COALESCE(ended_at, 0) || COALESCE(applied_at, 0) || lease_until FROM deployments
        UNION ALL SELECT level || message FROM deployment_events
        UNION ALL SELECT kind || uid FROM cluster_objects
        UNION ALL SELECT CAST(sequence AS TEXT) FROM changes";
    let mut rows: Vec<String> = fetch_all!(yard.shop.context().db, (String,), rows).unwrap().into_iter().map(|(row,)| row).collect();
    rows.sort();
    rows
}

/// Tries every write of the queue as the holder of a claim.
async fn write_everything(yard: &Yard, claim: &Claim, deployment: &Deployment) {
    let context = yard.shop.context();
    let failure = Failure { code: "deadline", message: "late".into(), next: "wait".into(), log_tail: None };
    let objects = yard.plane.applied().first().map(applied_objects).unwrap_or_default();
    let next = match deployment.state {
        State::Queued => Some(State::Resolving),
        State::Resolving => Some(State::Applying),
        State::Applying => Some(State::RollingOut),
        _ => None,
    };
    if let Some(next) = next {
        let learned = Learned { digest: Some(OTHER_DIGEST.into()), applied_at: Some(context.now()), objects, ..Learned::default() };
        assert!(!queue::advance(context, claim, deployment, next, learned, "too late").await.unwrap());
    } else {
        assert!(!queue::see(context, claim, deployment, &ready(), &["too late".into()]).await.unwrap());
        queue::activate(context, claim, deployment, Some(OTHER_DIGEST.into())).await.unwrap();
    }
    if deployment.state.may_become(State::Failed) {
        queue::fail(context, claim, deployment, failure).await.unwrap();
    }
    queue::postpone(context, claim, deployment, "too late", 5).await.unwrap();
    assert!(!queue::renew(context, claim).await.unwrap());
    assert!(!queue::holds(context, claim).await.unwrap());
    assert_eq!(yard.worker.step(claim).await.unwrap(), Step::Ended);
}

const OPEN: [State; 4] = [State::Queued, State::Resolving, State::Applying, State::RollingOut];

#[tokio::test]
async fn who_lost_the_lease_to_another_worker_writes_nothing() {
    for state in OPEN {
        let yard = Yard::open().await;
        let (deployment, claim) = yard.deploy_until("1.1", state).await;
        yard.let_leases_run_out().await;
        assert_eq!(yard.another_worker().claim().await.unwrap().unwrap().id, claim.id);
        let rows = all_rows(&yard).await;
        write_everything(&yard, &claim, &deployment).await;
        yard.worker.hand_back(&claim).await;
        assert_eq!(all_rows(&yard).await, rows, "{state:?}");
    }
}

#[tokio::test]
async fn who_was_overtaken_by_a_newer_deployment_writes_nothing() {
    for state in OPEN {
        let yard = Yard::open().await;
        let (deployment, claim) = yard.deploy_until("1.1", state).await;
        yard.shop.deploy("1.2").await;
        let rows = all_rows(&yard).await;
        write_everything(&yard, &claim, &deployment).await;
        assert_eq!(all_rows(&yard).await, rows, "{state:?}");
    }
}

#[tokio::test]
async fn a_lease_is_renewed_however_busy_the_console_is() {
    let mut yard = Yard::open().await;
    let (deployment, claim) = yard.deploy_until("1.1", State::RollingOut).await;
    yard.worker.renew_every = Duration::from_millis(50);
    let context = yard.shop.context();
    let renewed_often = async {
        let mut seen = std::collections::HashSet::new();
        while seen.len() < 4 {
            context.changes.signal(); // more often than renewals come
            seen.insert(yard.lease(deployment.id).await.1);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::select! {
        () = yard.worker.follow(&claim) => panic!("the lease was lost"),
        outcome = tokio::time::timeout(Duration::from_secs(10), renewed_often) => outcome.expect("the lease is renewed"),
    }
}
