//! Tests of the verbs, on both databases; those of the queue are with the worker.

use super::*;
use crate::{
    domain::{
        components::{self, SecurityProfile, Settings, update},
        images::ImageReference,
        testing::{HOST, Shop, fields, image},
    },
    execute, fetch_all, fetch_one,
};

const COUNTS: &str = "SELECT (SELECT count(*) FROM deployments), (SELECT count(*) FROM deployment_events),
    (SELECT count(*) FROM audit WHERE action = 'deployment.create'), (SELECT count(*) FROM changes)";
const AUDITED: &str = "SELECT actor, address, target_name, CAST(detail AS TEXT) FROM audit WHERE action = 'deployment.create'";

async fn counts(shop: &Shop) -> [i64; 4] {
    fetch_one!(shop.context().db, (i64, i64, i64, i64), COUNTS).unwrap().into()
}

async fn deploy_greeter(shop: &Shop, change: Change) -> Result<Deployment> {
    deploy(shop.context(), &shop.caller, &shop.component, &shop.development, change).await
}

async fn greeter_image(shop: &Shop) -> String {
    components::get(shop.context(), &shop.caller, &shop.project, "greeter").await.unwrap().image.to_string()
}

#[tokio::test]
async fn a_deployment_is_queued_with_its_event_audit_row_and_change() {
    let shop = Shop::open().await;
    let signal = shop.context().changes.listen();
    let deployment = shop.deploy(" 1.1 ").await;
    assert_eq!((deployment.state, deployment.image.to_string(), &deployment.digest), (State::Queued, image("1.1"), &None));
    let stored = shop.look(deployment.id).await;
    assert_eq!((stored.state, stored.created_by.as_str(), stored.attempts), (State::Queued, shop.caller.email.as_str(), 0));
    assert_eq!(stored.endpoints_yaml, shop.component.endpoints_yaml);
    assert_eq!(shop.told(&deployment).await, ["info: Queued"]);
    assert_eq!(counts(&shop).await, [1, 1, 1, 1]);
    assert_eq!(greeter_image(&shop).await, image("1.1"));
    assert!(signal.has_changed().unwrap(), "the worker hears of it");

    let audited = fetch_all!(shop.context().db, (String, String, String, String), AUDITED).unwrap();
    let [(actor, address, target, detail)] = audited.as_slice() else { panic!("{audited:?}") };
    assert_eq!((actor.as_str(), address.as_str(), target.as_str()), (shop.caller.email.as_str(), "192.0.2.7", "greeter"));
    assert!(detail.contains(&deployment.id.to_string()) && detail.contains(&image("1.1")), "{detail}");
}

#[tokio::test]
async fn a_deployment_is_written_whole_or_not_at_all() {
    let shop = Shop::open().await;
    let first = shop.deploy("1.1").await;
    // The last row of the transaction can't be written.
    let mut tx = shop.context().db.begin().await.unwrap();
    crate::execute!(tx, "CREATE UNIQUE INDEX one_deployment_audited ON audit (action) WHERE action = 'deployment.create'").unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(deploy_greeter(&shop, Change::Tag("1.2".into())).await, Err(Error::Database(_))));
    assert_eq!(counts(&shop).await, [1, 1, 1, 1]);
    assert_eq!(shop.look(first.id).await.state, State::Queued);
    assert_eq!(greeter_image(&shop).await, image("1.1"));
}

#[tokio::test]
async fn a_newer_deployment_overtakes_what_is_still_open_in_its_environment() {
    let shop = Shop::open().await;
    let expected = [
        ("queued", State::Superseded),
        ("resolving", State::Superseded),
        ("applying", State::Cancelled),
        ("rolling_out", State::Cancelled),
        ("active", State::Active),
        ("failed", State::Failed),
    ];
    for (before, after) in expected {
        let old = shop.deploy("1.1").await;
        let elsewhere = shop.deploy_to(&shop.component, &shop.production, "1.1").await;
        let mut tx = shop.context().db.begin().await.unwrap();
        crate::execute!(tx, "UPDATE deployments SET state = $2 WHERE id = $1", old.id, before).unwrap();
        tx.commit().await.unwrap();
        let new = shop.deploy("1.2").await;
        let old = shop.look(old.id).await;
        assert_eq!(old.state, after);
        assert_eq!(old.problem_code.is_some(), old.state != before_state(before), "{before}");
        assert_eq!([shop.look(new.id).await.state, shop.look(elsewhere.id).await.state], [State::Queued, State::Queued]);
    }
}

fn before_state(word: &str) -> State {
    State::try_from(word.to_owned()).unwrap()
}

#[tokio::test]
async fn a_tag_changes_the_tag_only_and_a_digest_goes() {
    let mut shop = Shop::open().await;
    let digest = format!("sha256:{}", "a".repeat(64));
    shop.component.image = ImageReference::parse(&format!("{}@{digest}", image("1.0"))).unwrap();
    assert_eq!(shop.deploy("1.1").await.image.to_string(), image("1.1"));
}

