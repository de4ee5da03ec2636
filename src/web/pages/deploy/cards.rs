//! The cards of the pipeline: Build Area and environment. Rendered by the page and, for live pages, alone as a fragment.

use leptos::prelude::*;

use crate::{
    domain::{
        Caller,
        clock::Time,
        components::{Component, Kind},
        deployments::{
            self, Deployment, Event, State,
            rollout::{self, Verdict},
        },
        organizations::{self, Environment, Project},
        problem::Error,
        registries::{self, Registry},
    },
    web::{
        pages::kinds,
        parts::{self, CopyField, Moment, SimulatedNote, StateBadge},
        paths,
        request::Request,
    },
};

/// Everything the cards show, read from the database.
pub struct Pipeline {
    organization: String,
    project: Project,
    component: Component,
    registry: Registry,
    environment: Environment,
    newest: Option<Deployment>,
    serving: Option<Deployment>,
    events: Vec<Event>,
    namespace: Option<String>,
    recent: Vec<Deployment>,
    simulated: bool,
    now: Time,
    zone: jiff::tz::TimeZone,
}

impl Pipeline {
    pub async fn load(
        request: &Request,
        caller: &Caller,
        organization: &str,
        project: &Project,
        component: &Component,
    ) -> Result<Self, Error> {
        let context = &request.app.context;
        let environment = organizations::environments(context, caller).await?.into_iter().next().ok_or(Error::NotFound)?;
        let newest = deployments::newest(context, component, environment.id).await?;
        let events = match &newest {
            Some(newest) => deployments::events(context, newest).await?,
            None => Vec::new(),
        };
        Ok(Self {
            organization: organization.to_owned(),
            registry: registries::get(context, caller, component.registry_id).await?,
            serving: deployments::serving(context, component, environment.id).await?,
            namespace: organizations::stored_namespace(context, caller.organization_id, project.id, environment.id).await?,
            recent: deployments::history(context, component, None).await?,
            project: project.clone(),
            component: component.clone(),
            environment,
            newest,
            events,
            simulated: request.app.simulated,
            now: context.now(),
            zone: request.time_zone(),
        })
    }

    /// What the page says it does.
    pub fn description(&self) -> String {
        let name = &self.component.display_name;
        match self.registry.authentication.is_by_nodes() {
            true => format!("{name} runs by tag: only the data plane's nodes can look into its registry."),
            false => format!("{name} runs by digest: what was tested is what runs."),
        }
    }

    pub fn view(&self) -> AnyView {
        view! {
            {self.simulated.then(|| view! { <SimulatedNote/> })}
            <div class="pipeline">
                {self.build_area()}
                <div class="arrow" aria-hidden="true">{parts::icons::arrow()}</div>
                {self.environment_card()}
            </div>
        }
        .into_any()
    }

    fn build_area(&self) -> AnyView {
        let image = &self.component.image;
        let recent = self.recent.iter().take(5).map(|deployment| self.recent_row(deployment)).collect_view();
        let history = paths::deployments(&self.organization, &self.project.name, &self.component.name);
        view! {
            <article class="card" aria-label="Build Area">
                <header><h2>"Build Area"</h2><span class="badge plain">{self.component.kind().label()}</span></header>
                <section>
                    <dl class="facts">
                        <dt>"Image"</dt><dd class="mono break">{image.repository().to_owned()}</dd>
                        <dt>"Tag"</dt><dd class="mono break">{image.tag().or(image.digest()).unwrap_or_default().to_owned()}</dd>
                        <dt>"Registry"</dt><dd><a href=paths::registry(&self.organization, self.registry.id)>{self.registry.display_name.clone()}</a></dd>
                        {kinds::settings(&self.component.workload, &self.component.endpoints_yaml)}
                    </dl>
                </section>
                <section class="stacked">{self.update_button()}</section>
                {(!self.recent.is_empty()).then(|| view! {
                    <section>
                        <h2>"Previous deployments"</h2>
                        <ul class="rows">{recent}</ul>
                        <p><a href=history>"All deployments"</a></p>
                    </section>
                })}
            </article>
        }
        .into_any()
    }

