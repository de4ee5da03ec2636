//! The life of a credential: edited, replaced, ended; by whom, and what is noted of it.

use secrecy::ExposeSecret as _;

use super::AUDITED;
use crate::{
    domain::{
        Caller, Context,
        people::Role,
        problem::Error,
        registries::{Expiry, NewRegistry, NewSecret, Registry, access, add, check, delete, edit, ending, get, list, rotate, try_out},
        testing::{HOST, PASSWORD_AT_REGISTRY, Shop, TestBed, fields},
    },
    fetch_all,
};

/// The registry as its edit form has it, secrets empty.
fn form(registry: &Registry) -> NewRegistry {
    NewRegistry {
        display_name: registry.display_name.clone(),
        vendor: registry.vendor.as_str().into(),
        authentication: registry.authentication.as_str().into(),
        host: registry.host.clone(),
        username: registry.username.clone().unwrap_or_default(),
        expires_on: registry.expires_on(),
        ca_certificates: registry.ca_certificates.clone().unwrap_or_default(),
        test_repository: registry.test_repository.clone().unwrap_or_default(),
        revision: registry.revision,
        ..NewRegistry::default()
    }
}

async fn added() -> (TestBed, Caller, Registry) {
    let (bed, caller) = TestBed::with_caller().await;
    let registry = add(&bed.context, &caller, Shop::new_registry("Own")).await.unwrap();
    bed.clock.advance(1);
    (bed, caller, registry)
}

async fn login(context: &Context, registry: &Registry) -> Option<(String, String)> {
    let login = access(context, registry.organization_id, registry.id).await.unwrap().login?;
    Some((login.username, login.password.expose_secret().to_owned()))
}

async fn audited(context: &Context, registry: &Registry) -> Vec<(String, serde_json::Value)> {
    let rows = fetch_all!(context.db, (String, String), AUDITED, registry.id).unwrap();
    rows.into_iter().map(|(action, detail)| (action, serde_json::from_str(&detail).unwrap())).collect()
}

#[tokio::test]
async fn a_developer_uses_registries_and_changes_none() {
    let (bed, admin, registry) = added().await;
    let developer = Caller { role: Role::Developer, ..admin };
    let context = &bed.context;
    bed.registry.answers_check(Ok(()));
    assert_eq!(list(context, &developer, None).await.unwrap().len(), 2);
    get(context, &developer, registry.id).await.unwrap();
    check(context, &developer, registry.id).await.unwrap().unwrap();

    let forbidden = [
        add(context, &developer, Shop::new_registry("New")).await.err(),
        edit(context, &developer, registry.id, form(&registry)).await.err(),
        rotate(context, &developer, registry.id, NewSecret { password: "new".into(), ..NewSecret::default() }).await.err(),
        delete(context, &developer, registry.id).await.err(),
        try_out(context, &developer, Shop::new_registry("")).await.err(),
    ];
    assert!(forbidden.iter().all(|error| matches!(error, Some(Error::Forbidden))), "{forbidden:?}");
    assert_eq!(bed.registry.asked().len(), 1, "only the check of the saved registry was made");
}

#[tokio::test]
async fn an_empty_secret_stays_what_it_is() {
    let (bed, caller, registry) = added().await;
    let new = NewRegistry { display_name: "Our registry".into(), test_repository: "acme/greeter".into(), ..form(&registry) };
    edit(&bed.context, &caller, registry.id, new).await.unwrap();
    let found = get(&bed.context, &caller, registry.id).await.unwrap();
    assert_eq!((found.display_name.as_str(), found.test_repository.as_deref()), ("Our registry", Some("acme/greeter")));
    assert_eq!((found.revision, found.credential_version, found.credential_changed_by), (2, 1, None));
    assert_eq!(login(&bed.context, &registry).await, Some(("robot".into(), PASSWORD_AT_REGISTRY.into())));

    let audited = audited(&bed.context, &registry).await;
    let (action, detail) = audited.last().unwrap();
    assert_eq!(action, "registry.edit");
    assert_eq!(detail["display_name"], serde_json::json!({ "before": "Own", "after": "Our registry" }));
    assert_eq!(detail.as_object().unwrap().len(), 2, "only what changed: {detail}");
}

