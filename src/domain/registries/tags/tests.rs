use super::*;
use crate::{
    domain::{
        deployments::data_plane::NodePlatform,
        images::ImageReference,
        nodes,
        problem::Error,
        registries::client::ImageFacts,
        testing::{HOST, ScriptedDataPlane, Shop, image},
    },
    execute, fetch_one,
};

const ROWS: &str = "SELECT count(*) FROM inspected_tags";

fn list(tags: impl IntoIterator<Item = impl Into<String>>) -> TagList {
    TagList { tags: tags.into_iter().map(Into::into).collect(), complete: true }
}

fn names(page: &TagPage) -> Vec<&str> {
    page.tags.iter().map(|tag| tag.name.as_str()).collect()
}

fn listed(answer: Result<Result<Tags, RegistryProblem>>) -> TagPage {
    match answer.unwrap() {
        Ok(Tags::Listed(page)) => page,
        other => panic!("{other:?}"),
    }
}

/// The greeter's tags in the shop's registry.
async fn greeters(shop: &Shop, filter: &str, after: Option<&str>) -> Result<Result<Tags, RegistryProblem>> {
    tags(shop.context(), &shop.caller, shop.registry.id, "acme/greeter", filter, after).await
}

fn facts(created: Option<&str>) -> ImageFacts {
    ImageFacts {
        digest: format!("sha256:{}", "0".repeat(64)),
        platforms: Vec::new(),
        platform: String::new(),
        size_bytes: 0,
        layers: 0,
        created: created.map(Into::into),
        user: None,
        exposed_ports: Vec::new(),
        entrypoint: Vec::new(),
        cmd: Vec::new(),
        labels: Default::default(),
    }
}

#[tokio::test]
async fn tags_are_asked_for_once_with_the_credential_and_come_newest_first() {
    let shop = Shop::open().await;
    shop.bed.registry.answers_tags(Ok(list(["1.0", "latest", "1.10", "1.9"])));
    assert_eq!(names(&listed(greeters(&shop, "", None).await)), ["latest", "1.10", "1.9", "1.0"]);
    assert_eq!(names(&listed(greeters(&shop, "1.1", None).await)), ["1.10"]);
    let asked = shop.bed.registry.asked();
    assert_eq!(asked.len(), 1);
    assert_eq!(asked[0].what, format!("tags {HOST}/acme/greeter"));
    assert_eq!(asked[0].login.as_ref().map(|(username, _)| username.as_str()), Some("robot"));
}

#[tokio::test]
async fn another_organizations_registry_does_not_exist_even_when_its_tags_are_kept() {
    let shop = Shop::open().await;
    let other = shop.bed.other_organization(&shop.caller).await;
    shop.bed.registry.answers_tags(Ok(list(["1.0"])));
    listed(greeters(&shop, "", None).await);
    let theirs = tags(shop.context(), &other, shop.registry.id, "acme/greeter", "", None).await;
    assert!(matches!(theirs, Err(Error::NotFound)));
    let image = ImageReference::parse(&image("1.0")).unwrap();
    assert!(matches!(inspect(shop.context(), &other, shop.registry.id, &image).await, Err(Error::NotFound)));
    assert_eq!(shop.bed.registry.asked().len(), 1);
}

#[tokio::test]
async fn an_image_is_looked_at_for_the_nodes_that_are_there() {
    let shop = Shop::open().await;
    let data_plane = std::sync::Arc::new(ScriptedDataPlane::default());
    let node = |architecture: &str, nodes| NodePlatform { os: "linux".into(), architecture: architecture.into(), nodes };
    data_plane.nodes(vec![node("amd64", 1), node("arm64", 2)]);
    nodes::Watch::new(shop.context().clone(), data_plane).step().await;
    shop.bed.registry.answers_inspect(Ok(facts(None)));
    let image = ImageReference::parse(&image("1.0")).unwrap();
    inspect(shop.context(), &shop.caller, shop.registry.id, &image).await.unwrap().unwrap();
    assert_eq!(shop.bed.registry.asked()[0].what, format!("inspect {image} on linux/arm64, linux/amd64"));
}

#[tokio::test]
async fn a_registry_that_only_nodes_can_look_into_is_not_asked() {
    let shop = Shop::open().await;
    let mut tx = shop.context().db.begin().await.unwrap();
    const BY_NODES: &str = "UPDATE registries SET authentication = 'vendor_specific' WHERE id = $1";
    execute!(tx, BY_NODES, shop.registry.id).unwrap();
    tx.commit().await.unwrap();
    assert_eq!(greeters(&shop, "", None).await.unwrap(), Ok(Tags::ByNodes));
    assert_eq!(shop.bed.registry.asked(), []);
}

