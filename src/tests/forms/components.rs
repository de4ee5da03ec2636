//! Create a component: the form, the check of its answers, and the POST that makes it.

use axum::http::StatusCode;
use slipway::execute;

use super::{came_back, refused, with};
use crate::support::{Answer, Client, PROJECT, TestApp, add_public_registry};

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

    /// What every type asks for.
    fn of(&self, kind: &'static str) -> Vec<(&str, &str)> {
        vec![
            ("organization", "acme"),
            ("project", "web-shop"),
            ("type", kind),
            ("display_name", "My Greeter"),
            ("source", "registry"),
            ("registry", self.registry.as_str()),
            ("image", self.image.as_str()),
        ]
    }

    fn service(&self) -> Vec<(&str, &str)> {
        let endpoint = [
            ("endpoint_name", "default"),
            ("endpoint_port", "8080"),
            ("endpoint_type", "REST"),
            ("endpoint_context", "/"),
            ("endpoint_visibility", "Public"),
        ];
        self.of("service").into_iter().chain(endpoint).collect()
    }
}

fn at(step: &str, fields: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("{PROJECT}/components/new{step}?{query}")
}

/// The page of the answers.
async fn check(client: &mut Client, fields: &[(&str, &str)]) -> Answer {
    client.get(&at("/check", fields)).await.is(StatusCode::OK)
}

/// The address that the form's own page has with these fields.
fn own_page(fields: &[(&str, &str)]) -> String {
    let of_form: Vec<_> = fields.iter().filter(|(name, _)| !matches!(*name, "organization" | "project")).copied().collect();
    at("", &of_form)
}

/// Where a link of the page leads, by a part of its address.
fn link(page: &Answer, part: &str) -> String {
    let links = page.tags().filter(|tag| tag.starts_with("<a ")).filter_map(|tag| tag.split("href=\"").nth(1)?.split('"').next());
    let found = links.map(|link| link.replace("&amp;", "&")).find(|link| link.contains(part));
    found.unwrap_or_else(|| panic!("no link to {part} in {}", page.text()))
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    names.sort();
    names
}

#[tokio::test]
async fn a_component_is_made_from_an_image() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let page = client.submit(PATH, &with(&form.service(), &[("description", "Says\n</textarea><script>hello</script>")])).await;
    page.is(StatusCode::OK).shows("My Greeter was created.");
    let page = client.get(&format!("{PROJECT}/components/my-greeter")).await.is(StatusCode::OK);
    assert!(!page.text().contains("<script>hello"), "the description is text");
    page.shows("Says\n</textarea>").shows(&form.image).shows("8080");
    assert_eq!(app.count("SELECT COUNT(*) FROM audit WHERE action = 'component.create'").await, 1);
}

#[tokio::test]
async fn the_answers_are_looked_over_before_anything_is_made() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    type Settings = &'static [(&'static str, &'static str)];
    let own: [(&'static str, Settings, &[&str]); 4] = [
        (
            "service",
            &[("endpoint_port", "8080"), ("endpoint_type", "TCP"), ("endpoint_visibility", "Project")],
            &["default: TCP on 8080, Project"],
        ),
        ("web_application", &[("port", "8080")], &["Web Application", "8080"]),
        ("scheduled_task", &[("cron", "0 * * * *"), ("time_zone", "Europe/Berlin")], &["0 * * * *", "Europe/Berlin", "Forbid"]),
        ("manual_task", &[], &["Manual Task"]),
    ];
    for (at_turn, (kind, settings, shown)) in own.into_iter().enumerate() {
        let name = format!("Greeter {at_turn}");
        let mut fields = [&with(&form.of(kind), &[("display_name", &name)])[..], settings].concat();
        fields.push(("description", "Two\nlines"));
        let page = check(&mut client, &fields).await;
        assert!(page.title().starts_with("Check your answers"), "{}", page.title());
        let page = page.shows(&name).shows(&format!("greeter-{at_turn}")).shows(&form.image).shows("Two\nlines");
        let page = shown.iter().fold(page, |page, text| page.shows(text));
        // What the page would post makes the component.
        let hidden: Vec<_> = page.tags().filter(|tag| tag.contains("type=\"hidden\"")).map(str::to_owned).collect();
        for (name, _) in &fields {
            assert!(hidden.iter().any(|tag| tag.contains(&format!(" name=\"{name}\""))), "{name} is not posted");
            assert!(page.field(name).is_some(), "{name}");
        }
        let made = format!("{PROJECT}/components/greeter-{at_turn}/deploy");
        client.post_form(PATH, &fields).await.goes_to(&made);
    }
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 4);
}

