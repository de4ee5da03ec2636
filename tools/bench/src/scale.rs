//! A project of ten thousand components and one of ten, of all four kinds: rows as the verbs write them, put in at once, for
//! ten thousand deployments by the worker would take longer than the bench. In an organization of their own, so that the
//! other pages weigh what they always did. Prints `scale KEY PATH NAME` for each page of theirs to put under load.

use std::io::Write as _;

use anyhow::Context as _;
use slipway::{
    domain::{
        Caller, Context, Origin,
        components::{Kind, Workload},
        db::Tx,
        endpoints::{Endpoint, EndpointKind, Visibility, write_a},
        organizations::{self, Environment, Project},
        people::{self, Person},
        registries::{self, Registry},
        schedule::{Concurrency, Schedule},
    },
    execute,
    web::paths,
};
use sqlx::types::Json;
use uuid::Uuid;

const MANY: usize = 10_000;
const FEW: usize = 10;
/// The page far down that is compared with the first one.
const FAR: usize = 150;
/// What each kind is named, in the order of [`Kind::ALL`].
const NAMES: [&str; 4] = ["Order Service", "Storefront", "Nightly Report", "Clean Up"];

const ADD_PROJECT: &str = "INSERT INTO projects (id, organization_id, name, display_name, created_at) VALUES ($1, $2, $3, $4, $5)";
const ADD_COMPONENT: &str =
    "INSERT INTO components (id, organization_id, project_id, name, display_name, description, kind, workload, registry_id,
    image, endpoints_yaml, profile, created_by, created_at) VALUES ($1, $2, $3, $4, $5, '', $6, $7, $8, $9, $10, 'default', $11, $12)";
const ADD_DEPLOYMENT: &str =
    "INSERT INTO deployments (id, organization_id, project_id, component_id, environment_id, registry_id, image, digest,
    endpoints_yaml, workload, profile, state, created_by, created_at, resolved_at, applied_at, ended_at, attempts, not_before, lease_until)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'default', $11, $12, $13, $13, $13, $13, 1, 0, 0)";
const ADD_EVENT: &str = "INSERT INTO deployment_events (id, organization_id, deployment_id, at, level, message)
    VALUES ($1, $2, $3, $4, 'info', 'Active')";

pub async fn run(context: &Context, person: &Person) -> anyhow::Result<()> {
    let organization = organizations::create_organization(context, person, "Scale", &Origin::default()).await?.name;
    let caller = people::caller(context, person.id, &organization, Origin::default()).await?;
    let filler = Filler {
        context,
        caller: &caller,
        registry: registries::choices(context, &caller).await?.pop().context("there is no registry")?,
        environments: organizations::environments(context, &caller).await?,
    };
    let names = filler.fill("Ten Thousand", MANY).await?;
    filler.fill("Ten", FEW).await?;
    print(&organization, &names)
}

struct Filler<'a> {
    context: &'a Context,
    caller: &'a Caller,
    registry: Registry,
    environments: Vec<Environment>,
}

/// What the rows of one component share.
struct Made {
    id: Uuid,
    project_id: Uuid,
    workload: Workload,
    endpoints_yaml: String,
    image: String,
}

