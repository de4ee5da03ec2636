//! Verbs of registries: adding, listing, isolation, deleting. The life of a credential is in [`life`], checks in [`checks`].

mod checks;
mod life;

use secrecy::ExposeSecret as _;

use super::*;
use crate::{
    domain::{
        components,
        testing::{HOST, PASSWORD_AT_REGISTRY, Shop, TestBed, fields},
    },
    fetch_all, fetch_one,
};

const SEALED: &str = "SELECT sealed_password FROM registries WHERE id = $1";
const AUDITED: &str = "SELECT action, CAST(detail AS TEXT) FROM audit WHERE target_id = $1 ORDER BY id";

fn names(registries: &[Registry]) -> Vec<&str> {
    registries.iter().map(|registry| registry.display_name.as_str()).collect()
}

#[tokio::test]
async fn an_added_registry_is_listed_by_name_and_audited_without_its_secret() {
    let (bed, caller) = TestBed::with_caller().await;
    let added = add(&bed.context, &caller, Shop::new_registry(" own ")).await.unwrap();
    assert_eq!((added.display_name.as_str(), added.host.as_str(), added.username.as_deref()), ("own", HOST, Some("robot")));
    assert_eq!(names(&list(&bed.context, &caller, None).await.unwrap()), ["Docker Hub (public)", "own"]);
    assert_eq!(names(&choices(&bed.context, &caller).await.unwrap()), ["Docker Hub (public)", "own"]);
    let found = get(&bed.context, &caller, added.id).await.unwrap();
    assert_eq!((found.created_by, found.checked_at, found.components), (caller.email.clone(), None, 0));

    let audited = fetch_all!(bed.context.db, (String, String), AUDITED, added.id).unwrap();
    assert_eq!(audited.len(), 1);
    assert_eq!(audited[0].0, "registry.add");
    assert!(audited[0].1.contains(HOST) && !audited[0].1.contains(PASSWORD_AT_REGISTRY), "{}", audited[0].1);
}

#[tokio::test]
async fn a_name_is_taken_once_in_an_organization_without_regard_to_case() {
    let (bed, caller) = TestBed::with_caller().await;
    let other = bed.other_organization(&caller).await;
    add(&bed.context, &caller, Shop::new_registry("Größe")).await.unwrap();
    let again = add(&bed.context, &caller, Shop::new_registry("GRÖSSE")).await;
    assert!(again.is_ok(), "ß is not ss");
    let again = fields(add(&bed.context, &caller, Shop::new_registry("GRÖßE")).await);
    assert_eq!(again, [("display_name".into(), "taken".into())]);
    add(&bed.context, &other, Shop::new_registry("Größe")).await.unwrap();
    assert_eq!(list(&bed.context, &caller, None).await.unwrap().len(), 3, "what was refused left nothing");
}

#[tokio::test]
async fn another_organization_sees_nothing_and_can_do_nothing() {
    let (bed, caller) = TestBed::with_caller().await;
    let other = bed.other_organization(&caller).await;
    let id = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap().id;
    assert_eq!(names(&list(&bed.context, &other, None).await.unwrap()), ["Docker Hub (public)"]);
    assert_eq!(names(&choices(&bed.context, &other).await.unwrap()), ["Docker Hub (public)"]);
    assert!(matches!(get(&bed.context, &other, id).await, Err(Error::NotFound)));
    assert!(matches!(check(&bed.context, &other, id).await, Err(Error::NotFound)));
    assert!(matches!(access(&bed.context, other.organization_id, id).await, Err(Error::NotFound)));
    assert!(matches!(delete(&bed.context, &other, id).await, Err(Error::NotFound)));
    get(&bed.context, &caller, id).await.unwrap();
}

#[tokio::test]
async fn a_registry_that_is_used_is_not_deleted() {
    let shop = Shop::open().await;
    let Err(Error::Conflict { code, message }) = delete(shop.context(), &shop.caller, shop.registry.id).await else {
        panic!("it was deleted")
    };
    assert_eq!((code, message.as_str()), ("registry_in_use", "Own is used by Greeter, so it can't be deleted."));
    assert_eq!(get(shop.context(), &shop.caller, shop.registry.id).await.unwrap().components, 1);
    let users = users(shop.context(), &shop.caller, shop.registry.id).await.unwrap();
    assert_eq!((users.len(), users[0].project.as_str(), users[0].name.as_str()), (1, "web-shop", "greeter"));
}