    /// The way to a new deployment; of a component that is being deleted, why there is none.
    fn update_button(&self) -> AnyView {
        if self.component.deletion_asked_at.is_some() {
            let text = "The component is being deleted: nothing more of it can be deployed.";
            return view! { <p class="dim">{text}</p> }.into_any();
        }
        let update = paths::update_image(&self.organization, &self.project.name, &self.component.name);
        view! { <a class="button main wide" href=update>"Update Image & Deploy"</a> }.into_any()
    }

    fn recent_row(&self, deployment: &Deployment) -> impl IntoView + use<> {
        let href = paths::deployment(&self.organization, &self.project.name, &self.component.name, deployment.id);
        let name = deployment.image.tag().or(deployment.image.digest()).unwrap_or_default().to_owned();
        view! {
            <li>
                <a class="mono" href=href>{name}</a>
                <StateBadge state=deployment.state/>
                <small><Moment time=deployment.created_at now=self.now zone=self.zone.clone()/></small>
            </li>
        }
    }

    fn environment_card(&self) -> AnyView {
        let title = self.environment.display_name.clone();
        let label = title.clone();
        let Some(newest) = &self.newest else {
            return view! {
                <article class="card" role="region" aria-label=label>
                    <header><h2>{title}</h2><span class="badge">"Not deployed"</span></header>
                    <section><p class="dim">{self.nothing_here()}</p></section>
                </article>
            }
            .into_any();
        };
        let history = paths::deployment(&self.organization, &self.project.name, &self.component.name, newest.id);
        view! {
            <article class="card" role="region" aria-label=label>
                <header><h2>{title}</h2><StateBadge state=newest.state/></header>
                <section>{facts(newest, self.now, &self.zone)}</section>
                {progress(newest)}
                {in_place(newest)}
                {failure(newest)}
                {self.still_serving(newest)}
                {self.endpoints()}
                {happened(&self.events, self.now, &self.zone)}
                <footer><a class="button small" href=history>"Details"</a></footer>
            </article>
        }
        .into_any()
    }

    fn nothing_here(&self) -> &'static str {
        match self.component.deletion_asked_at {
            Some(_) => "Nothing of it was deployed here.",
            None => "Nothing runs here yet. Deploy the image with Update Image & Deploy.",
        }
    }

    /// The previous release keeps serving until the new pods are ready.
    fn still_serving(&self, newest: &Deployment) -> Option<AnyView> {
        let serving = self.serving.as_ref().filter(|serving| serving.id != newest.id)?;
        // One that was overtaken after it reached the data plane may be what runs there by now.
        let overtaken = |other: &Deployment| other.state == State::Cancelled && other.applied_at.is_some() && other.id > serving.id;
        if self.recent.iter().any(overtaken) {
            return None;
        }
        let failed = match newest.state {
            State::Failed => true,
            state if state.is_open() => false,
            _ => return None,
        };
        let text = kinds::meanwhile(serving.workload.kind(), &serving.image.familiar(), failed);
        Some(view! { <section><p class="note">{text}</p></section> }.into_any())
    }

    /// Addresses inside the cluster of what serves.
    fn endpoints(&self) -> Option<AnyView> {
        let (serving, namespace) = (self.serving.as_ref()?, self.namespace.as_ref()?);
        let addresses = kinds::addresses(&serving.workload, &serving.endpoints_yaml, &self.component.name, namespace);
        if addresses.is_empty() {
            return None;
        }
        let title = if serving.workload.kind() == Kind::Service { "Endpoints" } else { "Address" };
        Some(view! { <section><h2>{title}</h2>{kinds::address_list(addresses)}</section> }.into_any())
    }
}

/// What was deployed, by whom and when.
pub(in crate::web::pages) fn facts(deployment: &Deployment, now: Time, zone: &jiff::tz::TimeZone) -> AnyView {
    view! {
        <dl class="facts">
            <dt>"Image"</dt><dd class="mono break">{deployment.image.familiar()}</dd>
            {digest(deployment)}
            <dt>"By"</dt><dd>{deployment.created_by.clone()}", "<Moment time=deployment.created_at now=now zone=zone.clone()/></dd>
        </dl>
    }
    .into_any()
}

