//! A component: its overview here, its settings and its end in files of their own.

mod delete;
pub(in crate::web) mod deletion;
mod forget;
mod happened;
mod places;
mod settings;

use jiff::tz::TimeZone;
use leptos::prelude::*;

pub(super) use self::{delete::delete, forget::forget, settings::settings};
use self::{deletion::Going, places::Standing};
use super::{
    frame::{Entry, Framed, Place},
    kinds, page, segment, take_flash,
};
use crate::{
    domain::{
        Caller,
        clock::Time,
        components::{self, Component, Workload},
        deployments, endpoints,
        organizations::{self, Project},
        problem::Error,
        registries::{self, Registry},
    },
    web::{
        parts::{Moment, SimulatedNote},
        paths,
        request::Request,
    },
};

/// The component that a page or a form is about.
pub(in crate::web) struct Subject {
    pub(in crate::web) project: Project,
    pub(in crate::web) component: Component,
}

impl Subject {
    pub(in crate::web) async fn load(request: &Request, caller: &Caller, project: &str, component: &str) -> Result<Self, Error> {
        let context = &request.app.context;
        let project = organizations::project(context, caller, project).await?;
        let component = components::get(context, caller, &project, component).await?;
        Ok(Self { project, component })
    }

    /// The fields by which a form says what it is about.
    pub(in crate::web) fn hidden(&self, caller: &Caller) -> AnyView {
        view! {
            <input type="hidden" name="organization" value=caller.organization_name.clone()/>
            <input type="hidden" name="project" value=self.project.name.clone()/>
            <input type="hidden" name="component" value=self.component.name.clone()/>
        }
        .into_any()
    }
}

pub(super) fn overview() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        let leaving = match subject.component.deletion_asked_at {
            Some(_) => Some(deletion::live(Going::load(&request, &caller, &subject).await?, &subject, &caller)),
            None => None,
        };
        let Subject { project, component } = subject;
        let registry = registries::get(context, &caller, component.registry_id).await?;
        let standing = Standing::load(context, &caller, &project, &component).await?;
        let recent = deployments::recent(context, &component).await?;
        let flash = take_flash(&request).await;
        let (now, zone) = (context.now(), request.time_zone());
        let deploy = paths::deploy(&organization, &project.name, &component.name);
        let history = paths::deployments(&organization, &project.name, &component.name);
        let body = view! {
            {request.app.simulated.then(|| view! { <SimulatedNote/> })}
            <div class="overview">
                <div>{what_it_is(&organization, &component, &registry, now, &zone)}{next_runs(&component, now)}</div>
                <div>
                    {leaving}
                    {places::card(&standing, &component.name, deploy, now, &zone)}
                    {happened::card(recent, &standing, history, now, &zone)}
                </div>
            </div>
        }
        .into_any();
        let framed = Framed {
            title: component.display_name.clone(),
            description: format!("{} in {}", component.kind().label(), project.display_name),
            place: Place::Component(project, Box::new(component), Entry::Overview),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn what_it_is(organization: &str, component: &Component, registry: &Registry, now: Time, zone: &TimeZone) -> AnyView {
    let description =
        (!component.description.is_empty()).then(|| view! { <dt>"Description"</dt><dd class="wrap">{component.description.clone()}</dd> });
    view! {
        <article class="card" aria-labelledby="what-it-is">
            <header><h2 id="what-it-is">"What it is"</h2><span class="badge plain">{component.kind().label()}</span></header>
            <section>
                <dl class="facts">
                    <dt>"Name"</dt><dd class="mono break">{component.name.clone()}</dd>
                    <dt>"Image"</dt><dd class="mono break">{component.image.familiar()}</dd>
                    <dt>"Registry"</dt><dd class="wrap"><a href=paths::registry(organization, registry.id)>{registry.display_name.clone()}</a></dd>
                    {kinds::settings(&component.workload, &component.endpoints_yaml)}
                    <dt>"Security"</dt><dd class="wrap">{component.profile.label()}" profile"</dd>
                    {description}
                    <dt>"Created"</dt><dd class="wrap">{component.created_by.clone()}", "<Moment time=component.created_at now=now zone=zone.clone()/></dd>
                </dl>
            </section>
            {endpoints_of(component)}
        </article>
    }
    .into_any()
}

/// The endpoints that the next deployment of a Service takes.
fn endpoints_of(component: &Component) -> Option<AnyView> {
    if component.workload != Workload::Service {
        return None;
    }
    let rows = endpoints::read(&component.endpoints_yaml)
        .endpoints
        .into_iter()
        .map(|endpoint| {
            let visibility = endpoint.widest_visibility().as_str();
            view! {
                <li>
                    <b class="break">{endpoint.name}</b>" "<span class="badge plain">{endpoint.kind.as_str()}</span>
                    " port "<span class="mono">{endpoint.port}</span>" "<small>{visibility}</small>
                </li>
            }
        })
        .collect_view();
    Some(view! { <section><h2>"Endpoints"</h2><ul class="plain-list">{rows}</ul></section> }.into_any())
}

/// When a Scheduled Task runs next; nothing of one that is being deleted.
fn next_runs(component: &Component, now: Time) -> Option<AnyView> {
    let Workload::ScheduledTask(schedule) = &component.workload else { return None };
    if component.deletion_asked_at.is_some() {
        return None;
    }
    Some(
        view! {
            <article class="card" aria-labelledby="next-runs">
                <header><h2 id="next-runs">"Next runs"</h2><small>{schedule.time_zone.clone()}</small></header>
                <section>{kinds::next_runs(schedule, now)}</section>
            </article>
        }
        .into_any(),
    )
}