#[tokio::test]
async fn a_failure_is_told_and_asked_again_soon() {
    let shop = Shop::open().await;
    let problem = RegistryProblem::NoTagList { host: HOST.into() };
    shop.bed.registry.answers_tags(Err(problem.clone()));
    shop.bed.registry.answers_tags(Ok(list(["1.0"])));
    assert_eq!(greeters(&shop, "", None).await.unwrap(), Err(problem));
    shop.bed.clock.advance(5);
    assert_eq!(names(&listed(greeters(&shop, "", None).await)), ["1.0"]);
}

#[tokio::test]
async fn when_an_image_was_built_is_told_once_it_was_looked_at() {
    let shop = Shop::open().await;
    let context = shop.context();
    shop.bed.registry.answers_tags(Ok(list(["1.0", "1.1"])));
    let built = |page: TagPage| page.tags.into_iter().map(|tag| tag.built_at.map(Time::rfc3339)).collect::<Vec<_>>();
    assert_eq!(built(listed(greeters(&shop, "", None).await)), [None, None]);
    for created in ["2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z"] {
        shop.bed.registry.answers_inspect(Ok(facts(Some(created))));
        let image = ImageReference::parse(&image("1.0")).unwrap();
        inspect(context, &shop.caller, shop.registry.id, &image).await.unwrap().unwrap();
        assert_eq!(built(listed(greeters(&shop, "", None).await)), [None, Some(created.to_owned())], "of the last look");
    }
    // A time that is yet to come says nothing.
    shop.bed.registry.answers_inspect(Ok(facts(Some("2099-01-01T00:00:00Z"))));
    inspect(context, &shop.caller, shop.registry.id, &ImageReference::parse(&image("1.0")).unwrap()).await.unwrap().unwrap();
    assert_eq!(built(listed(greeters(&shop, "", None).await)), [None, None]);
    // What a digest stands for says nothing of the tag beside it.
    let digest = format!("{}@sha256:{}", image("1.1"), "0".repeat(64));
    shop.bed.registry.answers_inspect(Ok(facts(Some("2026-01-01T00:00:00Z"))));
    inspect(context, &shop.caller, shop.registry.id, &ImageReference::parse(&digest).unwrap()).await.unwrap().unwrap();
    assert_eq!(fetch_one!(context.db, (i64,), ROWS).unwrap().0, 1);
}

#[tokio::test]
async fn of_many_images_the_ones_looked_at_last_are_kept() {
    let shop = Shop::open().await;
    let context = shop.context();
    for number in 0..store::KEPT + 2 {
        shop.bed.clock.advance(1);
        shop.bed.registry.answers_inspect(Ok(facts(None)));
        let image = ImageReference::parse(&image(&format!("1.{number}"))).unwrap();
        inspect(context, &shop.caller, shop.registry.id, &image).await.unwrap().unwrap();
    }
    assert_eq!(fetch_one!(context.db, (i64,), ROWS).unwrap().0, store::KEPT);
    let oldest = "SELECT tag FROM inspected_tags ORDER BY inspected_at LIMIT 1";
    assert_eq!(fetch_one!(context.db, (String,), oldest).unwrap().0, "1.2");
    shop.bed.clock.advance(KEPT_SECONDS);
    sweep(context).await.unwrap();
    assert_eq!(fetch_one!(context.db, (i64,), ROWS).unwrap().0, 1, "the last one is 90 days old, not older");
}

#[test]
fn a_filter_lets_what_begins_with_it_come_first() {
    let list = sorted(["latest", "2.0", "1.27-Alpine", "1.27", "alpine", "alpine-edge", "edge"]);
    assert_eq!(names(&page(&list, " ALPINE ", None)), ["alpine", "alpine-edge", "1.27-Alpine"]);
    let none = page(&list, "ä", None);
    assert_eq!((none.tags.len(), none.matching, none.known, none.has_more), (0, 0, 7, false));
}

#[test]
fn pages_follow_each_other_and_survive_a_change_of_the_list() {
    let all = sorted((0..120).map(|number| format!("1.{number}")));
    let mut seen = Vec::new();
    let mut last: Option<String> = None;
    loop {
        let page = page(&all, "", last.as_deref());
        assert_eq!((page.known, page.matching), (120, 120));
        seen.extend(page.tags.iter().map(|tag| tag.name.clone()));
        last = seen.last().cloned();
        if !page.has_more {
            break;
        }
    }
    assert_eq!(seen, all.tags);
    // The last tag shown was deleted, and a newer one was pushed.
    let mut changed = all.tags.clone();
    changed.retain(|tag| tag != "1.70");
    changed.push("1.120".into());
    assert_eq!(page(&sorted(changed), "", Some("1.70")).tags[0].name, "1.69");
    assert_eq!(page(&all, "1.1", Some("1.0")).tags[0].name, "1.119", "a tag of another filter says nothing");
}

fn sorted(tags: impl IntoIterator<Item = impl Into<String>>) -> TagList {
    let mut list = list(tags);
    list.tags.sort_by(|a, b| order::compare(a, b));
    list
}
