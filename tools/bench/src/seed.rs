//! `bench seed`: an organization of some size, made by the same verbs as the console's. Prints what `script/bench` needs:
//! `cookie NAME=VALUE` of a signed-in person, `load PATH NAME` for each page to put under load, `page PATH NAME` for
//! each other page to weigh, and what [`scale`] prints.

use std::{io::Write as _, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use slipway::{
    domain::{
        Caller, Context, Origin,
        components::{self, Component, FirstEndpoint, NewComponent},
        deployments::{
            self, Change, State,
            worker::{Step, Worker},
        },
        organizations::{self, Environment, NewInstallation, Project},
        people::{self, Person},
        registries::{self, NewRegistry, Registry},
    },
    outside::simulated::SimulatedDataPlane,
    web::{paths, session},
};
use tower_sessions::Session;
use uuid::Uuid;

use super::scale;

/// Registries, with the Docker Hub that every organization begins with; and components. Both fill a page of their lists.
const ROWS: usize = 50;
/// As an http base URL names it.
const COOKIE: &str = "slipway";

/// By its name, the organization that all but [`scale`] work in.
pub const ORGANIZATION: &str = "acme";
/// Who signs in.
pub const EMAIL: &str = "ada@example.com";
pub const PASSWORD: &str = "correct horse battery";

pub async fn run(context: &Context) -> anyhow::Result<()> {
    let person = set_up(context).await?;
    let caller = people::caller(context, person.id, ORGANIZATION, Origin::default()).await?;
    let project = organizations::projects(context, &caller).await?.pop().context("the organization has no project")?;
    for number in 1..ROWS {
        add_registry(context, &caller, number).await?;
    }
    let development = organizations::environments(context, &caller).await?.into_iter().next().context("there is no environment")?;
    let registries = registries::choices(context, &caller).await?;
    for registry in &registries {
        // The console then has none to check while it is measured.
        registries::check(context, &caller, registry.id).await?.map_err(|problem| anyhow::anyhow!(problem.sentence()))?;
    }
    let mut newest = None;
    for (number, registry) in registries.iter().enumerate() {
        newest = Some(add_component(context, &caller, &project, &development, registry, number).await?);
    }
    work_off(context, &caller, &project).await?;
    let component = newest.context("no component was made")?;
    let registry = registries.last().context("there is no registry")?;
    print(&sign_in(context, &person).await?, ORGANIZATION, registry.id, &project.name, &component.name)?;
    scale::run(context, &person).await
}

async fn set_up(context: &Context) -> anyhow::Result<Person> {
    let new = NewInstallation { email: EMAIL.into(), password: PASSWORD.into(), organization: "Acme".into(), project: "Web Shop".into() };
    Ok(organizations::setup(context, new, &Origin::default()).await?)
}

async fn add_registry(context: &Context, caller: &Caller, number: usize) -> anyhow::Result<()> {
    let authentication = if number.is_multiple_of(2) { "public" } else { "basic" };
    let new = NewRegistry {
        display_name: format!("Registry of team {number:02}"),
        authentication: authentication.into(),
        host: format!("registry-{number:02}.example.com"),
        username: "robot".into(),
        password: "correct horse battery".into(),
        ..NewRegistry::default()
    };
    registries::add(context, caller, new).await?;
    Ok(())
}

/// A component that is deployed to the first environment.
async fn add_component(
    context: &Context,
    caller: &Caller,
    project: &Project,
    environment: &Environment,
    registry: &Registry,
    number: usize,
) -> anyhow::Result<Component> {
    let new = NewComponent {
        kind: "service".into(),
        display_name: format!("Order Service {number:02}"),
        registry: registry.id.to_string(),
        image: format!("{}/acme/order-service-{number:02}:1.0", registry.host),
        endpoint: FirstEndpoint { port: "8080".into(), kind: "REST".into(), visibility: "Public".into(), ..FirstEndpoint::default() },
        ..NewComponent::default()
    };
    let component = components::create(context, caller, project, new).await?;
    deployments::deploy(context, caller, &component, environment, Change::Tag("1.1".into())).await?;
    Ok(component)
}

/// Takes every deployment to its end, so that the console has nothing to do but to answer.
async fn work_off(context: &Context, caller: &Caller, project: &Project) -> anyhow::Result<()> {
    let worker = Worker::new(context.clone(), Arc::new(SimulatedDataPlane::new(Duration::from_millis(1))));
    while let Some(claim) = worker.claim().await? {
        while worker.step(&claim).await? == Step::Further {}
    }
    let listed = components::list(context, caller, project, &components::Filter::default(), None).await?;
    let active = listed.iter().flat_map(|row| &row.statuses).filter(|status| status.state == State::Active).count();
    ensure!(active == ROWS, "{active} deployments are Active; all {ROWS} should be");
    Ok(())
}

/// The cookie of a session as signing in makes it.
async fn sign_in(context: &Context, person: &Person) -> anyhow::Result<String> {
    let session = Session::new(None, Arc::new(session::Store::new(context)), None);
    session::sign_in(&session, person.id).await?;
    session.save().await?;
    Ok(format!("{COOKIE}={}", session.id().context("the session was not stored")?))
}

fn print(cookie: &str, organization: &str, registry: Uuid, project: &str, component: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "cookie {cookie}")?;
    writeln!(out, "load {} registry list, {ROWS} rows", paths::registries(organization))?;
    writeln!(out, "load {} component listing, {ROWS} rows", paths::project(organization, project))?;
    for (path, name) in [
        (paths::SIGN_IN.to_owned(), "sign-in"),
        (paths::organization(organization), "organization"),
        (paths::new_registry(organization), "add registry, vendors"),
        (format!("{}?vendor=ghcr", paths::new_registry(organization)), "add registry, form"),
        (paths::registry(organization, registry), "registry"),
        (paths::new_component(organization, project), "create a component"),
        (paths::component(organization, project, component), "component"),
        (paths::deploy(organization, project, component), "deploy"),
        (paths::update_image(organization, project, component), "update image"),
        (paths::review_update(organization, project, component), "what changes"),
        (paths::endpoints(organization, project, component), "endpoints"),
        (paths::edit_endpoints(organization, project, component), "endpoints.yaml editor"),
        (paths::component_settings(organization, project, component), "component settings"),
        (paths::deployments(organization, project, component), "deployments"),
    ] {
        writeln!(out, "page {path} {name}")?;
    }
    Ok(())
}