#[tokio::test]
async fn another_user_name_is_another_credential() {
    let (bed, caller, registry) = added().await;
    let edited = edit(&bed.context, &caller, registry.id, NewRegistry { username: "puller".into(), ..form(&registry) }).await.unwrap();
    assert_eq!(edited.credential_version, 2);
    assert_eq!(login(&bed.context, &registry).await, Some(("puller".into(), PASSWORD_AT_REGISTRY.into())));
}

#[tokio::test]
async fn another_host_wants_the_secret_again() {
    let (bed, caller, registry) = added().await;
    let moved = NewRegistry { host: "registry.example.net".into(), ..form(&registry) };
    let refused = fields(edit(&bed.context, &caller, registry.id, moved.clone()).await);
    assert_eq!(refused, [("password".into(), "required".into())]);
    assert_eq!(get(&bed.context, &caller, registry.id).await.unwrap().host, HOST);

    let moved = NewRegistry { password: "for the new host".into(), ..moved };
    let edited = edit(&bed.context, &caller, registry.id, moved).await.unwrap();
    assert_eq!((edited.host.as_str(), edited.credential_version), ("registry.example.net", 2));
    assert_eq!(login(&bed.context, &registry).await.unwrap().1, "for the new host");
}

#[tokio::test]
async fn a_registry_in_use_does_not_move() {
    let shop = Shop::open().await;
    let registry = get(shop.context(), &shop.caller, shop.registry.id).await.unwrap();
    let moved = NewRegistry { host: "registry.example.net".into(), password: "p".into(), ..form(&registry) };
    assert_eq!(fields(edit(shop.context(), &shop.caller, registry.id, moved).await), [("host".into(), "in_use".into())]);
}

#[tokio::test]
async fn a_registry_that_becomes_public_forgets_its_secret() {
    let (bed, caller, registry) = added().await;
    let public = NewRegistry { authentication: "public".into(), ..form(&registry) };
    let edited = edit(&bed.context, &caller, registry.id, public).await.unwrap();
    assert_eq!((edited.username.clone(), edited.credential_version), (None, 2));
    assert_eq!(login(&bed.context, &registry).await, None);
    let sealed = fetch_all!(bed.context.db, (Option<Vec<u8>>,), super::SEALED, registry.id).unwrap();
    assert_eq!(sealed, [(None,)], "not even sealed");
    let basic = NewRegistry { authentication: "basic".into(), username: "robot".into(), ..form(&edited) };
    let refused = fields(edit(&bed.context, &caller, registry.id, basic).await);
    assert_eq!(refused, [("password".into(), "required".into())], "there is none to keep");
}

#[tokio::test]
async fn of_two_who_edit_at_once_the_second_is_told() {
    let (bed, caller, registry) = added().await;
    let [first, second] = ["First", "Second"].map(|name| NewRegistry { display_name: name.into(), ..form(&registry) });
    edit(&bed.context, &caller, registry.id, first).await.unwrap();
    let refused = edit(&bed.context, &caller, registry.id, second).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "changed_meanwhile", .. })), "{refused:?}");
    assert_eq!(get(&bed.context, &caller, registry.id).await.unwrap().display_name, "First");
}

#[tokio::test]
async fn an_edited_name_is_taken_once_too() {
    let (bed, caller, registry) = added().await;
    let taken = NewRegistry { display_name: "docker hub (PUBLIC)".into(), ..form(&registry) };
    assert_eq!(fields(edit(&bed.context, &caller, registry.id, taken).await), [("display_name".into(), "taken".into())]);
    assert_eq!(audited(&bed.context, &registry).await.len(), 1, "what was refused is not audited as done");
}