#[tokio::test]
async fn every_answer_leads_back_to_its_field_with_all_that_was_typed() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let fields = with(&form.service(), &[("profile", "restricted"), ("profile_was", "default")]);
    let page = check(&mut client, &fields).await;
    for name in ["display_name", "name", "description", "registry", "image", "endpoint_name", "profile"] {
        let way = link(&page, &format!("#field-{name}"));
        let form_page = client.get(way.split('#').next().unwrap()).await.is(StatusCode::OK);
        assert_eq!(form_page.field("display_name").as_deref(), Some("My Greeter"));
        assert_eq!(form_page.field("image").as_deref(), Some(form.image.as_str()));
        assert!(form_page.tags().any(|tag| tag.contains(&format!("id=\"field-{name}\""))), "{name} has no place on the form");
        assert!(form_page.tags().any(|tag| tag.contains("value=\"restricted\"") && tag.contains("checked")), "{}", form_page.text());
    }
    let types = client.get(&link(&page, "change_type=1")).await.is(StatusCode::OK).shows("What type of component is it?");
    let as_task = client.get(&link(&types, "type=manual_task")).await.is(StatusCode::OK).shows("arguments are given at run time");
    assert_eq!(as_task.field("display_name").as_deref(), Some("My Greeter"));
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
        ("endpoint_context", "no path"),
        ("endpoint_visibility", "Galaxy"),
    ];
    let wrong: Vec<_> = bad.iter().map(|(name, _)| *name).collect();
    let fields = with(&form.service(), &bad);
    let location = client.post_form(PATH, &fields).await.location();
    assert!(location.starts_with(&format!("{PROJECT}/components/new?type=service&display_name=%21&")), "{location}");
    let posted = client.get(&location).await;
    let checked = check(&mut client, &fields).await;
    let expected = sorted(wrong.iter().map(ToString::to_string).collect());
    assert_eq!(sorted(refused(&mut client, PATH, &fields).await), expected);
    for page in [posted, checked] {
        came_back(&page);
        assert_eq!(sorted(page.problem_fields().into_iter().map(str::to_owned).collect()), expected);
        for (name, value) in bad.iter().filter(|(name, _)| !matches!(*name, "registry" | "endpoint_visibility")) {
            assert_eq!(page.field(name).as_deref(), Some(*value), "{name}");
        }
        for name in page.problem_fields() {
            assert!(
                page.tags().any(|tag| tag.contains(&format!("id=\"field-{name}\""))),
                "the summary links to {name}, which is not there"
            );
        }
    }
    let again = client.get(&location).await.is(StatusCode::OK);
    assert_eq!(again.field("display_name").as_deref(), Some("!"), "the address keeps what the flash has told once");
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 0);
}

#[tokio::test]
async fn each_type_has_its_own_problems() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    for (kind, settings, wrong) in [
        ("service", [("endpoint_port", "80"), ("endpoint_type", "SMTP")], ["endpoint_type", "endpoint_visibility"].as_slice()),
        ("web_application", [("port", "0"), ("profile", "root")], &["profile", "port"]),
        ("manual_task", [("port", "0"), ("profile", "root")], &["profile"]),
        ("lambda", [("port", "80"), ("profile", "")], &["type"]),
        ("", [("port", "80"), ("profile", "")], &["type"]),
    ] {
        assert_eq!(refused(&mut client, PATH, &[&form.of(kind)[..], &settings].concat()).await, wrong, "{kind}");
    }
    let posted = client.submit(PATH, &form.of("lambda")).await;
    came_back(&posted);
    assert_eq!(posted.shows("What type of component is it?").problem_fields(), ["type"]);
}

#[tokio::test]
async fn a_long_description_comes_back_whole() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let typed = format!("First line\n</textarea><script>alert('{}')</script> & more", "ä".repeat(15_000));
    let page = client.submit(PATH, &with(&form.service(), &[("description", &typed)])).await;
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
    let elsewhere = with(&form.service(), &[("image", "ghcr.io/acme/greeter:1.0")]);
    assert_eq!(refused(&mut client, PATH, &elsewhere).await, ["image"]);
    let page = check(&mut client, &elsewhere).await.shows("The image is at ghcr.io, but the registry Test Registry is ");
    assert_eq!(page.problem_fields(), ["image"]);
    client.post_form(PATH, &form.service()).await.goes_to(&format!("{PROJECT}/components/my-greeter/deploy"));
    let taken = with(&form.service(), &[("display_name", "My-Greeter")]);
    assert_eq!(refused(&mut client, PATH, &taken).await, ["name"]);
    assert_eq!(check(&mut client, &taken).await.problem_fields(), ["name"]);
}

