//! `bench verbs`: what grows with the size of things, measured in this process against the same thing small, or without the
//! cache. Every line has both numbers and their ratio. Works on the data that `bench seed` made.

use std::{io::Write as _, sync::Arc, time::Duration};

use anyhow::{Context as _, ensure};
use slipway::{
    domain::{
        Caller, Context, Origin, people,
        pull_secrets::{self, Keeper},
        registries::{self, NewRegistry, NewSecret, Registry},
    },
    execute,
    outside::simulated::SimulatedDataPlane,
};
use tokio::time::Instant;

use super::{registry::TAGS, seed};

/// Namespaces that one registry's credential lies in.
const NAMESPACES: usize = 200;
const ROUNDS: usize = 21;

const ADD_PROJECT: &str = "INSERT INTO projects (id, organization_id, name, display_name, created_at) VALUES ($1, $2, $3, $3, 0)";
const ADD_NAMESPACE: &str = "INSERT INTO namespaces (organization_id, project_id, environment_id, name)
    SELECT $1, $2, id, $3 FROM environments WHERE organization_id = $1 AND position = (SELECT min(position) FROM environments WHERE organization_id = $1)";
const ADD_COMPONENT: &str = "INSERT INTO components (id, organization_id, project_id, name, display_name, description, kind, registry_id,
    image, endpoints_yaml, created_by, created_at) VALUES ($1, $2, $3, 'bench', 'Bench', '', 'service', $4, $5, '', 'bench', 0)";
const ADD_DEPLOYMENT: &str = "INSERT INTO deployments (id, organization_id, project_id, component_id, environment_id, registry_id, image,
    endpoints_yaml, state, created_by, created_at, attempts, not_before, lease_until)
    SELECT $1, $2, $3, $4, environment_id, $5, $6, '', 'active', 'bench', 0, 0, 0, 0 FROM namespaces WHERE project_id = $3";
const ADD_SECRET: &str = "INSERT INTO pull_secrets (organization_id, registry_id, project_id, environment_id, applied_version, attempts,
    not_before, lease_until) SELECT $1, $2, $3, environment_id, 0, 0, 0, 0 FROM namespaces WHERE project_id = $3";

pub async fn run(context: &Context) -> anyhow::Result<()> {
    let person = people::sign_in(context, seed::EMAIL, &seed::PASSWORD.into(), &Origin::default()).await?;
    let caller = people::caller(context, person.id, seed::ORGANIZATION, Origin::default()).await?;
    secrets(context, &caller).await?;
    tags(context, &caller).await
}

/// Replaces a secret that lies in many namespaces, and one that lies in one.
async fn secrets(context: &Context, caller: &Caller) -> anyhow::Result<()> {
    let (many, one) = (registry(context, caller, "Everywhere", NAMESPACES).await?, registry(context, caller, "Once", 1).await?);
    let keeper = Keeper::new(context.clone(), Arc::new(SimulatedDataPlane::new(Duration::from_millis(1))));
    while keeper.step().await? {}
    let (mut replaced, mut brought) = ([Vec::new(), Vec::new()], [Vec::new(), Vec::new()]);
    for round in 0..ROUNDS {
        for (place, registry) in [&many, &one].into_iter().enumerate() {
            let begin = Instant::now();
            let new = NewSecret { password: format!("secret {round}").into(), ..NewSecret::default() };
            registries::rotate(context, caller, registry.id, new).await?;
            replaced[place].push(begin.elapsed());
            let begin = Instant::now();
            while keeper.step().await? {}
            brought[place].push(begin.elapsed());
        }
    }
    let placed = pull_secrets::of_registry(context, caller, many.id).await?;
    ensure!(placed.len() == NAMESPACES && placed.iter().all(|placed| placed.in_step), "not every namespace has the new secret");
    let ([many, one], [all, single]) = (replaced.map(median), brought.map(median));
    tell(&format!("replace a secret, {NAMESPACES} namespaces"), many, "1 namespace", one)?;
    tell(&format!("bring it to {NAMESPACES} namespaces"), all, "1 namespace", single)
}

/// A page of a repository's tags, whose list is known and whose list is not.
async fn tags(context: &Context, caller: &Caller) -> anyhow::Result<()> {
    let registry = registries::choices(context, caller).await?.into_iter().next().context("there is no registry")?;
    let (mut known, mut new) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let repository = format!("acme/app-{round}");
        for times in [&mut new, &mut known] {
            let begin = Instant::now();
            registries::tags(context, caller, registry.id, &repository, "1.5", None)
                .await?
                .map_err(|problem| anyhow::anyhow!(problem.sentence()))?;
            times.push(begin.elapsed());
        }
    }
    tell(&format!("a page of {TAGS} tags, list known"), median(known), "list asked for", median(new))
}

/// A registry whose credential is used in this many namespaces.
async fn registry(context: &Context, caller: &Caller, name: &str, namespaces: usize) -> anyhow::Result<Registry> {
    let new = NewRegistry {
        display_name: name.into(),
        authentication: "basic".into(),
        host: format!("{}.example.com", name.to_lowercase()),
        username: "robot".into(),
        password: "first".into(),
        ..NewRegistry::default()
    };
    let registry = registries::add(context, caller, new).await?;
    let (organization, image) = (caller.organization_id, format!("{}/acme/app:1", registry.host));
    let mut tx = context.db.begin().await?;
    for number in 0..namespaces {
        let (project, component, name) = (context.new_id(), context.new_id(), format!("{}-{number}", name.to_lowercase()));
        execute!(tx, ADD_PROJECT, project, organization, &name)?;
        execute!(tx, ADD_NAMESPACE, organization, project, &name)?;
        execute!(tx, ADD_COMPONENT, component, organization, project, registry.id, &image)?;
        execute!(tx, ADD_DEPLOYMENT, context.new_id(), organization, project, component, registry.id, &image)?;
        execute!(tx, ADD_SECRET, organization, registry.id, project)?;
    }
    tx.commit().await?;
    Ok(registry)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn tell(name: &str, ours: Duration, of: &str, theirs: Duration) -> anyhow::Result<()> {
    let [ours, theirs] = [ours, theirs].map(|time| time.as_secs_f64() * 1000.0);
    writeln!(std::io::stdout().lock(), "{name:<32} {ours:8.2} ms      {of:<14} {theirs:6.2} ms   ratio {:.2}", ours / theirs)?;
    Ok(())
}
