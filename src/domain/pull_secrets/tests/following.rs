//! The credential's way into namespaces, and back out of them when the registry gives it up.

use super::*;

#[tokio::test]
async fn a_release_leaves_a_row_that_says_what_lies_there() {
    let yard = Yard::with_a_use().await;
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
    let placed = Placed {
        project: "Web Shop".into(),
        environment: "Development".into(),
        namespace: yard.namespace(&yard.shop.development).await,
        applied_at: Some(yard.shop.context().now()),
        problem: None,
        in_step: true,
    };
    assert_eq!(yard.placed().await, [placed]);
    assert_eq!(yard.keep().await, 0, "nothing is due");
    const KEPT_IN: &str = "SELECT not_before - now FROM pull_secrets, database_clock";
    let (kept_in,) = fetch_one!(yard.shop.context().db, (i64,), KEPT_IN).unwrap();
    assert!((595..720).contains(&(kept_in / Time::SECOND)), "{kept_in}");
    assert_eq!(fetch_all!(yard.shop.context().db, (String,), "SELECT uid FROM cluster_objects WHERE kind = 'Secret'").unwrap(), []);
}

#[tokio::test]
async fn another_organization_sees_nothing() {
    let yard = Yard::with_a_use().await;
    let other = yard.shop.bed.other_organization(&yard.shop.caller).await;
    assert_eq!(of_registry(yard.shop.context(), &other, yard.shop.registry.id).await.unwrap(), []);
    assert!(matches!(credential(yard.shop.context(), other.organization_id, yard.shop.registry.id).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_new_credential_comes_into_every_namespace_without_a_deployment() {
    let yard = Yard::with_a_use().await;
    yard.deploy(&yard.shop.component, &yard.shop.production).await;
    let releases = yard.plane.applied().len();
    yard.shop.bed.clock.advance(60);
    yard.rotate("new").await;
    assert!(yard.placed().await.iter().all(|placed| !placed.in_step));
    assert_eq!(yard.keep().await, 2);
    let mut expected = yard.lying_with("new").await;
    expected.push(format!("{}: {HOST} robot new", yard.namespace(&yard.shop.production).await));
    assert_eq!(yard.plane.secrets.lying(), expected);
    let now = Some(yard.shop.context().now());
    assert!(yard.placed().await.iter().all(|placed| placed.in_step && placed.applied_at == now));
    assert_eq!(yard.plane.applied().len(), releases, "no release was applied");
}

#[tokio::test]
async fn a_key_with_a_path_serves_only_what_lies_under_it() {
    let yard = Yard::with_a_use().await;
    yard.sql("UPDATE registries SET path_prefix = 'acme', credential_version = 2 WHERE display_name = 'Own'").await;
    yard.keep().await;
    let namespace = yard.namespace(&yard.shop.development).await;
    assert_eq!(yard.plane.secrets.lying(), [format!("{namespace}: {HOST}/acme robot {PASSWORD_AT_REGISTRY}")]);
}

#[tokio::test]
async fn what_somebody_deleted_comes_back() {
    let yard = Yard::with_a_use().await;
    let brought_at = yard.placed().await[0].applied_at;
    yard.shop.bed.clock.advance(600);
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.placed().await[0].applied_at, brought_at, "nothing was missing");

    yard.plane.secrets.lose();
    yard.let_time_pass().await;
    assert_eq!(yard.keep().await, 1);
    assert_eq!(yard.plane.secrets.lying(), yard.lying_with(PASSWORD_AT_REGISTRY).await);
    assert_eq!(yard.placed().await[0].applied_at, Some(yard.shop.context().now()));
    let (uid,) = fetch_one!(yard.shop.context().db, (String,), "SELECT uid FROM pull_secrets").unwrap();
    assert_eq!(uid, "uid 1", "the row knows the new object");
}

#[tokio::test]
async fn a_registry_without_credential_has_no_secret_until_it_has_one_again() {
    for authentication in ["public", "vendor_specific"] {
        let yard = Yard::with_a_use().await;
        yard.make(authentication, "").await;
        assert_eq!(yard.keep().await, 1);
        assert_eq!(yard.plane.secrets.lying(), [""; 0]);
        assert_eq!(yard.placed().await, [], "nothing lies there, and nothing has to");
        yard.let_time_pass().await;
        yard.keep().await;

        yard.make("basic", "back").await;
        assert_eq!(yard.keep().await, 1);
        assert_eq!(yard.plane.secrets.lying(), yard.lying_with("back").await, "the pods still list it");
    }
}