#[tokio::test]
async fn the_source_says_which_registry_counts() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let hub = app.registry_id("Docker Hub (public)").await.to_string();
    let from_hub = with(&form.of("manual_task"), &[("source", "docker_hub"), ("hub_registry", &hub), ("image", "nginx")]);
    check(&mut client, &from_hub)
        .await
        .shows("Docker Hub (public) (docker.io)")
        .shows("docker.io/library/nginx:latest")
        .shows("latest is meant");
    assert_eq!(refused(&mut client, PATH, &with(&from_hub, &[("hub_registry", "")])).await, ["hub_registry"]);
    assert_eq!(refused(&mut client, PATH, &with(&from_hub, &[("source", "registry")])).await, ["image"]);
}

#[tokio::test]
async fn the_first_page_offers_types_and_samples() {
    let (app, mut client) = TestApp::set_up().await;
    let page = client.get(&at("", &[])).await.is(StatusCode::OK);
    let types = ["Service", "Web Application", "Scheduled Task", "Manual Task"];
    let page = types.into_iter().fold(page, |page, kind| page.shows(kind)).shows("Nothing at hand? Try a sample");
    assert!(!page.text().contains("<leptos-island"), "nothing to enliven yet");
    let form = client.get(&link(&page, "display_name=Whoami")).await.is(StatusCode::OK);
    let shown = |name: &str| form.field(name);
    assert_eq!((shown("image").as_deref(), shown("port").as_deref()), (Some("traefik/whoami:latest"), Some("80")));
    assert!(form.text().contains("<leptos-island"));
    let sources: Vec<_> = form.tags().filter(|tag| tag.contains("name=\"source\"") && tag.contains("checked")).collect();
    assert!(sources.len() == 1 && sources[0].contains("docker_hub"), "{sources:?}");
    for kind in ["service", "web_application", "scheduled_task", "manual_task"] {
        let page = client.get(&link(&page, &format!("type={kind}"))).await.is(StatusCode::OK).shows("never changes afterwards");
        assert!(page.text().contains("Check answers"));
    }
    app.forget_registries().await;
    client.get(&at("", &[])).await.is(StatusCode::OK).hides("Try a sample");
}

#[tokio::test]
async fn inspect_is_the_same_form_sent_by_get() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let typed = [("type", "service"), ("registry", &form.registry), ("image", &form.image), ("display_name", "Kept \"Name\"")];
    let page = client.get(&at("", &[&typed[..], &[("inspect", "1")]].concat())).await.is(StatusCode::OK);
    assert_eq!(page.field("endpoint_port").as_deref(), Some("8080"), "the exposed port");
    assert_eq!(page.field("profile_was").as_deref(), Some("restricted"), "its user is 10014");
    assert_eq!(page.field("display_name").as_deref(), Some("Kept \"Name\""));
    page.shows("linux/amd64").shows("8080/tcp").shows("10014").shows("2 Jan 2024");
    let kept = [&typed[..], &[("inspect", "1"), ("endpoint_port", "9000"), ("profile", "default"), ("profile_was", "restricted")]].concat();
    let page = client.get(&at("", &kept)).await.is(StatusCode::OK);
    assert_eq!(page.field("endpoint_port").as_deref(), Some("9000"));
    assert!(page.tags().any(|tag| tag.contains("value=\"default\"") && tag.contains("checked")), "the person chose it");
}

#[tokio::test]
async fn a_failed_inspection_says_why_and_forbids_nothing() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let fragment = |image: &str| {
        let fields = [("type", "service"), ("source", "registry"), ("registry", form.registry.as_str()), ("image", image)];
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        format!("/fragments/organizations/acme/inspection?{query}")
    };
    client.get(&fragment(&form.image)).await.is(StatusCode::OK).shows("linux/amd64");
    client.get(&fragment("ghcr.io/acme/greeter")).await.is(StatusCode::OK).shows("Choose the registry of that host");
    client.get(&fragment("UPPER/case")).await.is(StatusCode::OK).hides("<dl");
    client.get(&fragment(&format!("{}@sha256:12", form.image))).await.is(StatusCode::OK).hides("linux/amd64");
    let silent = [("organization", "acme"), ("display_name", "Silent"), ("authentication", "public"), ("host", "127.0.0.1:1")];
    client.post_form("/do/add_registry", &silent).await;
    let id = app.registry_id("Silent").await.to_string();
    let why = client.get(&fragment("127.0.0.1:1/acme/greeter").replace(&form.registry, &id)).await.is(StatusCode::OK);
    why.shows("Check host and port. You can create the component all the same.");
}

