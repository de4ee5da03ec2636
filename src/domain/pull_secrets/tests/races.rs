//! Two at the same Secret, or something that changes while it is applied.

use super::*;

#[tokio::test]
async fn a_use_that_begins_during_the_removal_gets_its_secret_back() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.step_while(async { drop(yard.shop.deploy("1.1").await) }).await;
    assert_eq!((yard.plane.secrets.lying().len(), yard.rows().await), (0, 1), "removed, and known to be missing");
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
}

#[tokio::test]
async fn a_release_that_is_applied_during_the_removal_gets_its_secret_back() {
    let yard = Yard::with_a_use().await;
    yard.end_all("replaced").await;
    yard.step_while(async {
        yard.deploy(&yard.shop.component, &yard.shop.development).await;
    })
    .await;
    assert_eq!(yard.plane.secrets.lying().len(), 0);
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
}

#[tokio::test]
async fn a_credential_that_changes_while_it_is_applied_stays_due() {
    let yard = Yard::with_a_use().await;
    yard.rotate("second").await;
    yard.step_while(yard.rotate("third")).await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("second").await);
    assert!(!yard.placed().await[0].in_step);
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("third").await);
    assert!(yard.placed().await[0].in_step);
}

#[tokio::test]
async fn who_applied_at_the_same_time_as_another_has_it_looked_at_again() {
    let yard = Yard::with_a_use().await;
    yard.rotate("second").await;
    // The keeper has read the second password; a release brings the third before it is done.
    yard.step_while(async {
        yard.rotate("third").await;
        yard.deploy(&yard.shop.component, &yard.shop.development).await;
    })
    .await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("second").await, "the older one came last");
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with("third").await);
    assert_eq!(yard.keep().await, 0);
}

#[tokio::test]
async fn a_claimed_row_is_nobody_elses_until_its_lease_runs_out() {
    let yard = Yard::with_a_use().await;
    yard.let_time_pass().await;
    let claim = yard.keeper.claim().await.unwrap().unwrap();
    assert_eq!(yard.keep().await, 0);
    yard.sql("UPDATE pull_secrets SET lease_until = 1").await;
    assert_eq!(yard.keep().await, 1);

    yard.rotate("new").await;
    yard.keeper.keep(&claim).await;
    assert_eq!(yard.keep().await, 1, "who comes late has it looked at again");
    yard.let_time_pass().await;
    yard.keeper.claim().await.unwrap().unwrap();
    yard.keeper.break_leases().await.unwrap();
    assert_eq!(yard.keep().await, 1);
}
