//! The way of a deployment that goes well, and what is handed to the outside on it.

use secrecy::ExposeSecret as _;

use super::*;
use crate::domain::{
    deployments::{
        self, Change,
        data_plane::{Pod, Snapshot},
    },
    testing::{HOST, PASSWORD_AT_REGISTRY, ready},
};

#[tokio::test]
async fn a_deployment_goes_through_its_states() {
    let yard = Yard::open().await;
    let deployment = yard.shop.deploy("1.1").await;
    let claim = yard.claim().await;
    yard.plane.shows([Snapshot { available: 0, ..ready() }, ready()]);
    let mut states = Vec::new();
    loop {
        let step = yard.step(&claim).await;
        states.push(yard.shop.look(deployment.id).await.state);
        if step == Step::Ended {
            break;
        }
    }
    assert_eq!(states, [State::Resolving, State::Applying, State::RollingOut, State::Active]);

    let ended = yard.shop.look(deployment.id).await;
    assert_eq!(ended.digest.as_deref(), Some(DIGEST));
    assert_eq!(ended.snapshot.unwrap().0, ready());
    assert!(ended.created_at < ended.resolved_at.unwrap() && ended.resolved_at < ended.applied_at && ended.applied_at < ended.ended_at);
    assert_eq!((ended.problem_code, ended.attempts), (None, 0));
    let resolved = format!("info: Image resolved: {DIGEST}");
    let told = ["info: Queued", "info: Asking the registry for the image", &resolved, "info: Applied to the data plane"];
    assert_eq!(yard.shop.told(&deployment).await, [&told[..], &["info: Active: all pods are ready"]].concat());
    assert_eq!(yard.lease(deployment.id).await, (None, 0), "an end gives the lease back");
    assert!(yard.nothing_to_claim().await);
}

#[tokio::test]
async fn the_registry_is_asked_with_the_stored_credential_and_the_release_carries_it() {
    let yard = Yard::open().await;
    yard.deploy_until("1.1", State::RollingOut).await;
    let asked = yard.shop.bed.registry.asked();
    let login = Some(("robot".to_owned(), PASSWORD_AT_REGISTRY.to_owned()));
    assert_eq!(
        asked.iter().map(|asked| (asked.what.as_str(), &asked.login)).collect::<Vec<_>>(),
        [(format!("resolve {}", image("1.1")).as_str(), &login)]
    );

    let applied = yard.plane.applied();
    let [release] = applied.as_slice() else { panic!("{applied:?}") };
    assert_eq!(release.image.to_string(), format!("{}@{DIGEST}", image("1.1")));
    assert!(release.place.namespace.starts_with("slw-acme-web-shop-development-"), "{}", release.place.namespace);
    assert_eq!((release.component_name.as_str(), release.endpoints.len(), release.endpoints[0].port), ("greeter", 1, 8080));
    let secret = release.pull_secret.as_ref().unwrap();
    assert_eq!((secret.auth_key.as_str(), secret.username.as_str()), (crate::domain::testing::HOST, "robot"));
    assert_eq!(secret.password.expose_secret(), PASSWORD_AT_REGISTRY);
}

#[tokio::test]
async fn the_next_release_knows_the_objects_of_the_last_one() {
    let yard = Yard::open().await;
    yard.deploy_well("1.1").await;
    yard.deploy_well("1.2").await;
    let applied = yard.plane.applied();
    assert!(applied[0].known_uids.is_empty());
    let uid = |kind: &str| format!("{kind} of {}", yard.shop.component.id);
    let secret = format!("Secret/{}", applied[1].secret_place().name());
    let known: Vec<_> = applied[1].known_uids.clone().into_iter().collect();
    let expected = [("Deployment/greeter", uid("Deployment")), (secret.as_str(), "uid 0".into()), ("Service/greeter", uid("Service"))];
    assert_eq!(known, expected.map(|(key, uid)| (key.to_owned(), uid)));
}

impl Yard {
    /// The greeter's registry is one that only the nodes can reach; what was typed before is left in its row.
    async fn by_nodes(&self) {
        self.sql("UPDATE registries SET authentication = 'vendor_specific' WHERE display_name = 'Own'").await;
    }
}

/// A complete rollout whose pod runs this.
fn running(image_id: &str) -> Snapshot {
    let pod = Pod { name: "greeter-1".into(), ready: true, image_id: Some(image_id.into()), ..Pod::default() };
    Snapshot { pods: vec![pod], ..ready() }
}

