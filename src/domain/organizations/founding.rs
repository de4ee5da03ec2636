//! How an organization comes to be: the first one with the console itself, others by a person who is signed in.
//! All of it is one transaction, audit rows included.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use secrecy::SecretString;
use serde_json::json;
use uuid::Uuid;

use super::{Environment, Organization, Project, check_display_name, setup_code, store, suggest_name};
use crate::domain::{
    Context, Origin, audit,
    db::Tx,
    people::{self, Email, Person, Role},
    problem::{Error, Problem, Problems, Result},
};

/// The project that [`create_organization`] starts with.
const FIRST_PROJECT: &str = "Default Project";
const DOCKER_HUB: (&str, &str) = ("Docker Hub (public)", "docker.io");

/// What the first start asks for, as typed.
#[derive(Debug)]
pub struct NewInstallation {
    pub email: String,
    pub password: SecretString,
    /// Display name of the first organization.
    pub organization: String,
    /// Display name of its first project.
    pub project: String,
}

/// Whether the console still waits for its first person.
pub async fn needs_setup(context: &Context) -> Result<bool> {
    Ok(!people::any_exists(&context.db).await?)
}

/// [`needs_setup`] for a guard that asks at every request: once set up is set up for good, and asks no more.
#[derive(Clone, Debug, Default)]
pub struct SetupGate(Arc<AtomicBool>);

impl SetupGate {
    /// Asks the database until the answer is no.
    pub async fn needs_setup(&self, context: &Context) -> Result<bool> {
        if self.0.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let needs_setup = needs_setup(context).await?;
        self.0.store(!needs_setup, Ordering::Relaxed);
        Ok(needs_setup)
    }
}

/// Makes the first person, an admin, with their organization. [`Error::Conflict`] (`already_set_up`) when somebody was first.
/// Whether the caller knows the setup code is the caller's to check.
pub async fn setup(context: &Context, new: NewInstallation, origin: &Origin) -> Result<Person> {
    let mut problems = Problems::default();
    let email = problems.keep(Email::parse("email", &new.email));
    problems.keep(people::check_password("password", &new.password));
    let organization = problems.keep(check_display_name("organization", &new.organization));
    let project = problems.keep(check_display_name("project", &new.project));
    let (Some(email), Some(organization), Some(project), true) = (email, organization, project, problems.is_empty()) else {
        return Err(problems.into());
    };
    // Asked first so that a late comer costs no hash; what counts is the claim below.
    if !needs_setup(context).await? {
        return Err(already_set_up());
    }
    let hash = people::hash_password(context, new.password).await?;
    let person = Person { id: context.new_id(), email: email.as_str().to_owned(), time_zone: None, created_at: context.now() };

    let mut tx = context.db.begin().await?;
    // The unique row decides between two that come at once, on both databases.
    if !store::add_fact(&mut tx, "set_up_by", email.as_str()).await? {
        return Err(already_set_up());
    }
    people::insert(&mut tx, &person, email.key(), &hash).await?;
    let founding = Founding { person: &person, origin, field: "organization" };
    founding.found(context, &mut tx, organization, project).await?;
    setup_code::forget(&mut tx).await?;
    tx.commit().await?;
    Ok(person)
}

/// Makes another organization, with the person as its admin. Problems name `display_name`.
pub async fn create_organization(context: &Context, person: &Person, display_name: &str, origin: &Origin) -> Result<Organization> {
    let display_name = check_display_name("display_name", display_name)?;
    let mut tx = context.db.begin().await?;
    let founding = Founding { person, origin, field: "display_name" };
    let organization = founding.found(context, &mut tx, display_name, FIRST_PROJECT.to_owned()).await?;
    tx.commit().await?;
    Ok(organization)
}

fn already_set_up() -> Error {
    Error::Conflict { code: "already_set_up", message: "This console is set up already. Sign in instead.".into() }
}

/// Who founds an organization, from where, and which field a problem with its name belongs to.
struct Founding<'a> {
    person: &'a Person,
    origin: &'a Origin,
    field: &'static str,
}

impl Founding<'_> {
    /// The organization with its admin, a project, two environments and the registry everybody can read.
    async fn found(&self, context: &Context, tx: &mut Tx, display_name: String, project: String) -> Result<Organization> {
        let organization = Organization { id: context.new_id(), name: suggest_name(&display_name), display_name };
        if !store::insert(tx, &organization, context.now()).await? {
            let message = format!("There is an organization named {} already. Choose another display name.", organization.name);
            return Err(Problem::new(self.field, "name_taken", message).into());
        }
        self.audit(context, tx, organization.id, "organization.create", "organization", (organization.id, &organization.display_name))
            .await?;
        people::insert_membership(tx, organization.id, self.person.id, Role::Admin, context.now()).await?;
        self.audit(context, tx, organization.id, "member.add", "person", (self.person.id, &self.person.email)).await?;
        self.add_project(context, tx, organization.id, project).await?;
        self.add_environment(context, tx, organization.id, "Development", 1, false).await?;
        self.add_environment(context, tx, organization.id, "Production", 2, true).await?;
        self.add_docker_hub(context, tx, organization.id).await?;
        Ok(organization)
    }

    async fn add_project(&self, context: &Context, tx: &mut Tx, organization_id: Uuid, display_name: String) -> Result<()> {
        let project = Project { id: context.new_id(), name: suggest_name(&display_name), display_name };
        store::insert_project(tx, organization_id, &project, context.now()).await?;
        self.audit(context, tx, organization_id, "project.create", "project", (project.id, &project.display_name)).await
    }

    async fn add_environment(
        &self,
        context: &Context,
        tx: &mut Tx,
        organization_id: Uuid,
        display_name: &str,
        position: i32,
        production: bool,
    ) -> Result<()> {
        let environment = Environment {
            id: context.new_id(),
            name: suggest_name(display_name),
            display_name: display_name.to_owned(),
            position,
            production,
            host_prefix: None,
        };
        store::insert_environment(tx, organization_id, &environment, context.now()).await?;
        self.audit(context, tx, organization_id, "environment.create", "environment", (environment.id, display_name)).await
    }

    async fn add_docker_hub(&self, context: &Context, tx: &mut Tx, organization_id: Uuid) -> Result<()> {
        let (display_name, host) = DOCKER_HUB;
        let registry = store::PublicRegistry { id: context.new_id(), display_name, host, created_by: &self.person.email };
        let id = registry.id;
        store::insert_registry(tx, organization_id, registry, context.now()).await?;
        self.audit(context, tx, organization_id, "registry.add", "registry", (id, display_name)).await
    }

    async fn audit(
        &self,
        context: &Context,
        tx: &mut Tx,
        organization_id: Uuid,
        action: &'static str,
        target_kind: &'static str,
        (target_id, target_name): (Uuid, &str),
    ) -> Result<()> {
        let entry = audit::Entry {
            organization_id,
            actor: &self.person.email,
            origin: self.origin,
            action,
            target_kind,
            target_id: Some(target_id),
            target_name,
            detail: json!({}),
        };
        audit::write(context, tx, entry).await
    }
}
