//! One deployment: what it was made from, how far it came, what happened, and its Kubernetes objects. Live while it moves.

use leptos::prelude::*;
use uuid::Uuid;

use super::{objects, timeline};
use crate::{
    domain::{
        Caller,
        components::{self, Component, Workload},
        deployments::{self, Deployment, Event, Standing, StoredObject},
        organizations::{self, Project},
        problem::Error,
        schemas::{self, SchemaFile},
    },
    islands::Live,
    web::{
        pages::{
            deploy::{Buttons, facts, failure, happened, in_place, progress, stage, waits},
            frame::{Entry, Framed, Place},
            kinds, page, segment, take_flash,
        },
        parts::{Badge, Highlighted, SimulatedNote, bytes},
        paths,
        request::Request,
    },
};

pub(in crate::web::pages) fn show() -> AnyView {
    let (project, component, deployment) = (segment("project"), segment("component"), segment("deployment"));
    page(|request| async move {
        let caller = request.caller()?;
        let id = Uuid::parse_str(&deployment).map_err(|_| Error::NotFound)?;
        let shown = Shown::load(&request, &caller, &project, &component, id).await?;
        let flash = take_flash(&request).await;
        let (organization, project, component) = (&caller.organization_name, shown.project.clone(), shown.component.clone());
        let (stream, fragment) =
            (paths::live(component.id), paths::fragments::deployment(organization, &project.name, &component.name, id));
        let card = shown.view(&request);
        let is_open = shown.deployment.state.is_open();
        let body = if is_open { view! { <Live stream=stream fragment=fragment>{card}</Live> }.into_any() } else { card };
        let framed = Framed {
            title: shown.deployment.image.familiar(),
            description: format!("Deployment of {} to {}", component.display_name, shown.standing.environment.display_name),
            place: Place::Component(project, Box::new(component), Entry::History),
            action: Some(view! { <a class="button quiet" href=paths::guide("follow-a-deployment")>"How to read it"</a> }.into_any()),
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

/// A deployment with all that its page tells; also a fragment of live pages.
pub(in crate::web) struct Shown {
    organization: String,
    project: Project,
    component: Component,
    deployment: Deployment,
    /// How its environment stands.
    standing: Standing,
    /// The deployment whose release it took, and the display name of that one's environment.
    source: Option<(Deployment, Option<String>)>,
    /// Those that it took the place of before they were Active.
    overtaken: Vec<Deployment>,
    events: Vec<Event>,
    objects: Vec<StoredObject>,
    schemas: Vec<SchemaFile>,
}

impl Shown {
    pub(in crate::web) async fn load(request: &Request, caller: &Caller, project: &str, component: &str, id: Uuid) -> Result<Self, Error> {
        let context = &request.app.context;
        let project = organizations::project(context, caller, project).await?;
        let component = components::get(context, caller, &project, component).await?;
        let deployment = deployments::get(context, &component, id).await?;
        let standing = deployments::standing(context, caller, &component).await?;
        let source = match deployment.source_id {
            Some(source) => {
                let source = deployments::get(context, &component, source).await?;
                let from = standing.iter().find(|standing| standing.environment.id == source.environment_id);
                let from = from.map(|standing| standing.environment.display_name.clone());
                Some((source, from))
            }
            None => None,
        };
        let here = standing.into_iter().find(|standing| standing.environment.id == deployment.environment_id);
        Ok(Self {
            organization: caller.organization_name.clone(),
            standing: here.ok_or(Error::NotFound)?,
            source,
            overtaken: deployments::overtaken(context, &deployment).await?,
            events: deployments::events(context, &deployment).await?,
            objects: deployments::objects(context, &deployment).await?,
            schemas: schemas::of_deployment(context, deployment.organization_id, deployment.id).await?,
            project,
            component,
            deployment,
        })
    }

    pub(in crate::web) fn view(&self, request: &Request) -> AnyView {
        let (now, zone) = (request.app.context.now(), request.time_zone());
        let deployment = &self.deployment;
        let (tone, word) = stage(deployment);
        let from = self.source.as_ref().and_then(|(_, from)| from.as_deref());
        let download = paths::deployment_objects(&self.organization, &self.project.name, &self.component.name, deployment.id);
        view! {
            {request.app.simulated.then(|| view! { <SimulatedNote/> })}
            <article class="card narrow" role="region" aria-label="Deployment">
                <header><h2>{self.standing.environment.display_name.clone()}</h2><Badge tone=tone>{word}</Badge></header>
                <section>{facts(deployment, from, now, &zone)}{self.made_of()}</section>
                {progress(deployment)}
                {waits(deployment, &self.events, now, &zone)}
                {in_place(deployment)}
                {failure(deployment)}
                {timeline::view(deployment, now, &zone)}
                {happened("events".into(), &self.events, now, &zone)}
                {self.made_with()}
                {self.schemas_view()}
                {objects::view(&self.objects, download)}
                {self.buttons()}
            </article>
        }
        .into_any()
    }

    /// Action, source and profile: what a card of the pipeline has no room for.
    fn made_of(&self) -> AnyView {
        let deployment = &self.deployment;
        let link = |other: &Deployment| {
            let href = paths::deployment(&self.organization, &self.project.name, &self.component.name, other.id);
            view! { <dd class="break"><a class="mono" href=href>{other.image.familiar()}</a></dd> }
        };
        let source = self.source.as_ref().map(|(source, _)| view! { <dt>"Release of"</dt>{link(source)} });
        let overtaken = self.overtaken.iter().map(|other| view! { <dt>"Overtook"</dt>{link(other)} }).collect_view();
        let default = deployment.default_endpoint.clone().map(|name| view! { <dt>"Default"</dt><dd class="wrap">{name}</dd> });
        view! {
            <dl class="facts more">
                <dt>"Action"</dt><dd class="wrap">{deployment.action.label()}</dd>
                {source}
                {overtaken}
                <dt>"Security"</dt><dd class="wrap">{deployment.profile.label()}" profile"</dd>
                {default}
            </dl>
        }
        .into_any()
    }

    /// What the release was made with beside its image: the file of a Service, the settings of any other kind.
    fn made_with(&self) -> AnyView {
        let deployment = &self.deployment;
        match deployment.workload {
            Workload::Service => {
                view! { <section><h2>"endpoints.yaml"</h2><Highlighted text=deployment.endpoints_yaml.clone()/></section> }.into_any()
            }
            _ => {
                let settings = kinds::settings(&deployment.workload, &deployment.endpoints_yaml);
                view! { <section><h2>"Settings"</h2><dl class="facts">{settings}</dl></section> }.into_any()
            }
        }
    }

    /// The schema files that its endpoints were deployed with.
    fn schemas_view(&self) -> Option<AnyView> {
        if self.schemas.is_empty() {
            return None;
        }
        let rows = self.schemas.iter().map(|file| {
            let href = paths::schema_file(&self.organization, &self.project.name, &self.component.name, &file.sha256);
            let size = usize::try_from(file.bytes).unwrap_or_default() as u64;
            view! {
                <li>
                    <a class="mono break" href=href>{file.file_name.clone()}</a>
                    <small class="break">{file.summary.clone()}</small>
                    <small>{bytes(size)}</small>
                </li>
            }
        });
        Some(view! { <section><h2>"Schema files"</h2><ul class="rows schemas">{rows.collect_view()}</ul></section> }.into_any())
    }

    /// Roll back to this one, or Redeploy where it is what runs; nothing of a deployment that is on its way.
    fn buttons(&self) -> Option<AnyView> {
        if self.deployment.state.is_open() {
            return None;
        }
        let buttons = Buttons {
            organization: &self.organization,
            project: &self.project.name,
            component: &self.component,
            standing: &self.standing,
            next: None,
        };
        Some(buttons.of_deployment(&self.deployment))
    }
}