#[tokio::test]
async fn of_a_registry_of_the_nodes_the_digest_is_what_they_pulled() {
    let yard = Yard::open().await;
    yard.by_nodes().await;
    let (deployment, claim) = yard.deploy_until("7.0", State::RollingOut).await;
    assert!(yard.shop.bed.registry.asked().is_empty(), "the console can't look");
    let applied = yard.plane.applied();
    assert_eq!((applied[0].image.to_string(), applied[0].pull_secret.is_none()), (image("7.0"), true));
    assert_eq!(yard.plane.secrets.lying(), [""; 0]);

    yard.plane.shows([running(&format!("{HOST}/acme/greeter@{DIGEST}"))]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let active = yard.shop.look(deployment.id).await;
    assert_eq!((active.state, active.digest.as_deref()), (State::Active, Some(DIGEST)));
    let pulled = format!("info: Active: all pods are ready; the nodes pulled {DIGEST}");
    let told = [
        "info: Queued",
        "info: Preparing the release",
        "info: The data plane's nodes resolve the tag: this registry is theirs to reach",
        "info: Applied to the data plane",
        &pulled,
    ];
    assert_eq!(yard.shop.told(&deployment).await, told);
}

#[tokio::test]
async fn a_digest_that_the_nodes_do_not_tell_stays_unknown() {
    let yard = Yard::open().await;
    yard.by_nodes().await;
    let (deployment, claim) = yard.deploy_until("7.0", State::RollingOut).await;
    yard.plane.shows([running(DIGEST)]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    let active = yard.shop.look(deployment.id).await;
    assert_eq!((active.state, active.digest), (State::Active, None));
}

#[tokio::test]
async fn a_digest_that_was_asked_for_is_kept_whatever_the_nodes_say() {
    let yard = Yard::open().await;
    yard.by_nodes().await;
    let change = Change::Url(format!("{}@{DIGEST}", image("7.0")));
    let shop = &yard.shop;
    let deployment = deployments::deploy(shop.context(), &shop.caller, &shop.component, &shop.development, change).await.unwrap();
    let claim = yard.claim().await;
    yard.step_until(&claim, State::RollingOut).await;
    assert_eq!(yard.plane.applied()[0].image.digest(), Some(DIGEST));
    yard.plane.shows([running(&format!("{HOST}/acme/greeter@{OTHER_DIGEST}"))]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    assert_eq!(yard.shop.look(deployment.id).await.digest.as_deref(), Some(DIGEST));
    let told = yard.shop.told(&deployment).await;
    assert!(told.contains(&"info: The image is named by its digest: there is nothing to resolve".to_owned()), "{told:?}");
    assert_eq!(told.last().unwrap(), "info: Active: all pods are ready");
}

#[tokio::test]
async fn an_active_release_replaces_the_one_of_its_environment_only() {
    let yard = Yard::open().await;
    let first = yard.deploy_well("1.1").await;
    let elsewhere = yard.shop.deploy_to(&yard.shop.component, &yard.shop.production, "1.1").await;
    let claim = yard.claim().await;
    yard.step_until(&claim, State::RollingOut).await;
    yard.plane.shows([ready()]);
    yard.step(&claim).await;
    let second = yard.deploy_well("1.2").await;

    assert_eq!(yard.shop.look(first.id).await.state, State::Replaced);
    assert_eq!(yard.shop.look(elsewhere.id).await.state, State::Active);
    let serving = deployments::serving(yard.shop.context(), &yard.shop.component, yard.shop.development.id).await.unwrap();
    assert_eq!(serving.unwrap().id, second.id);
}

#[tokio::test]
async fn a_release_becomes_active_and_the_earlier_one_replaced_both_or_neither() {
    let yard = Yard::open().await;
    let [first, second] = [yard.deploy_well("1.1").await, yard.deploy_well("1.2").await];
    let (third, claim) = yard.deploy_until("1.1", State::RollingOut).await;
    // The first is Replaced already, so the second can't be while this stands.
    yard.sql("CREATE UNIQUE INDEX only_one_replaced ON deployments (component_id) WHERE state = 'replaced'").await;
    yard.plane.shows([ready()]);
    yard.worker.step(&claim).await.unwrap_err();
    let states =
        async || [yard.shop.look(first.id).await.state, yard.shop.look(second.id).await.state, yard.shop.look(third.id).await.state];
    assert_eq!(states().await, [State::Replaced, State::Active, State::RollingOut]);

    yard.sql("DROP INDEX only_one_replaced").await;
    yard.plane.shows([ready()]);
    assert_eq!(yard.step(&claim).await, Step::Ended);
    assert_eq!(states().await, [State::Replaced, State::Replaced, State::Active]);
}