impl Filler<'_> {
    /// A project with so many components; their names in the order of the listing.
    async fn fill(&self, display_name: &str, count: usize) -> anyhow::Result<Vec<String>> {
        let project =
            Project { id: self.context.new_id(), name: organizations::suggest_name(display_name), display_name: display_name.to_owned() };
        let mut tx = self.context.db.begin().await?;
        let organization = self.caller.organization_id;
        execute!(tx, ADD_PROJECT, project.id, organization, &project.name, &project.display_name, self.context.now())?;
        for environment in &self.environments {
            organizations::namespace(&mut tx, organization, project.id, environment.id).await?;
        }
        let mut names = Vec::with_capacity(count);
        for number in 0..count {
            names.push(self.component(&mut tx, &project, number).await?);
        }
        tx.commit().await?;
        names.sort();
        Ok(names)
    }

    async fn component(&self, tx: &mut Tx, project: &Project, number: usize) -> anyhow::Result<String> {
        let kind = Kind::ALL[number % Kind::ALL.len()];
        let display_name = format!("{} {number:05}", NAMES[number % NAMES.len()]);
        let name = organizations::suggest_name(&display_name);
        let made = Made {
            id: self.context.new_id(),
            project_id: project.id,
            workload: workload(kind),
            endpoints_yaml: write_a(&endpoints(kind)),
            image: format!("{}/acme/{name}:1.{}", self.registry.host, number % 10),
        };
        execute!(
            tx,
            ADD_COMPONENT,
            made.id,
            self.caller.organization_id,
            made.project_id,
            &name,
            &display_name,
            kind.as_str(),
            Json(&made.workload),
            self.registry.id,
            &made.image,
            &made.endpoints_yaml,
            &self.caller.email,
            self.context.now()
        )?;
        self.deployments(tx, &made, number).await?;
        Ok(name)
    }

    /// Most ran once and are replaced in Development by what runs now; some failed, every other one is in Production too, and
    /// every fiftieth was never deployed. None is open: the console then has nothing to do but to answer.
    async fn deployments(&self, tx: &mut Tx, made: &Made, number: usize) -> anyhow::Result<()> {
        if number % 50 == 49 {
            return Ok(());
        }
        let newest = if number % 21 == 7 { "failed" } else { "active" };
        self.deployment(tx, made, 0, if number % 21 == 7 { "active" } else { "replaced" }).await?;
        self.deployment(tx, made, 0, newest).await?;
        if number.is_multiple_of(2) {
            self.deployment(tx, made, 1, "active").await?;
        }
        Ok(())
    }

    async fn deployment(&self, tx: &mut Tx, made: &Made, environment: usize, state: &str) -> anyhow::Result<()> {
        let environment = self.environments.get(environment).context("there is no such environment")?;
        let (id, now) = (self.context.new_id(), self.context.now());
        execute!(
            tx,
            ADD_DEPLOYMENT,
            id,
            self.caller.organization_id,
            made.project_id,
            made.id,
            environment.id,
            self.registry.id,
            &made.image,
            format!("sha256:{}", "0a".repeat(32)),
            &made.endpoints_yaml,
            Json(&made.workload),
            state,
            &self.caller.email,
            now
        )?;
        execute!(tx, ADD_EVENT, self.context.new_id(), self.caller.organization_id, id, now)?;
        Ok(())
    }
}

fn workload(kind: Kind) -> Workload {
    match kind {
        Kind::Service => Workload::Service,
        Kind::WebApplication => Workload::WebApplication { port: 8080 },
        Kind::ScheduledTask => {
            Workload::ScheduledTask(Schedule { cron: "0 3 * * *".into(), time_zone: "UTC".into(), concurrency: Concurrency::Forbid })
        }
        Kind::ManualTask => Workload::ManualTask,
    }
}

fn endpoints(kind: Kind) -> Vec<Endpoint> {
    let endpoint = Endpoint {
        name: "default".into(),
        display_name: None,
        port: 8080,
        kind: EndpointKind::Rest,
        visibilities: vec![Visibility::Project],
        context: Some("/".into()),
        schema_file_path: None,
    };
    if kind == Kind::Service { vec![endpoint] } else { Vec::new() }
}

fn print(organization: &str, names: &[String]) -> anyhow::Result<()> {
    let (many, few) = (paths::project(organization, "ten-thousand"), paths::project(organization, "ten"));
    let before = names.get((FAR - 1) * slipway::domain::components::PAGE - 1).context("the project has too few pages")?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "scale few {few} listing of {FEW} components")?;
    writeln!(out, "scale first {many} listing of {MANY}, page 1")?;
    writeln!(out, "scale far {many}?after={before} listing of {MANY}, page {FAR}")?;
    writeln!(out, "scale filtered {many}?type=manual_task&status=failed listing of {MANY}, filtered")?;
    writeln!(out, "scale searched {many}?q=report+09 listing of {MANY}, searched")?;
    Ok(())
}
