//! The history: every deployment of a component, newest first, narrowed by environment, state, action and person.

use jiff::tz::TimeZone;
use leptos::prelude::*;
use uuid::Uuid;

use super::narrowing::Narrowing;
use crate::{
    domain::{
        clock::Time,
        components,
        deployments::{self, Deployment, PAGE},
        organizations::{self, Environment},
    },
    web::{
        pages::{
            deploy::stage,
            frame::{Entry, Framed, Place},
            page, segment, take_flash,
        },
        parts::{Badge, EmptyState, Moment, Table},
        paths,
    },
};

pub(in crate::web::pages) fn history() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let environments = organizations::environments(context, &caller).await?;
        let narrowing = Narrowing::of(&request, &environments);
        let before = request.query("before").and_then(|id| Uuid::parse_str(&id).ok());
        let mut rows = deployments::filtered(context, &component, &narrowing.filter, before).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let base = paths::deployments(&organization, &project.name, &component.name);
        let next = rows.last().filter(|_| more).map(|row| narrowing.page(&base, Some(row.id)));
        let flash = take_flash(&request).await;
        let listing = Listing { base, environments, now: context.now(), zone: request.time_zone() };
        let body = if rows.is_empty() && before.is_none() && narrowing.is_none() {
            let deploy = paths::update_image(&organization, &project.name, &component.name);
            view! { <EmptyState title="Nothing was deployed yet" text="Every deployment is kept here, with what happened to it." href=deploy action="Update Image & Deploy"/> }.into_any()
        } else {
            view! { {narrowing.form(&listing.base, &listing.environments)}{listing.view(rows, next)} }.into_any()
        };
        let framed = Framed {
            title: "Deployments".into(),
            description: format!("What was deployed of {}, newest first.", component.display_name),
            place: Place::Component(project, Box::new(component), Entry::History),
            action: Some(view! { <a class="button quiet" href=paths::guide("follow-a-deployment")>"How to read it"</a> }.into_any()),
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

struct Listing {
    base: String,
    environments: Vec<Environment>,
    now: Time,
    zone: TimeZone,
}

impl Listing {
    fn view(&self, rows: Vec<Deployment>, next: Option<String>) -> AnyView {
        if rows.is_empty() {
            return view! { <p class="dim">"No deployment is like that."</p> }.into_any();
        }
        let rows = rows.into_iter().map(|row| self.row(row)).collect();
        let columns = ["Image", "Environment", "Action", "State", "By", "When"].map(str::to_owned).to_vec();
        view! {
            <Table label="Deployments" columns=columns rows=rows/>
            {next.map(|href| view! { <p class="pagination"><a class="button" href=href>"Older deployments"</a></p> })}
        }
        .into_any()
    }

    fn row(&self, row: Deployment) -> Vec<AnyView> {
        let environment = self.environments.iter().find(|environment| environment.id == row.environment_id);
        let (tone, word) = stage(&row);
        vec![
            view! { <a class="mono break" href=format!("{}/{}", self.base, row.id)>{row.image.familiar()}</a> }.into_any(),
            environment.map(|environment| environment.display_name.clone()).into_any(),
            row.action.label().into_any(),
            view! { <Badge tone=tone>{word}</Badge> }.into_any(),
            view! { <span class="break">{row.created_by}</span> }.into_any(),
            view! { <span class="dim"><Moment time=row.created_at now=self.now zone=self.zone.clone()/></span> }.into_any(),
        ]
    }
}