#[tokio::test]
async fn the_name_is_told_while_one_types() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let name = |display_name: &str, name: &str| {
        let query =
            url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("display_name", display_name), ("name", name)]).finish();
        format!("/fragments{PROJECT}/component-name?{query}")
    };
    let told = client.get(&name("My Greeter", "")).await.is(StatusCode::OK).shows("It will be my-greeter, which is free.");
    assert!(told.text().contains("data-placeholder=\"my-greeter\""));
    client.get(&name("My Greeter", "other")).await.is(StatusCode::OK).shows("other is free.");
    client.get(&name("My Greeter", "Not A Name")).await.is(StatusCode::OK).shows("The name can't be used.");
    client.get(&name("", "")).await.is(StatusCode::OK).hides("<p");
    client.post_form(PATH, &form.service()).await.goes_to(&format!("{PROJECT}/components/my-greeter/deploy"));
    for (display_name, typed) in [("My Greeter", ""), ("Else", "my-greeter")] {
        client.get(&name(display_name, typed)).await.shows("The project already has a component named my-greeter.");
    }
    let page = client.get(&at("", &[("type", "service"), ("display_name", "My Greeter")])).await;
    page.shows("The project already has a component named my-greeter.");
    app.stranger().await.get(&name("My Greeter", "")).await.is(StatusCode::NOT_FOUND);
    let elsewhere = name("x", "").replace("web-shop", "no-shop");
    client.get(&elsewhere).await.is(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_schedule_is_told_while_one_types() {
    let (app, mut client) = TestApp::set_up().await;
    let fragment = "/fragments/organizations/acme/schedule?cron=0+*+*+*+*&time_zone=UTC&concurrency=Forbid";
    client.get(fragment).await.is(StatusCode::OK).shows("un");
    client.get("/fragments/organizations/acme/schedule?cron=+&time_zone=UTC").await.is(StatusCode::OK).hides("<p");
    app.stranger().await.get(fragment).await.is(StatusCode::NOT_FOUND);
    let page = client.get(&at("", &[("type", "scheduled_task"), ("cron", "0 * * * *")])).await.is(StatusCode::OK);
    assert_eq!(page.field("time_zone").as_deref(), Some("UTC"), "the person's own");
    assert!(page.text().contains("value=\"Europe/Berlin\""), "zones to choose from");
}

#[tokio::test]
async fn an_admin_without_a_registry_adds_one_and_comes_back() {
    let (app, mut client) = TestApp::set_up().await;
    app.forget_registries().await;
    let typed = [("type", "web_application"), ("display_name", "My \"Shop\""), ("source", "registry"), ("port", "80")];
    let page = client.get(&at("", &typed)).await.is(StatusCode::OK).shows("No registry to bring an image from");
    let vendors = client.get(&link(&page, "registries/new?return=")).await.is(StatusCode::OK);
    let panel = client.get(&link(&vendors, "vendor=other&return=")).await.is(StatusCode::OK);
    let back = panel.field("return").unwrap();
    assert_eq!(back, own_page(&typed));
    let host = app.registry.host();
    let registry =
        [("organization", "acme"), ("vendor", "other"), ("display_name", "Own"), ("authentication", "public"), ("return", &back)];
    // A mistake on the way loses nothing.
    let location = client.post_form("/do/add_registry", &[&registry[..], &[("host", "no host")]].concat()).await.location();
    let again = client.get(&location).await.is(StatusCode::OK);
    came_back(&again);
    assert_eq!(again.field("return").as_deref(), Some(back.as_str()));
    let form =
        client.submit("/do/add_registry", &[&registry[..], &[("host", &host)]].concat()).await.is(StatusCode::OK).shows("Own was added.");
    assert_eq!(form.field("display_name").as_deref(), Some("My \"Shop\""));
    let id = app.registry_id("Own").await.to_string();
    assert!(form.tags().any(|tag| tag.contains(&format!("value=\"{id}\"")) && tag.contains("selected")), "{}", form.text());
    // Docker Hub has none still: its tab leads to its own form.
    let way = client.get(&at("", &[&typed[..], &[("add_registry", "docker_hub")]].concat())).await.location();
    assert!(way.contains("/registries/new?vendor=docker_hub&return=%2Forganizations%2Facme%2F"), "{way}");
    assert!(way.ends_with("%23field-hub_registry"), "{way}");
    form.shows("The organization has no registry for Docker Hub yet.");
}

#[tokio::test]
async fn a_way_back_never_leaves_the_organization() {
    let (app, mut client) = TestApp::set_up().await;
    let (host, list) = (app.registry.host(), "/organizations/acme/settings/credentials/registries");
    let evil = [
        "//evil.example/organizations/acme/",
        "https://evil.example/",
        "/organizations/globex/projects/x/components/new",
        "/organizations/acme/../globex/projects",
        "/sign-out",
        "\"><script>alert(1)</script>",
    ];
    for (turn, back) in evil.into_iter().enumerate() {
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs([("vendor", "other"), ("return", back)]).finish();
        let panel = client.get(&format!("{list}/new?{query}")).await.is(StatusCode::OK);
        assert_eq!(panel.field("return"), None, "{back}");
        assert!(!panel.text().contains("evil.example") && !panel.text().contains("globex") && !panel.text().contains("<script>alert"));
        let name = format!("Own {turn}");
        let fields = [("organization", "acme"), ("display_name", &name), ("authentication", "public"), ("host", &host), ("return", back)];
        client.post_form("/do/add_registry", &fields).await.goes_to(list);
    }
}

#[tokio::test]
async fn a_developer_creates_but_does_not_add_registries() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let mut developer = app.developer().await;
    let page = check(&mut developer, &form.service()).await;
    page.shows("Create component");
    developer.post_form(PATH, &form.service()).await.goes_to(&format!("{PROJECT}/components/my-greeter/deploy"));
    // `add_registry` is for admins; who is none stays on the form.
    let adding = at("", &[("type", "service"), ("add_registry", "registry")]);
    developer.get(&adding).await.is(StatusCode::OK).shows("Identity");
}

