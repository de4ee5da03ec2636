//! Create a component.

use axum::http::StatusCode;

use super::{came_back, refused, with};
use crate::support::{Client, PROJECT, TestApp, add_public_registry};

const PATH: &str = "/do/create_component";

struct Form {
    registry: String,
    image: String,
}

impl Form {
    async fn new(app: &TestApp, client: &mut Client) -> Self {
        let host = app.registry.host();
        add_public_registry(client, &host).await;
        Self { registry: app.registry_id("Test Registry").await.to_string(), image: format!("{host}/acme/greeter:1.0") }
    }

    fn fields(&self) -> Vec<(&str, &str)> {
        let endpoint = [
            ("endpoint_name", "default"),
            ("endpoint_port", "8080"),
            ("endpoint_type", "REST"),
            ("endpoint_context", "/"),
            ("endpoint_visibility", "Public"),
        ];
        let component = [
            ("organization", "acme"),
            ("project", "web-shop"),
            ("display_name", "My Greeter"),
            ("registry", self.registry.as_str()),
            ("image", self.image.as_str()),
        ];
        component.into_iter().chain(endpoint).collect()
    }
}

fn new_page() -> String {
    format!("{PROJECT}/components/new")
}

#[tokio::test]
async fn a_component_is_made_from_an_image() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let page = client.submit(PATH, &with(&form.fields(), &[("description", "Says\n</textarea><script>hello</script>")])).await;
    page.is(StatusCode::OK).shows("My Greeter was created.");
    let page = client.get(&format!("{PROJECT}/components/my-greeter")).await.is(StatusCode::OK);
    assert!(!page.text().contains("<script>hello"), "the description is text");
    page.shows("Says\n</textarea>").shows(&form.image).shows("8080");
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'component.create'").await, 1);
}

#[tokio::test]
async fn all_problems_of_a_component_come_at_once() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let bad = [
        ("display_name", "!"),
        ("name", "Not-A-Name"),
        ("registry", "nonsense"),
        ("image", "UPPER/case:!"),
        ("endpoint_port", "99999"),
        ("endpoint_type", "SMTP"),
        ("endpoint_context", "no path"),
        ("endpoint_visibility", "Galaxy"),
    ];
    let wrong: Vec<_> = bad.iter().map(|(name, _)| *name).collect();
    let fields = with(&form.fields(), &bad);
    client.post_form(PATH, &fields).await.goes_to(&new_page());
    let page = client.get(&new_page()).await;
    came_back(&page);
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let expected = sorted(wrong.iter().map(ToString::to_string).collect());
    assert_eq!(sorted(page.problem_fields().into_iter().map(str::to_owned).collect()), expected);
    assert_eq!(sorted(refused(&mut client, PATH, &fields).await), expected);
    for (name, value) in bad.iter().filter(|(name, _)| !matches!(*name, "registry" | "endpoint_type" | "endpoint_visibility")) {
        assert_eq!(page.field(name).as_deref(), Some(*value), "{name}");
    }
    for name in page.problem_fields() {
        assert!(page.tags().any(|tag| tag.contains(&format!("id=\"field-{name}\""))), "the summary links to {name}, which is not there");
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 0);
}

#[tokio::test]
async fn a_long_description_comes_back_whole() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let typed = format!("First line\n</textarea><script>alert('{}')</script> & more", "ä".repeat(15_000));
    let page = client.submit(PATH, &with(&form.fields(), &[("description", &typed)])).await;
    came_back(&page);
    assert_eq!(page.problem_fields(), ["description"]);
    assert_eq!(page.text_area("description"), typed);
    assert_eq!(page.field("display_name").as_deref(), Some("My Greeter"));
    assert!(!page.text().contains("<script>alert"), "what was typed became a script");
    assert_eq!(app.count("SELECT COUNT(*) FROM drafts").await, 0, "taken once");
}

#[tokio::test]
async fn an_image_of_another_host_and_a_taken_name_are_problems() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    assert_eq!(refused(&mut client, PATH, &with(&form.fields(), &[("image", "ghcr.io/acme/greeter:1.0")])).await, ["image"]);
    client.post_form(PATH, &form.fields()).await.goes_to(&format!("{PROJECT}/components/my-greeter/deploy"));
    assert_eq!(refused(&mut client, PATH, &with(&form.fields(), &[("display_name", "My-Greeter")])).await, ["name"]);
}

#[tokio::test]
async fn inspect_is_the_same_form_sent_by_get() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("registry", &form.registry), ("image", &form.image)])
        .append_pair("display_name", "Kept \"Name\"")
        .append_pair("inspect", "1")
        .finish();
    let page = client.get(&format!("{}?{query}", new_page())).await.is(StatusCode::OK);
    assert_eq!(page.field("endpoint_port").as_deref(), Some("8080"), "the exposed port");
    assert_eq!(page.field("display_name").as_deref(), Some("Kept \"Name\""));
    page.shows("linux/amd64").shows("8080/tcp").shows("10014");
}

#[tokio::test]
async fn other_organizations_projects_and_registries_do_not_exist() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let mut stranger = app.stranger().await;
    for organization in ["acme", "globex", "nowhere", ""] {
        stranger.fetch(PATH, &with(&form.fields(), &[("organization", organization)])).await.is(StatusCode::NOT_FOUND);
    }
    let at_home = with(&form.fields(), &[("organization", "globex"), ("project", "default-project")]);
    assert_eq!(refused(&mut stranger, PATH, &at_home).await, ["registry"], "its own project, acme's registry");
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 0);
}
