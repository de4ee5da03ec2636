use secrecy::SecretString;

use super::*;
use crate::{
    domain::{
        people,
        testing::{EMAIL, PASSWORD, TestBed, new_installation, origin},
    },
    fetch_all, fetch_one,
};

const REGISTRIES: &str = "SELECT display_name, display_name_key, authentication, host, created_by FROM registries";
const AUDITED: &str = "SELECT action, target_name FROM audit WHERE actor = $1 AND address = '192.0.2.7' ORDER BY id";

async fn ada(bed: &TestBed, organization: &str) -> Result<Caller> {
    let person = people::sign_in(&bed.context, EMAIL, &PASSWORD.into(), &origin()).await?;
    people::caller(&bed.context, person.id, organization, origin()).await
}

#[tokio::test]
async fn setup_makes_all_that_a_first_deployment_needs() {
    let bed = TestBed::new().await;
    assert!(needs_setup(&bed.context).await.unwrap());
    setup(&bed.context, new_installation(), &origin()).await.unwrap();
    assert!(!needs_setup(&bed.context).await.unwrap());

    let caller = ada(&bed, "acme").await.unwrap();
    let organization = organization(&bed.context, &caller).await.unwrap();
    assert_eq!((organization.name.as_str(), organization.display_name.as_str()), ("acme", "Acme"));
    let projects = projects(&bed.context, &caller).await.unwrap();
    assert_eq!(projects.iter().map(|project| project.display_name.as_str()).collect::<Vec<_>>(), ["Web Shop"]);
    assert_eq!(project(&bed.context, &caller, "web-shop").await.unwrap(), projects[0]);
    let environments = environments(&bed.context, &caller).await.unwrap();
    let shown: Vec<_> = environments.iter().map(|e| (e.name.as_str(), e.display_name.as_str(), e.position, e.production)).collect();
    assert_eq!(shown, [("development", "Development", 1, false), ("production", "Production", 2, true)]);
    assert_eq!(environment(&bed.context, &caller, "production").await.unwrap(), environments[1]);

    type Registry = (String, String, String, String, String);
    let registry = fetch_one!(bed.context.db, Registry, REGISTRIES).unwrap();
    let expected = ["Docker Hub (public)", "docker hub (public)", "public", "docker.io", EMAIL].map(str::to_owned);
    assert_eq!(<[String; 5]>::from(registry), expected);
}