/// Where only the nodes can look into the registry, the digest comes late, or never where they do not name it.
fn digest(deployment: &Deployment) -> Option<AnyView> {
    let value = match (&deployment.digest, deployment.state) {
        (None, State::Applying | State::RollingOut | State::Active | State::Replaced) if deployment.workload.kind().is_task() => {
            view! { <dd class="wrap dim">"Not known: the nodes resolve the tag at each run"</dd> }.into_any()
        }
        (Some(digest), _) => view! { <dd><CopyField value=digest.clone() label="digest"/></dd> }.into_any(),
        (None, State::Applying | State::RollingOut) => {
            view! { <dd class="wrap dim">"The nodes resolve the tag; read from the first pod that is ready"</dd> }.into_any()
        }
        (None, State::Active | State::Replaced) => {
            view! { <dd class="wrap dim">"Not known: the nodes resolved the tag and named no digest"</dd> }.into_any()
        }
        (None, _) => return None,
    };
    Some(view! { <dt>"Digest"</dt>{value} }.into_any())
}

/// The steps of a rollout that is under way or has just ended.
pub(in crate::web::pages) fn progress(deployment: &Deployment) -> Option<AnyView> {
    let starting = kinds::last_step(deployment.workload.kind()).map_or_else(|| starting_pods(deployment), str::to_owned);
    let steps = [
        (State::Queued, "Queued".to_owned()),
        (State::Resolving, "Image resolved".into()),
        (State::Applying, "Applied to the data plane".into()),
        (State::RollingOut, starting),
    ];
    if !deployment.state.is_open() {
        return None;
    }
    let now = steps.iter().position(|(state, _)| *state == deployment.state)?;
    let rows = steps
        .into_iter()
        .map(|(_, label)| label)
        .chain(["Active".to_owned()])
        .enumerate()
        .map(|(index, label)| {
            let (class, word) = match index.cmp(&now) {
                std::cmp::Ordering::Less => ("done", "done"),
                std::cmp::Ordering::Equal => ("now", "under way"),
                std::cmp::Ordering::Greater => ("", "to come"),
            };
            view! { <li class=class><span class="dot" aria-hidden="true"></span>{label}<span class="visually-hidden">{format!(" ({word})")}</span></li> }
        })
        .collect_view();
    Some(view! { <section><ol class="steps">{rows}</ol></section> }.into_any())
}

fn starting_pods(deployment: &Deployment) -> String {
    match deployment.snapshot.as_ref().map(|snapshot| rollout::judge(&snapshot.0)) {
        Some(Verdict::Moving { step }) => step,
        _ => "Starting pods".to_owned(),
    }
}

/// What Active means for a task, which has no pods of its own.
pub(in crate::web::pages) fn in_place(deployment: &Deployment) -> Option<AnyView> {
    let meaning = kinds::when_active(deployment.workload.kind()).filter(|_| deployment.state == State::Active)?;
    Some(view! { <section><p>{meaning}</p></section> }.into_any())
}

/// What failed, why, what to do next, and the last lines of the log.
pub(in crate::web::pages) fn failure(deployment: &Deployment) -> Option<AnyView> {
    let message = deployment.problem_message.clone()?;
    let class = if deployment.state == State::Failed { "note bad" } else { "note" };
    let log = deployment.log_tail.clone().filter(|log| !log.is_empty()).map(|log| {
        view! { <h3>"Last lines of the log"</h3><pre class="code log" tabindex="0">{log}</pre> }
    });
    Some(
        view! {
            <section>
                <div class=class><p><b>{message}</b></p>{deployment.problem_next.clone().map(|next| view! { <p>{next}</p> })}</div>
                {log}
            </section>
        }
        .into_any(),
    )
}

/// The events so far, folded away while all is well.
pub(in crate::web::pages) fn happened(events: &[Event], now: Time, zone: &jiff::tz::TimeZone) -> Option<AnyView> {
    if events.is_empty() {
        return None;
    }
    let rows = events
        .iter()
        .map(|event| {
            view! { <li class=format!("event {}", event.level)><span class="break">{event.message.clone()}</span><small><Moment time=event.at now=now zone=zone.clone()/></small></li> }
        })
        .collect_view();
    Some(view! { <section><details class="events"><summary>{format!("Events ({})", events.len())}</summary><ol class="plain-list">{rows}</ol></details></section> }.into_any())
}