#[tokio::test]
async fn a_url_may_name_another_repository_of_the_same_registry_and_a_digest() {
    let shop = Shop::open().await;
    let digest = format!("sha256:{}", "a".repeat(64));
    let url = format!("{HOST}/acme/other@{digest}");
    let deployment = deploy_greeter(&shop, Change::Url(url.clone())).await.unwrap();
    assert_eq!((deployment.image.to_string(), deployment.digest), (url, Some(digest)));
}

#[tokio::test]
async fn what_can_not_be_deployed_is_refused_at_its_field_and_leaves_nothing() {
    let shop = Shop::open().await;
    for tag in ["", "a b", "-1", "a/b", &"x".repeat(129)] {
        let told = fields(deploy_greeter(&shop, Change::Tag(tag.into())).await);
        assert_eq!(told.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["tag"], "{tag:?}");
    }
    let told = fields(deploy_greeter(&shop, Change::Url("ghcr.io/acme/greeter:1".into())).await);
    assert_eq!(told, [("image".into(), "other_host".into())]);
    let told = fields(deploy_greeter(&shop, Change::Url("UPPER/case".into())).await);
    assert_eq!(told[0].0, "image");
    let mut tx = shop.context().db.begin().await.unwrap();
    execute!(tx, "UPDATE components SET endpoints_yaml = 'endpoints: ['").unwrap();
    tx.commit().await.unwrap();
    let told = fields(deploy_greeter(&shop, Change::Tag("1.1".into())).await);
    assert_eq!(told, [("endpoints".into(), "endpoints_invalid".into())]);
    assert_eq!(counts(&shop).await, [0, 0, 0, 0]);
    assert_eq!(greeter_image(&shop).await, image("1.0"));
}

#[tokio::test]
async fn settings_that_were_saved_before_are_deployed_whatever_the_caller_saw() {
    let shop = Shop::open().await;
    let seen = shop.component.clone();
    let settings = Settings { display_name: "Greeter".into(), profile: "restricted".into(), revision: 1, ..Settings::default() };
    update(shop.context(), &shop.caller, &shop.component, settings).await.unwrap();
    let deployed = deploy(shop.context(), &shop.caller, &seen, &shop.development, Change::Tag("1.1".into())).await.unwrap();
    assert_eq!(deployed.profile, SecurityProfile::Restricted);
}

#[tokio::test]
async fn another_organization_can_neither_deploy_nor_look() {
    let shop = Shop::open().await;
    let other = shop.bed.other_organization(&shop.caller).await;
    let deployed = deploy(shop.context(), &other, &shop.component, &shop.development, Change::Tag("1.1".into())).await;
    assert!(matches!(deployed, Err(Error::NotFound)));
    let deployment = shop.deploy("1.1").await;
    let theirs = Component { organization_id: other.organization_id, ..shop.component.clone() };
    assert!(matches!(get(shop.context(), &theirs, deployment.id).await, Err(Error::NotFound)));
    assert!(history(shop.context(), &theirs, None).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_stream_is_visible_to_members_only() {
    let shop = Shop::open().await;
    assert!(visible_to(shop.context(), shop.caller.person_id, shop.component.id).await.unwrap());
    assert!(!visible_to(shop.context(), Uuid::nil(), shop.component.id).await.unwrap());
    assert!(!visible_to(shop.context(), shop.caller.person_id, Uuid::nil()).await.unwrap());
}

#[tokio::test]
async fn history_is_paged_from_the_newest() {
    let shop = Shop::open().await;
    let mut made = Vec::new();
    for number in 0..=PAGE {
        made.insert(0, shop.deploy(&format!("1.{number}")).await.id);
    }
    let ids = |page: Vec<Deployment>| page.into_iter().map(|deployment| deployment.id).collect::<Vec<_>>();
    let first = ids(history(shop.context(), &shop.component, None).await.unwrap());
    assert_eq!(first, made, "one more than a page tells that there is another");
    let second = ids(history(shop.context(), &shop.component, Some(first[PAGE - 1])).await.unwrap());
    assert_eq!(second, made[PAGE..]);
    let newest = newest(shop.context(), &shop.component, shop.development.id).await.unwrap().unwrap();
    assert_eq!(newest.id, made[0]);
    assert!(serving(shop.context(), &shop.component, shop.development.id).await.unwrap().is_none());
}

#[tokio::test]
async fn old_changes_and_events_are_swept_and_the_newest_stay() {
    let shop = Shop::open().await;
    deploy_greeter(&shop, Change::Tag("1.1".into())).await.unwrap();
    sweep(shop.context()).await.unwrap();
    assert_eq!(counts(&shop).await, [1, 1, 1, 1], "nothing is old yet");
    shop.bed.clock.advance(91 * DAY);
    deploy_greeter(&shop, Change::Tag("1.2".into())).await.unwrap();
    sweep(shop.context()).await.unwrap();
    assert_eq!(counts(&shop).await, [2, 2, 2, 2], "the old event went, two new ones came; changes within the look-back stay");
}
