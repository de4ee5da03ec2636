//! The tags of a repository: the picker's list, the page of them, and who may see either.

use axum::http::StatusCode;
use serde_json::{Value, json};
use uuid::Uuid;
use wiremock::{
    Mock, MockServer, ResponseTemplate,
    matchers::{method, path},
};

use crate::support::{Acme, Client, PROJECT, TestApp, add_public_registry, create_greeter, tags_of};

/// A registry that answers this as the tags of `acme/greeter`.
async fn registry_with(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("GET")).and(path("/v2/")).respond_with(ResponseTemplate::new(200).set_body_string("{}")).mount(&server).await;
    Mock::given(method("GET")).and(path("/v2/acme/greeter/tags/list")).respond_with(answer).mount(&server).await;
    server
}

fn tags(names: impl IntoIterator<Item = impl Into<Value>>) -> ResponseTemplate {
    let names: Vec<Value> = names.into_iter().map(Into::into).collect();
    ResponseTemplate::new(200).set_body_json(json!({ "name": "acme/greeter", "tags": names }))
}

struct Scene {
    app: TestApp,
    client: Client,
    registry: Uuid,
    host: String,
    _server: MockServer,
}

impl Scene {
    /// A component `greeter` at a registry that answers this.
    async fn with(answer: ResponseTemplate) -> Self {
        let server = registry_with(answer).await;
        let host = server.address().to_string();
        let app = TestApp::with_registries([host.clone()]).await;
        let mut client = app.set_up_and_sign_in().await;
        add_public_registry(&mut client, &host).await;
        let registry = app.registry_id("Test Registry").await;
        create_greeter(&mut client, registry, &host).await;
        Self { app, client, registry, host, _server: server }
    }

    fn fragment(&self, rest: &str) -> String {
        fragment("acme", self.registry, &format!("{}/acme/greeter", self.host), rest)
    }
}

fn fragment(organization: &str, registry: impl std::fmt::Display, image: &str, rest: &str) -> String {
    format!("/fragments/organizations/{organization}/tags?registry={registry}&image={image}{rest}")
}

fn deploy_tags(rest: &str) -> String {
    format!("{PROJECT}/components/greeter/deploy/tags{rest}")
}

#[tokio::test]
async fn tags_come_newest_first_filtered_and_in_pages() {
    let mut scene = Scene::with(tags((0..60).map(|number| format!("1.{number}")).chain(["latest".into()]))).await;
    let first = scene.client.get(&scene.fragment("&used=1.58")).await.is(StatusCode::OK).shows("61 tags").shows("1.58In use");
    let (shown, more) = (tags_of(&first), first.text().contains("data-more=\"1.11\""));
    assert_eq!((shown.len(), shown[0].as_str(), shown[1].as_str(), shown[49].as_str(), more), (50, "latest", "1.59", "1.11", true));
    let second = scene.client.get(&scene.fragment("&after=1.11")).await.hides("Show more");
    assert_eq!((tags_of(&second).len(), tags_of(&second)[0].as_str()), (11, "1.10"));
    let filtered = scene.client.get(&scene.fragment("&filter=1.5")).await.shows("11 of 61 tags");
    assert_eq!(tags_of(&filtered)[..2], ["1.59", "1.58"]);
    let none = scene.client.get(&scene.fragment("&filter=%3Cb%3Ex")).await.shows("No tag contains <b>x.");
    assert!(!none.text().contains("<b>") && !none.text().contains("role=\"listbox\""));
}

