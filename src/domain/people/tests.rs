use uuid::Uuid;

use super::*;
use crate::{
    domain::testing::{EMAIL, PASSWORD, TestBed, origin},
    fetch_one,
};

#[tokio::test]
async fn a_member_becomes_a_caller_and_others_find_nothing() {
    let (bed, person) = TestBed::set_up().await;
    let caller_in = async |id, organization: &str| caller(&bed.context, id, organization, origin()).await;
    let ada = caller_in(person.id, "acme").await.unwrap();
    assert_eq!((ada.email.as_str(), ada.role, ada.person_id), (EMAIL, Role::Admin, person.id));
    assert_eq!(ada.origin.address, "192.0.2.7");
    assert!(matches!(caller_in(person.id, "other").await, Err(Error::NotFound)));
    assert!(matches!(caller_in(Uuid::nil(), "acme").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn memberships_name_organization_and_role() {
    let (bed, person) = TestBed::set_up().await;
    let all = memberships(&bed.context, person.id).await.unwrap();
    let [one] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((one.organization_name.as_str(), one.organization_display_name.as_str(), one.role), ("acme", "Acme", Role::Admin));
    assert_eq!(memberships(&bed.context, Uuid::nil()).await.unwrap(), []);
}

#[tokio::test]
async fn a_reset_changes_the_password_and_ends_sessions_and_locks() {
    let (bed, person) = TestBed::set_up().await;
    let record = sessions::Record { person_id: Some(person.id), data: "{}".into(), expires_at: bed.context.now().plus_seconds(60) };
    assert!(sessions::create(&bed.context, "ada's session", &record).await.unwrap());
    for _ in 0..10 {
        sign_in(&bed.context, EMAIL, &"wrong password".into(), &origin()).await.unwrap_err();
    }
    reset_password(&bed.context, "ada@EXAMPLE.com", "another long password".into()).await.unwrap();
    assert_eq!(sessions::load(&bed.context, "ada's session").await.unwrap(), None);
    assert!(matches!(sign_in(&bed.context, EMAIL, &PASSWORD.into(), &origin()).await, Err(Error::Invalid(_))));
    sign_in(&bed.context, EMAIL, &"another long password".into(), &origin()).await.unwrap();
    let resets =
        fetch_one!(bed.context.db, (i64,), "SELECT COUNT(*) FROM audit WHERE action = 'person.reset_password' AND actor = 'system'");
    assert_eq!(resets.unwrap().0, 1);
}

#[tokio::test]
async fn a_reset_needs_a_known_person_and_a_good_password() {
    let (bed, _) = TestBed::set_up().await;
    let code = async |email: &str, password: &str| match reset_password(&bed.context, email, password.into()).await {
        Err(Error::Invalid(problems)) => problems.0[0].code.clone().into_owned(),
        other => panic!("{other:?}"),
    };
    assert_eq!(code("nobody@example.com", "another long password").await, "unknown_person");
    assert_eq!(code(EMAIL, "short").await, "password_too_short");
}

#[tokio::test]
async fn a_person_is_found_by_id() {
    let (bed, person) = TestBed::set_up().await;
    assert_eq!(find(&bed.context, person.id).await.unwrap(), person);
    assert!(matches!(find(&bed.context, Uuid::nil()).await, Err(Error::NotFound)));
}
