use super::*;
use crate::{
    domain::{
        organizations,
        testing::{HOST, Shop, fields, image},
    },
    fetch_one,
};

const AUDITED: &str = "SELECT actor, target_name, CAST(detail AS TEXT) FROM audit WHERE action = 'component.create' AND target_id = $1";

async fn create_named(shop: &Shop, display_name: &str) -> Result<Component> {
    create(shop.context(), &shop.caller, &shop.project, Shop::new_component(&shop.registry, display_name)).await
}

#[tokio::test]
async fn a_component_is_made_from_an_image_with_a_suggested_name() {
    let shop = Shop::open().await;
    let made = create_named(&shop, "Web_Shop Front 2").await.unwrap();
    let found = get(shop.context(), &shop.caller, &shop.project, "web-shop-front-2").await.unwrap();
    assert_eq!((found.id, found.display_name.as_str(), found.kind()), (made.id, "Web_Shop Front 2", Kind::Service));
    assert_eq!((found.image.to_string(), found.registry_id), (image("1.0"), shop.registry.id));
    let endpoints = endpoints::read(&found.endpoints_yaml);
    assert!(endpoints.is_ok());
    assert_eq!((endpoints.endpoints.len(), endpoints.endpoints[0].port), (1, 8080));

    let (actor, target, detail) = fetch_one!(shop.context().db, (String, String, String), AUDITED, made.id).unwrap();
    assert_eq!((actor, target.as_str()), (shop.caller.email.clone(), "web-shop-front-2"));
    assert!(detail.contains(&image("1.0")), "{detail}");
}

#[tokio::test]
async fn all_problems_come_at_once() {
    let shop = Shop::open().await;
    let long = NewComponent { kind: "service".into(), name: "Not a name".into(), description: "x".repeat(1001), ..NewComponent::default() };
    let told = fields(create(shop.context(), &shop.caller, &shop.project, long).await);
    let expected = ["display_name", "name", "description", "registry", "image", "endpoint_port", "endpoint_type", "endpoint_visibility"];
    assert_eq!(told.iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), expected);
}

#[tokio::test]
async fn an_image_of_another_host_names_both_hosts() {
    let shop = Shop::open().await;
    let new = NewComponent { image: "ghcr.io/acme/greeter:1".into(), ..Shop::new_component(&shop.registry, "Other") };
    let Err(Error::Invalid(problems)) = create(shop.context(), &shop.caller, &shop.project, new).await else { panic!("it was accepted") };
    let problem = problems.of("image").unwrap();
    assert_eq!(problem.code, "other_host");
    assert!(problem.message.contains("ghcr.io") && problem.message.contains(HOST), "{}", problem.message);
}

#[tokio::test]
async fn a_name_is_taken_once_in_a_project() {
    let shop = Shop::open().await;
    assert_eq!(fields(create_named(&shop, "greeter").await), [("name".into(), "taken".into())]);
    assert_eq!(list(shop.context(), &shop.caller, &shop.project, &Filter::default(), None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn another_organization_has_neither_the_component_nor_the_registry() {
    let shop = Shop::open().await;
    let other = shop.bed.other_organization(&shop.caller).await;
    assert!(matches!(get(shop.context(), &other, &shop.project, "greeter").await, Err(Error::NotFound)));
    assert!(list(shop.context(), &other, &shop.project, &Filter::default(), None).await.unwrap().is_empty());
    let project = organizations::project(shop.context(), &other, "default-project").await.unwrap();
    let told = fields(create(shop.context(), &other, &project, Shop::new_component(&shop.registry, "Theirs")).await);
    assert_eq!(told, [("registry".into(), "required".into())]);
}

#[tokio::test]
async fn progress_tells_what_an_organization_has_done() {
    let shop = Shop::open().await;
    let steps = async |caller: &Caller| {
        let progress = progress(shop.context(), caller).await.unwrap();
        [progress.own_registry, progress.component, progress.deployed]
    };
    let other = shop.bed.other_organization(&shop.caller).await;
    assert_eq!(steps(&other).await, [false, false, false]);
    shop.deploy("1.1").await;
    assert_eq!(steps(&shop.caller).await, [true, true, false], "nothing became Active yet");
    let mut tx = shop.context().db.begin().await.unwrap();
    crate::execute!(tx, "UPDATE organizations SET first_active_at = 1 WHERE name = 'acme'").unwrap();
    tx.commit().await.unwrap();
    assert_eq!(steps(&shop.caller).await, [true, true, true]);
}