#[tokio::test]
async fn of_many_users_ten_are_named() {
    let shop = Shop::open().await;
    for number in 1..=11 {
        let new = Shop::new_component(&shop.registry, &format!("Greeter {number}"));
        components::create(shop.context(), &shop.caller, &shop.project, new).await.unwrap();
    }
    let Err(Error::Conflict { message, .. }) = delete(shop.context(), &shop.caller, shop.registry.id).await else {
        panic!("it was deleted")
    };
    assert_eq!(message.matches("Greeter").count(), 10, "{message}");
    assert!(message.contains(", others, so"), "{message}");
}

#[tokio::test]
async fn an_unused_registry_is_deleted_and_its_name_is_free_again() {
    let (bed, caller) = TestBed::with_caller().await;
    let id = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap().id;
    bed.clock.advance(1);
    assert_eq!(delete(&bed.context, &caller, id).await.unwrap().id, id);
    assert!(matches!(delete(&bed.context, &caller, id).await, Err(Error::NotFound)));
    add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap();
    let audited = fetch_all!(bed.context.db, (String, String), AUDITED, id).unwrap();
    assert_eq!(audited.iter().map(|(action, _)| action.as_str()).collect::<Vec<_>>(), ["registry.add", "registry.delete"]);
}

#[tokio::test]
async fn a_credential_is_sealed_in_its_row_and_opens_only_there() {
    let (bed, caller) = TestBed::with_caller().await;
    let [first, second] = ["First", "Second"].map(async |name| add(&bed.context, &caller, Shop::new_registry(name)).await.unwrap().id);
    let (first, second) = (first.await, second.await);
    let sealed = fetch_one!(bed.context.db, (Vec<u8>,), SEALED, first).unwrap().0;
    let secret = PASSWORD_AT_REGISTRY.as_bytes();
    assert!(!sealed.windows(secret.len()).any(|bytes| bytes == secret), "it stands there in plain text");
    let login = access(&bed.context, caller.organization_id, first).await.unwrap().login.unwrap();
    assert_eq!((login.username.as_str(), login.password.expose_secret()), ("robot", PASSWORD_AT_REGISTRY));

    let mut tx = bed.context.db.begin().await.unwrap();
    crate::execute!(tx, "UPDATE registries SET sealed_password = $1 WHERE id = $2", sealed, second).unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(access(&bed.context, caller.organization_id, second).await, Err(Error::Internal(_))), "moved to another row");
}

#[tokio::test]
async fn a_check_is_noted_with_what_it_found() {
    let (bed, caller) = TestBed::with_caller().await;
    let id = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap().id;
    let problem = RegistryProblem::CredentialRefused { host: HOST.into() };
    bed.registry.answers_check(Err(problem.clone()));
    bed.registry.answers_check(Ok(()));
    bed.clock.advance(60);

    assert_eq!(check(&bed.context, &caller, id).await.unwrap(), Err(problem.clone()));
    let found = get(&bed.context, &caller, id).await.unwrap();
    assert_eq!(found.checked_at, Some(bed.context.now()));
    assert_eq!((found.check_problem.as_deref(), found.check_message), (Some("credential_refused"), Some(problem.sentence())));

    bed.clock.advance(60);
    assert_eq!(check(&bed.context, &caller, id).await.unwrap().map(drop), Ok(()));
    let found = get(&bed.context, &caller, id).await.unwrap();
    assert_eq!((found.checked_at, found.check_problem, found.check_message), (Some(bed.context.now()), None, None));
    let login = Some(("robot".to_owned(), PASSWORD_AT_REGISTRY.to_owned()));
    assert!(bed.registry.asked().iter().all(|asked| asked.login == login));
}

#[tokio::test]
async fn what_is_tried_out_leaves_no_row() {
    let (bed, caller) = TestBed::with_caller().await;
    bed.registry.answers_check(Ok(()));
    assert_eq!(try_out(&bed.context, &caller, Shop::new_registry("")).await.unwrap().map(drop), Ok(()));
    assert_eq!(list(&bed.context, &caller, None).await.unwrap().len(), 1);
    let untyped = NewRegistry { authentication: "basic".into(), ..NewRegistry::default() };
    let refused = fields(try_out(&bed.context, &caller, untyped).await);
    assert_eq!(refused.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), ["host", "username", "password"]);
}

#[tokio::test]
async fn a_long_list_comes_in_pages() {
    let (bed, caller) = TestBed::with_caller().await;
    for number in 0..PAGE {
        add(&bed.context, &caller, Shop::new_registry(&format!("Registry {number:02}"))).await.unwrap();
    }
    let first = list(&bed.context, &caller, None).await.unwrap();
    assert_eq!(first.len(), PAGE + 1, "one more tells that there is another page");
    let last_shown = &first[PAGE - 1].display_name;
    let second = list(&bed.context, &caller, Some(last_shown)).await.unwrap();
    assert_eq!(names(&second), [first[PAGE].display_name.as_str()]);
}
