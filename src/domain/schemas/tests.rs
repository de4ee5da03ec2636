use super::*;
use crate::{
    domain::{
        components::{self, Deletion, create, delete},
        testing::{Shop, fields},
    },
    execute, fetch_one,
};

const PROTO: &[u8] = b"syntax = \"proto3\";\nservice Greeter {}\n";
const GRAPHQL: &[u8] = b"type Query { a: Int }";

async fn put(shop: &Shop, component: &Component, name: &str, content: &[u8]) -> Vec<String> {
    let files = upload(shop.context(), &shop.caller, component, vec![(name.into(), content.to_vec())]).await.unwrap();
    files.into_iter().map(|file| format!("{}: {}", file.file_name, file.summary)).collect()
}

async fn contents(shop: &Shop) -> i64 {
    fetch_one!(shop.context().db, (i64,), "SELECT COUNT(*) FROM file_contents").unwrap().0
}

async fn kept(shop: &Shop, component: &Component, deployment_id: Uuid) {
    let mut tx = shop.context().db.begin().await.unwrap();
    keep(&mut tx, component, deployment_id).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_file_is_kept_once_and_given_back() {
    let shop = Shop::open().await;
    let other = create(shop.context(), &shop.caller, &shop.project, Shop::new_component(&shop.registry, "Other")).await.unwrap();
    assert_eq!(put(&shop, &shop.component, "docs/greeter.proto", PROTO).await, ["greeter.proto: protobuf, 1 service"]);
    put(&shop, &other, "same.proto", PROTO).await;
    assert_eq!(contents(&shop).await, 1);
    let files = list(shop.context(), &shop.component).await.unwrap();
    assert_eq!((files[0].kind, files[0].bytes), (SchemaKind::Protobuf, 38));
    assert_eq!(files[0].uploaded, Some((shop.caller.email.clone(), shop.context().now())));
    let organization = shop.caller.organization_id;
    assert_eq!(content(shop.context(), organization, &files[0].sha256).await.unwrap(), PROTO);
    remove(shop.context(), &shop.caller, &shop.component, "greeter.proto").await.unwrap();
    assert_eq!(contents(&shop).await, 1, "the other component has it");
    remove(shop.context(), &shop.caller, &other, "same.proto").await.unwrap();
    assert_eq!(contents(&shop).await, 0);
    assert!(matches!(content(shop.context(), organization, &files[0].sha256).await, Err(Error::NotFound)));
    assert!(matches!(remove(shop.context(), &shop.caller, &other, "same.proto").await, Err(Error::NotFound)));
    let audited = "SELECT COUNT(*) FROM audit WHERE action IN ('component.schema.upload', 'component.schema.remove')";
    assert_eq!(fetch_one!(shop.context().db, (i64,), audited).unwrap().0, 4);
}

#[tokio::test]
async fn a_file_of_the_same_name_takes_the_place_whatever_its_case() {
    let shop = Shop::open().await;
    put(&shop, &shop.component, "Schema.graphql", GRAPHQL).await;
    let now = put(&shop, &shop.component, "schema.GraphQL", b"type Query { a: Int } scalar B").await;
    assert_eq!((now, contents(&shop).await), (vec!["schema.GraphQL: GraphQL, 2 types".to_owned()], 1));
}

#[tokio::test]
async fn all_files_are_taken_or_none_with_all_problems() {
    let shop = Shop::open().await;
    let bad = vec![
        ("a.graphql".into(), GRAPHQL.to_vec()),
        ("b.yaml".into(), b"openapi: 3.0.0\n".to_vec()),
        ("../..".into(), Vec::new()),
        ("A.graphql".into(), GRAPHQL.to_vec()),
    ];
    let told = fields(upload(shop.context(), &shop.caller, &shop.component, bad).await);
    assert_eq!(told.iter().map(|(_, code)| code.as_str()).collect::<Vec<_>>(), ["required", "required", "name_invalid", "name_repeated"]);
    assert!(told.iter().all(|(field, _)| field == "schemas"));
    assert!(list(shop.context(), &shop.component).await.unwrap().is_empty());
    assert_eq!(fields(upload(shop.context(), &shop.caller, &shop.component, Vec::new()).await)[0].1, "required");
}

#[tokio::test]
async fn a_component_has_at_most_twenty_files() {
    let shop = Shop::open().await;
    let files = |range: std::ops::Range<usize>| range.map(|i| (format!("{i}.graphql"), GRAPHQL.to_vec())).collect::<Vec<_>>();
    upload(shop.context(), &shop.caller, &shop.component, files(0..19)).await.unwrap();
    assert_eq!(fields(upload(shop.context(), &shop.caller, &shop.component, files(18..21)).await)[0].1, "too_many_files");
    assert_eq!(upload(shop.context(), &shop.caller, &shop.component, files(18..20)).await.unwrap().len(), 20);
}

#[tokio::test]
async fn deployments_keep_their_files_until_the_component_goes() {
    let shop = Shop::open().await;
    put(&shop, &shop.component, "a.graphql", GRAPHQL).await;
    let (first, second) = (shop.deploy("1.1").await, shop.deploy_to(&shop.component, &shop.production, "1.1").await);
    let organization = shop.caller.organization_id;
    let mut tx = shop.context().db.begin().await.unwrap();
    execute!(tx, "DELETE FROM deployment_schemas").unwrap(); // deploying may have kept them already
    tx.commit().await.unwrap();
    kept(&shop, &shop.component, first.id).await;
    remove(shop.context(), &shop.caller, &shop.component, "a.graphql").await.unwrap();
    let mut tx = shop.context().db.begin().await.unwrap();
    keep_those_of(&mut tx, organization, first.id, second.id).await.unwrap();
    tx.commit().await.unwrap();
    for deployment in [first.id, second.id] {
        let files = of_deployment(shop.context(), organization, deployment).await.unwrap();
        assert_eq!((files[0].file_name.as_str(), &files[0].uploaded), ("a.graphql", &None));
        assert_eq!(content(shop.context(), organization, &files[0].sha256).await.unwrap(), GRAPHQL);
    }
    let mut tx = shop.context().db.begin().await.unwrap();
    forget(&mut tx, shop.component.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(contents(&shop).await, 0);
    assert!(of_deployment(shop.context(), organization, first.id).await.unwrap().is_empty());
}

#[tokio::test]
async fn another_organization_has_no_part_in_them() {
    let shop = Shop::open().await;
    put(&shop, &shop.component, "a.graphql", GRAPHQL).await;
    let other = shop.bed.other_organization(&shop.caller).await;
    let sha256 = list(shop.context(), &shop.component).await.unwrap()[0].sha256.clone();
    assert!(matches!(content(shop.context(), other.organization_id, &sha256).await, Err(Error::NotFound)));
    let files = vec![("b.graphql".into(), GRAPHQL.to_vec())];
    assert!(matches!(upload(shop.context(), &other, &shop.component, files).await, Err(Error::NotFound)));
    assert!(matches!(remove(shop.context(), &other, &shop.component, "a.graphql").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn a_component_that_is_going_away_takes_no_files() {
    let shop = Shop::open().await;
    shop.deploy("1.1").await;
    assert_eq!(delete(shop.context(), &shop.caller, &shop.component, "greeter").await.unwrap(), Deletion::UnderWay);
    let files = vec![("b.graphql".into(), GRAPHQL.to_vec())];
    let refused = upload(shop.context(), &shop.caller, &shop.component, files).await;
    assert!(matches!(refused, Err(Error::Conflict { code: "being_deleted", .. })), "{refused:?}");
    assert!(components::get(shop.context(), &shop.caller, &shop.project, "greeter").await.is_ok());
}