#[tokio::test]
async fn a_new_secret_takes_the_place_of_the_old_one() {
    let (bed, caller, registry) = added().await;
    bed.registry.answers_check(Ok(()));
    check(&bed.context, &caller, registry.id).await.unwrap().unwrap();
    let mut signal = bed.context.changes.listen();
    let new = NewSecret { password: "new secret".into(), expires_on: "2027-03-31".into(), ..NewSecret::default() };
    rotate(&bed.context, &caller, registry.id, new).await.unwrap();
    assert!(signal.has_changed().unwrap(), "the keeper of pull secrets waits for it");
    signal.mark_unchanged();

    let found = get(&bed.context, &caller, registry.id).await.unwrap();
    assert_eq!(login(&bed.context, &registry).await, Some(("robot".into(), "new secret".into())));
    assert_eq!((found.credential_version, found.credential_changed_by.clone()), (2, Some(caller.email.clone())));
    assert_eq!(found.credential_changed_at, Some(bed.context.now()));
    assert_eq!((found.checked_at, found.expires_on().as_str()), (None, "2027-03-31"), "what was found of the old one is forgotten");

    let audited = audited(&bed.context, &registry).await;
    let (action, detail) = audited.last().unwrap();
    assert_eq!((action.as_str(), detail["secret"].as_str()), ("registry.rotate", Some("replaced")));
    assert!(!detail.to_string().contains("new secret"), "{detail}");
}

#[tokio::test]
async fn a_new_secret_is_looked_at_first() {
    let (bed, caller, registry) = added().await;
    let refused = fields(rotate(&bed.context, &caller, registry.id, NewSecret { expires_on: "x".into(), ..NewSecret::default() }).await);
    assert_eq!(refused, [("expires_on".into(), "invalid".into()), ("password".into(), "required".into())]);
    let public = NewRegistry { authentication: "public".into(), display_name: "Open".into(), host: HOST.into(), ..NewRegistry::default() };
    let public = add(&bed.context, &caller, public).await.unwrap();
    let new = NewSecret { password: "p".into(), ..NewSecret::default() };
    assert_eq!(fields(rotate(&bed.context, &caller, public.id, new).await), [(String::new(), "no_credential".into())]);
}

fn docker_config(key: &str, password: &str) -> String {
    serde_json::json!({ "auths": { key: { "username": "robot", "password": password } } }).to_string()
}

#[tokio::test]
async fn a_docker_config_brings_its_host_and_keeps_to_it() {
    let (bed, caller) = TestBed::with_caller().await;
    let new = NewRegistry {
        display_name: "From a file".into(),
        authentication: "docker_config".into(),
        docker_config: docker_config("https://registry.example.com/acme", "first").into(),
        test_repository: "acme/greeter".into(),
        ..NewRegistry::default()
    };
    let registry = add(&bed.context, &caller, new).await.unwrap();
    assert_eq!((registry.host.as_str(), registry.path_prefix.as_deref()), (HOST, Some("acme")));
    assert_eq!(login(&bed.context, &registry).await, Some(("robot".into(), "first".into())));

    let edited = edit(&bed.context, &caller, registry.id, NewRegistry { display_name: "Renamed".into(), ..form(&registry) }).await.unwrap();
    assert_eq!((edited.path_prefix.as_deref(), edited.credential_version), (Some("acme"), 1), "left empty, it stays");

    let replace =
        |text: String| rotate(&bed.context, &caller, registry.id, NewSecret { docker_config: text.into(), ..NewSecret::default() });
    assert_eq!(fields(replace(String::new()).await), [("docker_config".into(), "required".into())]);
    assert_eq!(fields(replace(docker_config("ghcr.io", "p")).await), [("docker_config".into(), "other_host".into())]);
    replace(docker_config(HOST, "second")).await.unwrap();
    let found = get(&bed.context, &caller, registry.id).await.unwrap();
    assert_eq!((found.path_prefix.as_deref(), found.credential_version), (None, 2));
    assert_eq!(login(&bed.context, &registry).await, Some(("robot".into(), "second".into())));
}

