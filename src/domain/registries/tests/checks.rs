//! Checks that nobody asked for: when they are due, who makes them, and what is noted.

use std::collections::HashSet;

use uuid::Uuid;

use crate::{
    domain::{
        Context,
        clock::Time,
        problem::Error,
        registries::{NewRegistry, NewSecret, add, check, checks, client::RegistryProblem, get, rotate, try_out},
        testing::{HOST, Shop, TestBed},
    },
    execute, fetch_one,
};

const WAITS: &str = "SELECT next_check_at - (SELECT now FROM database_clock) FROM registries WHERE id = $1";
const PUT_OFF_ALL: &str = "UPDATE registries SET next_check_at = (SELECT now FROM database_clock) + 3600000000";
const MAKE_DUE: &str = "UPDATE registries SET next_check_at = (SELECT now FROM database_clock) - 1 WHERE id = $1";

async fn put_off_all(context: &Context) {
    let mut tx = context.db.begin().await.unwrap();
    execute!(tx, PUT_OFF_ALL).unwrap();
    tx.commit().await.unwrap();
}

async fn make_due(context: &Context, id: Uuid) {
    let mut tx = context.db.begin().await.unwrap();
    execute!(tx, MAKE_DUE, id).unwrap();
    tx.commit().await.unwrap();
}

/// Seconds until its next check, by the database's clock.
async fn waits(context: &Context, id: Uuid) -> i64 {
    fetch_one!(context.db, (i64,), WAITS, id).unwrap().0 / Time::SECOND
}

#[tokio::test]
async fn a_new_registry_is_due_at_once_and_then_every_few_hours() {
    let (bed, caller) = TestBed::with_caller().await;
    put_off_all(&bed.context).await;
    assert!(checks::claim(&bed.context).await.unwrap().is_none(), "nothing is due");
    let id = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap().id;
    let due = checks::claim(&bed.context).await.unwrap().unwrap();
    assert_eq!(due.id, id);
    assert!(checks::claim(&bed.context).await.unwrap().is_none(), "one process asks, not two");

    bed.registry.answers_check(Ok(()));
    checks::check_due(&bed.context, &due).await.unwrap();
    assert_eq!(get(&bed.context, &caller, id).await.unwrap().checked_at, Some(bed.context.now()));
    let mut waited = HashSet::new();
    for _ in 0..8 {
        bed.registry.answers_check(Ok(()));
        check(&bed.context, &caller, id).await.unwrap().unwrap();
        let seconds = waits(&bed.context, id).await;
        assert!((4 * 3600 - 60..=6 * 3600).contains(&seconds), "{seconds}");
        waited.insert(seconds / 60);
    }
    assert!(waited.len() > 1, "without jitter all registries would be asked at once: {waited:?}");
}

#[tokio::test]
async fn what_may_pass_is_looked_at_again_soon() {
    let (bed, caller) = TestBed::with_caller().await;
    let id = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap().id;
    bed.registry.answers_check(Err(RegistryProblem::TimedOut { host: HOST.into() }));
    check(&bed.context, &caller, id).await.unwrap().unwrap_err();
    assert!(waits(&bed.context, id).await <= 15 * 60);
    bed.registry.answers_check(Err(RegistryProblem::CredentialRefused { host: HOST.into() }));
    check(&bed.context, &caller, id).await.unwrap().unwrap_err();
    assert!(waits(&bed.context, id).await > 3 * 3600, "asked often with a wrong password, registries lock accounts");
}

#[tokio::test]
async fn a_registry_of_the_nodes_is_never_asked() {
    let (bed, caller) = TestBed::with_caller().await;
    let ecr = NewRegistry {
        display_name: "Ours".into(),
        vendor: "ecr".into(),
        authentication: "vendor_specific".into(),
        host: "123456789012.dkr.ecr.eu-west-1.amazonaws.com".into(),
        ..NewRegistry::default()
    };
    let id = add(&bed.context, &caller, ecr.clone()).await.unwrap().id;
    put_off_all(&bed.context).await;
    make_due(&bed.context, id).await;
    assert!(checks::claim(&bed.context).await.unwrap().is_none());
    let told = [check(&bed.context, &caller, id).await.err(), try_out(&bed.context, &caller, ecr).await.err()];
    assert!(told.iter().all(|error| matches!(error, Some(Error::Conflict { code: "checked_by_nodes", .. }))), "{told:?}");
    assert!(bed.registry.asked().is_empty());
}

#[tokio::test]
async fn what_an_old_credential_was_told_is_not_noted_of_the_new_one() {
    let (bed, caller) = TestBed::with_caller().await;
    let before = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap();
    rotate(&bed.context, &caller, before.id, NewSecret { password: "new".into(), ..NewSecret::default() }).await.unwrap();
    bed.registry.answers_check(Err(RegistryProblem::CredentialRefused { host: HOST.into() }));
    checks::check(&bed.context, &before).await.unwrap().unwrap_err();
    let found = get(&bed.context, &caller, before.id).await.unwrap();
    assert_eq!((found.checked_at, found.check_problem), (None, None));
}

#[tokio::test]
async fn a_check_pulls_from_the_repository_that_was_named() {
    let (bed, caller) = TestBed::with_caller().await;
    let named = NewRegistry { test_repository: "acme/greeter".into(), ..Shop::new_registry("Own") };
    let id = add(&bed.context, &caller, named).await.unwrap().id;
    bed.registry.answers_check(Ok(()));
    let report = check(&bed.context, &caller, id).await.unwrap().unwrap();
    assert!(report.may_pull);
    assert_eq!(bed.registry.asked()[0].what, format!("check {HOST}/acme/greeter"));
    assert_eq!(get(&bed.context, &caller, id).await.unwrap().check_report.unwrap().0, report);
}
