use super::*;
use crate::domain::{
    components::{NewComponent, create},
    testing::Shop,
};

async fn make(shop: &Shop, display_name: &str, kind: &str) {
    let new = NewComponent {
        kind: kind.into(),
        port: "8080".into(),
        cron: "0 * * * *".into(),
        ..Shop::new_component(&shop.registry, display_name)
    };
    create(shop.context(), &shop.caller, &shop.project, new).await.unwrap();
}

async fn names(shop: &Shop, filter: Filter) -> Vec<String> {
    let listed = list(shop.context(), &shop.caller, &shop.project, &filter, None).await.unwrap();
    listed.into_iter().map(|row| row.name).collect()
}

async fn set_states(shop: &Shop, state: &str) {
    let mut tx = shop.context().db.begin().await.unwrap();
    crate::execute!(tx, "UPDATE deployments SET state = $1", state).unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_long_listing_comes_in_pages_by_name() {
    let shop = Shop::open().await;
    for number in (1..=PAGE).rev() {
        make(&shop, &format!("Component {number:02}"), "service").await;
    }
    let first = list(shop.context(), &shop.caller, &shop.project, &Filter::default(), None).await.unwrap();
    assert_eq!(first.len(), PAGE + 1, "one more tells that there is another page");
    assert_eq!((first[0].name.as_str(), first[1].name.as_str()), ("component-01", "component-02"));
    let after = first[PAGE - 1].name.as_str();
    let second = list(shop.context(), &shop.caller, &shop.project, &Filter::default(), Some(after)).await.unwrap();
    assert_eq!(second.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["greeter"]);
    let services = Filter { kind: Some(Kind::Service), ..Filter::default() };
    let filtered = list(shop.context(), &shop.caller, &shop.project, &services, Some(after)).await.unwrap();
    assert_eq!(filtered, second, "a filter keeps the order and the pages");
}

#[tokio::test]
async fn a_listing_tells_the_newest_deployment_of_each_environment() {
    let shop = Shop::open().await;
    make(&shop, "Idle one", "service").await;
    shop.deploy("1.1").await;
    let development = shop.deploy("1.2").await;
    let production = shop.deploy_to(&shop.component, &shop.production, "1.1").await;
    let listed = list(shop.context(), &shop.caller, &shop.project, &Filter::default(), None).await.unwrap();
    let statuses: Vec<_> = listed[0].statuses.iter().map(|status| (status.created_at, status.environment_id)).collect();
    assert_eq!(statuses, [(development.created_at, shop.development.id), (production.created_at, shop.production.id)]);
    assert_eq!(listed[0].last().unwrap().environment_id, shop.production.id);
    assert_eq!((listed[1].name.as_str(), listed[1].statuses.len(), listed[1].last()), ("idle-one", 0, None));
}

#[tokio::test]
async fn a_search_finds_names_display_names_and_images_as_text() {
    let shop = Shop::open().await;
    make(&shop, "Web_Shop front", "service").await;
    let found = async |search: &str| names(&shop, Filter { search: search.into(), ..Filter::default() }).await;
    assert_eq!(found("SHOP F").await, ["web-shop-front"]);
    assert_eq!(found("shop-f").await, ["web-shop-front"]);
    assert_eq!(found("acme/Greeter").await, ["greeter", "web-shop-front"], "both are of this image");
    assert_eq!(found("web_shop").await, ["web-shop-front"]);
    assert_eq!(found("_eeter").await, Vec::<String>::new(), "an underscore is an underscore");
    assert_eq!(found("%").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_filter_by_kind_and_status_leaves_what_is_both() {
    let shop = Shop::open().await;
    make(&shop, "Front page", "web_application").await;
    make(&shop, "Nightly report", "scheduled_task").await;
    make(&shop, "Clean up", "manual_task").await;
    let of = async |kind, status| names(&shop, Filter { kind, status, ..Filter::default() }).await;
    assert_eq!(of(Some(Kind::WebApplication), None).await, ["front-page"]);
    assert_eq!(of(Some(Kind::ScheduledTask), None).await, ["nightly-report"]);
    assert_eq!(of(Some(Kind::ManualTask), None).await, ["clean-up"]);
    shop.deploy("1.1").await;
    assert_eq!(of(None, Some(StatusFilter::Deploying)).await, ["greeter"]);
    assert_eq!(of(None, Some(StatusFilter::NotDeployed)).await, ["clean-up", "front-page", "nightly-report"]);
    assert_eq!(of(Some(Kind::ManualTask), Some(StatusFilter::NotDeployed)).await, ["clean-up"]);
    for (state, status) in [("active", StatusFilter::Active), ("failed", StatusFilter::Failed), ("stopped", StatusFilter::Stopped)] {
        set_states(&shop, state).await;
        assert_eq!(of(None, Some(status)).await, ["greeter"], "{state}");
        assert!(of(Some(Kind::ManualTask), Some(status)).await.is_empty());
    }
    assert!(of(None, Some(StatusFilter::BeingDeleted)).await.is_empty());
}

#[test]
fn words_of_filters_read_back() {
    for status in StatusFilter::ALL {
        assert_eq!(StatusFilter::try_from(status.as_str().to_owned()), Ok(status));
    }
}