#[tokio::test]
async fn only_members_see_tags_and_other_organizations_registries_do_not_exist() {
    let mut scene = Scene::with(tags(["1.0"])).await;
    scene.client.get(&scene.fragment("")).await.is(StatusCode::OK).shows("1 tag");
    let image = format!("{}/acme/greeter", scene.host);
    scene.app.client().get(&scene.fragment("")).await.is(StatusCode::UNAUTHORIZED);
    let mut stranger = scene.app.stranger().await;
    let unknown = stranger.get(&fragment("globex", Uuid::nil(), &image, "")).await.is(StatusCode::NOT_FOUND);
    let others = stranger.get(&fragment("globex", scene.registry, &image, "")).await.is(StatusCode::NOT_FOUND);
    assert_eq!(unknown.text(), others.text());
    stranger.get(&scene.fragment("")).await.is(StatusCode::NOT_FOUND);
    scene.client.get(&fragment("acme", "nonsense", &image, "")).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_a_registry_calls_its_tags_is_text() {
    let hostile = ["<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "1.0", "a b", "..", "x\u{0}y", "\u{202e}1.0"];
    let mut scene = Scene::with(tags(hostile)).await;
    let answer = scene.client.get(&scene.fragment("")).await.is(StatusCode::OK);
    assert_eq!(tags_of(&answer), ["1.0"], "what no reference can name is left out");
    assert!(!answer.text().contains("<script") && !answer.text().contains("<img"), "{}", answer.text());
}

#[tokio::test]
async fn where_there_are_no_tags_it_says_why_and_what_to_do() {
    for (answer, sentence) in [
        (tags(Vec::<Value>::new()), "The repository has no tags yet."),
        (ResponseTemplate::new(404), "the registry has no repository acme/greeter. Check its name."),
        (ResponseTemplate::new(429), "Tags can't be listed: The registry's rate limit is reached."),
    ] {
        let mut scene = Scene::with(answer).await;
        scene.client.get(&scene.fragment("")).await.is(StatusCode::OK).shows(sentence).hides("Show more");
        scene.client.get(&deploy_tags("")).await.is(StatusCode::OK).shows(sentence).shows("Back without choosing");
    }
    let mut scene = Scene::with(tags(["1.0"])).await;
    let elsewhere = fragment("acme", scene.registry, "ghcr.io/acme/greeter", "");
    scene.client.get(&elsewhere).await.is(StatusCode::OK).shows("Choose the registry of that host").hides("1.0");
    scene.client.get(&fragment("acme", scene.registry, "", "")).await.is(StatusCode::OK).shows("Enter the image first");
}

#[tokio::test]
async fn an_image_that_was_looked_at_says_when_it_was_built() {
    let (app, mut client) = TestApp::set_up().await;
    let acme = Acme::furnish(&app, &mut client).await;
    let image = format!("{}/acme/greeter", app.registry.host());
    let inspection = format!("/fragments/organizations/acme/inspection?registry={}&image={image}:1.0", acme.registry);
    client.get(&inspection).await.is(StatusCode::OK);
    assert_eq!(app.count("SELECT COUNT(*) FROM inspected_tags WHERE tag = '1.0' AND built_at IS NOT NULL").await, 1);
    client.get(&fragment("acme", acme.registry, &image, "")).await.shows("1.0built 2 Jan 2024").hides("1.1built");
    client.get(&deploy_tags("")).await.shows("1.0In usebuilt 2 Jan 2024");
}

#[tokio::test]
async fn without_javascript_a_tag_is_chosen_on_a_page_and_nothing_typed_is_lost() {
    let mut scene = Scene::with(tags(["1.0", "1.1"])).await;
    let update = format!("{PROJECT}/components/greeter/deploy/update");
    let panel = scene.client.get(&update).await.is(StatusCode::OK);
    assert!(panel.text().contains(&format!("formaction=\"{}\"", deploy_tags(""))));

    let page = scene.client.get(&deploy_tags("?by=tag&tag=0.9&image=x")).await.is(StatusCode::OK);
    let link = format!("{update}?image=x&by=tag&tag=1.1");
    assert!(page.text().contains(&link.replace('&', "&amp;")), "{}", page.text());
    let back = scene.client.get(&link).await.is(StatusCode::OK);
    assert_eq!((back.field("tag").as_deref(), back.field("image").as_deref()), (Some("1.1"), Some("x")));

    let typed = format!("type=service&registry={}&image={}/acme/greeter:0.9&display_name=My+%22Greeter%22", scene.registry, scene.host);
    let page = scene.client.get(&format!("{PROJECT}/components/new/tags?{typed}&filter=1.1")).await.is(StatusCode::OK).shows("1 of 2 tags");
    assert_eq!(page.field("filter").as_deref(), Some("1.1"));
    assert_eq!(page.field("display_name").as_deref(), Some("My \"Greeter\""));
    let href = page
        .tags()
        .find(|tag| tag.contains("class=\"mono\"") && tag.starts_with("<a"))
        .unwrap()
        .split('"')
        .find(|part| part.starts_with('/'));
    let form = scene.client.get(&href.unwrap().replace("&amp;", "&")).await.is(StatusCode::OK);
    assert_eq!(form.field("image"), Some(format!("{}/acme/greeter:1.1", scene.host)));
    assert_eq!(form.field("display_name").as_deref(), Some("My \"Greeter\""));
}