#[tokio::test]
async fn setup_is_audited() {
    let (bed, _) = TestBed::set_up().await;
    let mut rows = fetch_all!(bed.context.db, (String, String), AUDITED, EMAIL).unwrap();
    rows.sort();
    let rows: Vec<_> = rows.iter().map(|(action, target)| (action.as_str(), target.as_str())).collect();
    let expected = [
        ("environment.create", "Development"),
        ("environment.create", "Production"),
        ("member.add", EMAIL),
        ("organization.create", "Acme"),
        ("project.create", "Web Shop"),
        ("registry.add", "Docker Hub (public)"),
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn setup_tells_all_problems_at_once() {
    let bed = TestBed::new().await;
    let new =
        NewInstallation { email: "ada".into(), password: SecretString::from("short"), organization: "2".into(), project: String::new() };
    let Err(Error::Invalid(problems)) = setup(&bed.context, new, &origin()).await else { panic!("it was accepted") };
    let told: Vec<_> = problems.0.iter().map(|problem| (&*problem.field, &*problem.code)).collect();
    let expected =
        [("email", "invalid_email"), ("password", "password_too_short"), ("organization", "display_name_length"), ("project", "required")];
    assert_eq!(told, expected);
    assert!(needs_setup(&bed.context).await.unwrap());
}

#[tokio::test]
async fn the_console_is_set_up_once_even_by_two_at_a_time() {
    let bed = TestBed::new().await;
    let attempt = |email: &str| {
        let new = NewInstallation { email: email.into(), ..new_installation() };
        let context = bed.context.clone();
        async move { setup(&context, new, &origin()).await }
    };
    let (first, second) = tokio::join!(attempt("ada@example.com"), attempt("eve@example.com"));
    let refused =
        [first, second].into_iter().filter(|result| matches!(result, Err(Error::Conflict { code: "already_set_up", .. }))).count();
    assert_eq!(refused, 1);
    assert!(matches!(attempt("late@example.com").await, Err(Error::Conflict { code: "already_set_up", .. })));
    assert_eq!(fetch_one!(bed.context.db, (i64,), "SELECT COUNT(*) FROM people").unwrap().0, 1);
    assert_eq!(fetch_one!(bed.context.db, (i64,), "SELECT COUNT(*) FROM organizations").unwrap().0, 1);
}

#[tokio::test]
async fn the_gate_opens_with_the_setup() {
    let bed = TestBed::new().await;
    let gate = SetupGate::default();
    assert!(gate.needs_setup(&bed.context).await.unwrap());
    setup(&bed.context, new_installation(), &origin()).await.unwrap();
    assert!(!gate.needs_setup(&bed.context).await.unwrap());
    bed.context.db.close().await;
    assert!(!gate.needs_setup(&bed.context).await.unwrap(), "without asking the database");
}

#[tokio::test]
async fn a_second_organization_is_apart_from_the_first() {
    let (bed, person) = TestBed::set_up().await;
    let other = create_organization(&bed.context, &person, "Other Works", &origin()).await.unwrap();
    assert_eq!(other.name, "other-works");
    let (acme, other) = (ada(&bed, "acme").await.unwrap(), ada(&bed, "other-works").await.unwrap());
    assert_eq!(environments(&bed.context, &other).await.unwrap().len(), 2);
    project(&bed.context, &other, "default-project").await.unwrap();
    assert!(matches!(project(&bed.context, &acme, "default-project").await, Err(Error::NotFound)));
    assert!(matches!(project(&bed.context, &other, "web-shop").await, Err(Error::NotFound)));
}

#[tokio::test]
async fn an_organization_name_is_taken_once() {
    let (bed, person) = TestBed::set_up().await;
    let Err(Error::Invalid(problems)) = create_organization(&bed.context, &person, "ACME", &origin()).await else {
        panic!("it was accepted")
    };
    assert_eq!((&*problems.0[0].field, &*problems.0[0].code), ("display_name", "name_taken"));
}

#[tokio::test]
async fn a_namespace_is_stored_once_and_only_within_its_organization() {
    let (bed, person) = TestBed::set_up().await;
    create_organization(&bed.context, &person, "Other Works", &origin()).await.unwrap();
    let (acme, other) = (ada(&bed, "acme").await.unwrap(), ada(&bed, "other-works").await.unwrap());
    let project = project(&bed.context, &acme, "web-shop").await.unwrap().id;
    let [dev, foreign] = [&acme, &other].map(async |caller| environment(&bed.context, caller, "development").await.unwrap().id);
    let (dev, foreign) = (dev.await, foreign.await);
    assert_eq!(stored_namespace(&bed.context, acme.organization_id, project, dev).await.unwrap(), None);

    let mut tx = bed.context.db.begin().await.unwrap();
    let name = namespace(&mut tx, acme.organization_id, project, dev).await.unwrap();
    assert!(name.starts_with("slw-acme-web-shop-development-"), "{name}");
    assert_eq!(namespace(&mut tx, acme.organization_id, project, dev).await.unwrap(), name);
    assert!(matches!(namespace(&mut tx, acme.organization_id, project, foreign).await, Err(Error::NotFound)));
    assert!(matches!(namespace(&mut tx, other.organization_id, project, dev).await, Err(Error::NotFound)));
    tx.commit().await.unwrap();
    assert_eq!(stored_namespace(&bed.context, acme.organization_id, project, dev).await.unwrap(), Some(name));
}