#[tokio::test]
async fn what_a_vendor_refuses_stands_at_the_field_it_was_typed_in() {
    let (bed, caller) = TestBed::with_caller().await;
    let github = |new: NewRegistry| add(&bed.context, &caller, NewRegistry { display_name: "GitHub".into(), vendor: "ghcr".into(), ..new });
    let basic = NewRegistry { authentication: "basic".into(), host: "ghcr.io".into(), username: "ada".into(), ..NewRegistry::default() };
    let refused = fields(github(NewRegistry { password: "my password".into(), ..basic }).await);
    assert_eq!(refused, [("password".into(), "not_a_token".into())]);
    let config = NewRegistry { authentication: "docker_config".into(), ..NewRegistry::default() };
    let refused = fields(github(NewRegistry { docker_config: docker_config("ghcr.io", "my password").into(), ..config.clone() }).await);
    assert_eq!(refused, [("docker_config".into(), "not_a_token".into())]);
    let refused = fields(github(NewRegistry { docker_config: docker_config("quay.io", "p").into(), ..config }).await);
    assert_eq!(refused, [("docker_config".into(), "host_of_another_vendor".into())]);
}

#[tokio::test]
async fn another_organization_changes_nothing() {
    let (bed, caller, registry) = added().await;
    let other = bed.other_organization(&caller).await;
    let new = NewSecret { password: "p".into(), ..NewSecret::default() };
    assert!(matches!(edit(&bed.context, &other, registry.id, form(&registry)).await, Err(Error::NotFound)));
    assert!(matches!(rotate(&bed.context, &other, registry.id, new).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_end_is_warned_about_two_weeks_ahead() {
    let (bed, _, registry) = added().await;
    let now = bed.context.now();
    let ends = |seconds| Registry { expires_at: Some(now.plus_seconds(seconds)), ..registry.clone() }.expiry(now);
    assert_eq!(registry.expiry(now), None);
    assert_eq!(ends(-1), Some(Expiry::Ended));
    assert_eq!(ends(0), Some(Expiry::Ended));
    assert_eq!(ends(3600), Some(Expiry::Soon { seconds: 3600 }));
    assert_eq!(ends(14 * 86_400), Some(Expiry::Soon { seconds: 14 * 86_400 }));
    assert_eq!(ends(14 * 86_400 + 1), Some(Expiry::Later));
}

#[tokio::test]
async fn what_ends_soon_is_named_first_to_last() {
    let (bed, caller, _) = added().await;
    let day = |days: i64| super::super::fields::day(bed.context.now().plus_seconds(days * 86_400));
    for (name, days) in [("In nine days", 9), ("In a month", 30), ("Tomorrow", 2)] {
        let new = NewRegistry { expires_on: day(days), ..Shop::new_registry(name) };
        add(&bed.context, &caller, new).await.unwrap();
    }
    let names = |found: Vec<Registry>| found.into_iter().map(|registry| registry.display_name).collect::<Vec<_>>();
    assert_eq!(names(ending(&bed.context, &caller).await.unwrap()), ["Tomorrow", "In nine days"]);
    let other = bed.other_organization(&caller).await;
    assert!(ending(&bed.context, &other).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_new_secret_does_not_end_with_the_old_one() {
    let (bed, caller) = TestBed::with_caller().await;
    let ends = |days: i64| super::super::fields::day(bed.context.now().plus_seconds(days * 86_400));
    let registry = add(&bed.context, &caller, NewRegistry { expires_on: ends(2), ..Shop::new_registry("Own") }).await.unwrap();
    assert!(registry.ends_with_a_day());
    bed.clock.advance(5 * 86_400);
    assert_eq!(registry.expiry(bed.context.now()), Some(Expiry::Ended));
    let edited = edit(&bed.context, &caller, registry.id, form(&registry)).await.unwrap();
    assert_eq!(edited.expires_at, registry.expires_at, "what is not touched stays");
    let new = NewRegistry { password: "new".into(), ..form(&edited) };
    let edited = edit(&bed.context, &caller, registry.id, new).await.unwrap();
    assert_eq!(edited.expires_at, None);
    // A day that is to come was typed for the secret that is corrected now.
    let dated = edit(&bed.context, &caller, registry.id, NewRegistry { expires_on: ends(9), ..form(&edited) }).await.unwrap();
    let corrected = NewRegistry { password: "without the typing error".into(), ..form(&dated) };
    assert_eq!(edit(&bed.context, &caller, registry.id, corrected).await.unwrap().expires_at, dated.expires_at);
}

#[tokio::test]
async fn what_is_tried_otherwise_was_not_tried_yet() {
    let (bed, caller, registry) = added().await;
    bed.registry.answers_check(Ok(()));
    check(&bed.context, &caller, registry.id).await.unwrap().unwrap();
    let registry = get(&bed.context, &caller, registry.id).await.unwrap();
    let renamed =
        edit(&bed.context, &caller, registry.id, NewRegistry { display_name: "Renamed".into(), ..form(&registry) }).await.unwrap();
    assert!(renamed.checked_at.is_some());
    let new = NewRegistry { test_repository: "acme/greeter".into(), ..form(&renamed) };
    let edited = edit(&bed.context, &caller, registry.id, new).await.unwrap();
    assert_eq!((edited.checked_at, edited.check_report, edited.credential_version), (None, None, 1));
}

#[tokio::test]
async fn other_issuers_want_the_secret_again() {
    let (bed, caller, registry) = added().await;
    let issuer = include_str!("../../../tests/forms/issuer.pem");
    let trusting = NewRegistry { ca_certificates: issuer.into(), ..form(&registry) };
    let refused = fields(edit(&bed.context, &caller, registry.id, trusting.clone()).await);
    assert_eq!(refused, [("password".into(), "required".into())]);
    let edited = edit(&bed.context, &caller, registry.id, NewRegistry { password: "again".into(), ..trusting }).await.unwrap();
    let edited = edit(&bed.context, &caller, registry.id, NewRegistry { display_name: "Renamed".into(), ..form(&edited) }).await.unwrap();
    edit(&bed.context, &caller, registry.id, NewRegistry { ca_certificates: String::new(), ..form(&edited) }).await.unwrap();
}

#[tokio::test]
async fn a_login_for_a_narrower_path_is_refused_while_images_lie_outside() {
    let shop = Shop::open().await;
    let (context, caller) = (shop.context(), &shop.caller);
    let present = get(context, caller, shop.registry.id).await.unwrap();
    let narrowed = |prefix: &str| NewRegistry {
        authentication: "docker_config".into(),
        docker_config: docker_config(&format!("{HOST}/{prefix}"), "p").into(),
        ..form(&present)
    };
    let refused = fields(edit(context, caller, present.id, narrowed("other")).await);
    assert_eq!(refused, [("docker_config".into(), "outside_of_credential".into())]);
    let edited = edit(context, caller, present.id, narrowed("acme")).await.unwrap();
    assert_eq!(edited.path_prefix.as_deref(), Some("acme"));
    let other = NewSecret { docker_config: docker_config(&format!("{HOST}/other"), "p").into(), ..NewSecret::default() };
    assert_eq!(fields(rotate(context, caller, present.id, other).await), [("docker_config".into(), "outside_of_credential".into())]);
}

#[tokio::test]
async fn fields_that_a_type_does_not_have_are_not_read() {
    let (bed, caller) = TestBed::with_caller().await;
    let hidden = NewRegistry { expires_on: "1999-01-01".into(), ..NewRegistry::default() };
    let public = NewRegistry { display_name: "Open".into(), authentication: "public".into(), host: HOST.into(), ..hidden.clone() };
    add(&bed.context, &caller, public).await.unwrap();
    let nodes = NewRegistry {
        display_name: "Nodes".into(),
        authentication: "vendor_specific".into(),
        host: HOST.into(),
        ca_certificates: "none".into(),
        test_repository: "A b".into(),
        ..hidden
    };
    let nodes = add(&bed.context, &caller, nodes).await.unwrap();
    assert_eq!((nodes.test_repository, nodes.ca_certificates, nodes.expires_at), (None, None, None));
}