#[tokio::test]
async fn a_developer_without_a_registry_sees_who_can_add_one() {
    let (app, _) = TestApp::set_up().await;
    let mut developer = app.developer().await;
    let typed = at("", &[("type", "service"), ("source", "registry")]);
    let page =
        developer.get(&typed).await.is(StatusCode::OK).shows("The organization has no registry of another host than Docker Hub yet.");
    page.shows("Ask ada@example.com, who is an organization admin, to add one.").hides("Add Registry");
    app.forget_registries().await;
    let page = developer.get(&typed).await.is(StatusCode::OK).shows("No registry to bring an image from");
    page.shows("Ask ada@example.com, who is an organization admin, to add one.").hides("Add Registry");
}

#[tokio::test]
async fn nothing_from_the_address_becomes_markup() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    const EVIL: &str = "\"><script>alert(1)</script>";
    let names =
        form.service().into_iter().map(|(name, _)| name).chain(["type", "hub_registry", "port", "cron", "time_zone", "concurrency"]);
    let all: Vec<_> =
        names.chain(["profile", "profile_was", "port_was", "description", "inspect", "change_type", "add_registry"]).collect();
    for kind in ["service", "web_application", "scheduled_task", "manual_task"] {
        for step in ["", "/check", "/tags"] {
            for spoiled in
                all.iter().map(|name| with(&form.of(kind), &[(name, EVIL)])).chain([all.iter().map(|name| (*name, EVIL)).collect()])
            {
                let answer = client.get(&at(step, &spoiled)).await;
                assert!(answer.status.as_u16() < 500 && !answer.text().contains("<script>alert"), "{step} {spoiled:?}");
            }
        }
    }
    let fragments = ["/fragments/organizations/acme/schedule?cron=", &format!("/fragments{PROJECT}/component-name?name=")];
    for fragment in fragments {
        let evil = url::form_urlencoded::byte_serialize(EVIL.as_bytes()).collect::<String>();
        let answer = client.get(&format!("{fragment}{evil}&display_name={evil}&time_zone={evil}")).await.is(StatusCode::OK);
        assert!(!answer.text().contains("<script>"), "{}", answer.text());
    }
}

