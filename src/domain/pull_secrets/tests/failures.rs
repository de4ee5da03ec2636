//! What can't be done: how it shows, and when it is tried again.

use super::*;

#[tokio::test]
async fn a_failure_is_shown_and_tried_again_later_and_later() {
    let yard = Yard::with_a_use().await;
    yard.let_time_pass().await;
    const WAIT: &str = "SELECT not_before - now FROM pull_secrets, database_clock";
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300] {
        yard.plane.secrets.refuse(unreachable());
        assert_eq!(yard.keep().await, 1, "the next try waits");
        let (wait,) = fetch_one!(yard.shop.context().db, (i64,), WAIT).unwrap();
        assert!(((seconds - 1) * Time::SECOND..=seconds * Time::SECOND).contains(&wait), "{seconds}: {wait}");
        assert_eq!(yard.placed().await[0].problem.as_deref(), Some("The data plane can't be reached: connection refused"));
        yard.let_time_pass().await;
    }
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].problem, None);
}

#[tokio::test]
async fn a_new_credential_does_not_hurry_what_fails() {
    let yard = Yard::with_a_use().await;
    yard.rotate("new").await;
    yard.plane.secrets.refuse(unreachable());
    assert_eq!(yard.keep().await, 1);
    yard.rotate("newer").await;
    assert_eq!(yard.keep().await, 0);
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("newer").await);
}

#[tokio::test]
async fn a_removal_that_fails_is_tried_again() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.plane.secrets.refuse(unreachable());
    assert_eq!(yard.keep().await, 1);
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (1, 1));
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 0));
}

#[tokio::test]
async fn an_error_of_our_own_is_noted_without_its_cause() {
    let yard = Yard::with_a_use().await;
    let mut tx = yard.shop.context().db.begin().await.unwrap();
    const SPOIL: &str = "UPDATE registries SET credential_version = 2, sealed_password = $1 WHERE id = $2";
    execute!(tx, SPOIL, vec![0_u8; 8], yard.shop.registry.id).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].problem.as_deref(), Some("Something went wrong on our side; the console's log says what."));
}