#[tokio::test]
async fn other_organizations_projects_and_registries_do_not_exist() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let mut stranger = app.stranger().await;
    for organization in ["acme", "globex", "nowhere", ""] {
        stranger.fetch(PATH, &with(&form.service(), &[("organization", organization)])).await.is(StatusCode::NOT_FOUND);
    }
    let at_home = with(&form.service(), &[("organization", "globex"), ("project", "default-project")]);
    assert_eq!(refused(&mut stranger, PATH, &at_home).await, ["registry"], "its own project, acme's registry");
    stranger.get(&at("/check", &form.service())).await.is(StatusCode::NOT_FOUND).hides("My Greeter");
    assert_eq!(app.count("SELECT COUNT(*) FROM components").await, 0);
}

#[tokio::test]
async fn a_registry_that_was_missing_leads_back_to_the_choice_of_it() {
    let (app, mut client) = TestApp::set_up().await;
    let typed = [("type", "service"), ("display_name", "Kept"), ("source", "registry")];
    let way = client.get(&at("", &[&typed[..], &[("add_registry", "registry")]].concat())).await.location();
    let vendors = client.get(&way).await.is(StatusCode::OK);
    let back = client.get(&link(&vendors, "vendor=other&return=")).await.is(StatusCode::OK).field("return").unwrap();
    assert_eq!(back, format!("{}#field-registry", own_page(&typed)));
    let (host, added) = (app.registry.host(), [("organization", "acme"), ("display_name", "Own"), ("authentication", "public")]);
    let location = client.post_form("/do/add_registry", &[&added[..], &[("host", &host), ("return", &back)]].concat()).await.location();
    let id = app.registry_id("Own").await.to_string();
    assert_eq!(location, format!("{}#field-registry", own_page(&[&typed[..], &[("registry", &id)]].concat())));
    let form = client.get(location.split('#').next().unwrap()).await.is(StatusCode::OK);
    assert!(form.tags().any(|tag| tag.contains("id=\"field-registry\"")), "one lands there");
}

#[tokio::test]
async fn an_inspection_replaces_what_an_older_one_filled_in() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let image = [("registry", form.registry.as_str()), ("image", &form.image), ("source", "registry"), ("inspect", "1")];
    for (kind, field) in [("service", "endpoint_port"), ("web_application", "port")] {
        let inspected = async |client: &mut Client, port: &str, was: &str| {
            let typed = [&image[..], &[("type", kind), (field, port), ("port_was", was)]].concat();
            let page = client.get(&at("", &typed)).await.is(StatusCode::OK).shows("The image was inspected.");
            (page.field(field).unwrap(), page.field("port_was").unwrap())
        };
        assert_eq!(inspected(&mut client, "3000", "3000").await, ("8080".into(), "8080".into()), "{kind}");
        assert_eq!(inspected(&mut client, "", "").await, ("8080".into(), "8080".into()), "{kind}");
        assert_eq!(inspected(&mut client, "3000", "").await, ("3000".into(), String::new()), "{kind}: typed");
        assert_eq!(inspected(&mut client, "3000", "9000").await, ("3000".into(), "9000".into()), "{kind}: typed over");
    }
}

#[tokio::test]
async fn inspect_lands_at_the_answer_and_says_what_is_not_known() {
    let (app, mut client) = TestApp::set_up().await;
    let form = Form::new(&app, &mut client).await;
    let typed = [&form.of("service")[..], &[("inspect", "1")]].concat();
    let page = client.get(&at("", &typed)).await.is(StatusCode::OK).hides("are not known").hides("Looked at");
    let inspect = page.tags().find(|tag| tag.starts_with("<button") && tag.contains("name=\"inspect\"")).unwrap();
    assert!(inspect.contains("/components/new#inspected\""), "{inspect}");
    assert!(page.tags().any(|tag| tag.contains("id=\"inspected\"") && tag.contains("tabindex=\"-1\"")), "{}", page.text());
    // The simulated data plane needs no nodes; of a cluster they may not have been seen yet.
    let mut client = app.on_a_cluster().await;
    client.get(&at("", &typed)).await.is(StatusCode::OK).shows("The platforms of the cluster's nodes are not known");
    let mut tx = app.context().db.begin().await.unwrap();
    const SEEN: &str = "INSERT INTO data_plane_nodes (data_plane, os, architecture, nodes, seen_at)
        VALUES ('configured', 'linux', 'amd64', 1, 1)";
    execute!(tx, SEEN).unwrap();
    tx.commit().await.unwrap();
    client.get(&at("", &typed)).await.is(StatusCode::OK).shows("The image was inspected.").hides("are not known");
}
