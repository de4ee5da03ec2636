//! Component Settings: what of a component can be changed, and the way to its deletion.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    Subject,
    deletion::{self, Going},
};
use crate::{
    domain::{
        Caller,
        components::{self, Component, SecurityProfile, Settings, Workload},
        problem::Error,
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::{
            create::schedule_fields,
            frame::{Entry, Framed, Place},
            kinds, page,
            registries::caller_in,
            segment, take_flash,
        },
        parts::{Choice, CopyField, ProblemSummary, RadioCards, TextArea, TextField},
        paths,
        request::Request,
    },
};

const FORM: &str = "component_settings";
/// What a ticked checkbox sends.
const ON: &str = "on";
/// Of the form, with the revision that it was filled from.
const FIELDS: [&str; 10] = [
    "display_name",
    "description",
    "webhook_repository",
    "profile",
    "port",
    "cron",
    "time_zone",
    "concurrency",
    "auto_rollback",
    "revision",
];

pub(in crate::web::pages) fn settings() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        let flash = take_flash(&request).await;
        let body = if subject.component.deletion_asked_at.is_some() {
            let going = Going::load(&request, &caller, &subject).await?;
            deletion::live(going, &subject, &caller)
        } else {
            let came_back = flash.form.clone().filter(|form| form.form == FORM);
            let delete = paths::delete_component(&caller.organization_name, &subject.project.name, &subject.component.name);
            view! { {form(&request, &caller, &subject, came_back)}{danger_zone(delete)} }.into_any()
        };
        let framed = Framed {
            title: "Settings".into(),
            description: format!("What of {} can be changed.", subject.component.display_name),
            place: Place::Component(subject.project, Box::new(subject.component), Entry::Settings),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn form(request: &Request, caller: &Caller, subject: &Subject, came_back: Option<FormState>) -> AnyView {
    let component = &subject.component;
    let form = came_back.unwrap_or_else(|| filled(component));
    // Where somebody else saved meanwhile, what is there now stands beside what was typed.
    let meanwhile = |field: &str, label: &'static str| {
        let now = present(component, field);
        let is_stale = form.value("revision") != component.revision.to_string();
        (is_stale && form.value(field) != now).then(|| beside(label, now))
    };
    let profiles = SecurityProfile::ALL.map(|profile| Choice {
        value: profile.as_str().into(),
        label: profile.label().into(),
        help: profile.meaning().into(),
    });
    view! {
        <article class="card narrow" aria-labelledby="general">
            <header><h2 id="general">"General"</h2></header>
            <section class="stacked">
                <form method="post" action=UpdateComponent::PATH>
                    <ProblemSummary problems=form.problems.clone()/>
                    {subject.hidden(caller)}
                    // The present one, also where the form came back because it was stale: what is there now was seen.
                    <input type="hidden" name="revision" value=component.revision.to_string()/>
                    <TextField name="display_name" label="Display name" value=form.value("display_name") problem=form.problem("display_name") required=true/>
                    {meanwhile("display_name", "Display name")}
                    <div class="field">
                        <span class="label">"Name"</span>
                        <CopyField value=component.name.clone() label="name"/>
                        <p class="help">"Never changes: addresses and the objects on the cluster carry it."</p>
                    </div>
                    <TextArea name="description" label="Description (optional)" value=form.value("description") problem=form.problem("description")/>
                    {meanwhile("description", "Description")}
                    <TextField name="webhook_repository" label="Another repository for pipelines (optional)" value=form.value("webhook_repository")
                        problem=form.problem("webhook_repository") mono=true
                        help="A repository besides the component's own that an outside pipeline may deploy; without tag. Kept for the webhook, which this version does not have yet."/>
                    {meanwhile("webhook_repository", "Another repository for pipelines")}
                    {of_its_kind(request, caller, component, &form)}
                    {["port", "cron", "time_zone", "concurrency"].map(|field| meanwhile(field, label(field))).into_iter().flatten().collect_view()}
                    <RadioCards name="profile" label="Security profile" choices=profiles.into() value=form.value("profile") problem=form.problem("profile")/>
                    {meanwhile("profile", "Security profile")}
                    {auto_rollback(form.value("auto_rollback") == ON)}
                    {meanwhile("auto_rollback", "Automatic rollback")}
                    <p class="help">{kinds::holds_from_the_next_deployment(component.kind())}</p>
                    <div class="actions"><button class="button main">"Save"</button></div>
                </form>
            </section>
        </article>
    }
    .into_any()
}

fn auto_rollback(checked: bool) -> AnyView {
    let help = "If a deployment fails, what ran before it in that environment is deployed again by the system, once. \
        Without it, what failed stays as it is until somebody acts.";
    view! {
        <div class="field">
            <div class="card-choice">
                <input type="checkbox" id="field-auto_rollback" name="auto_rollback" value=ON checked=checked aria-describedby="help-auto_rollback"/>
                <label for="field-auto_rollback">"Roll back automatically"</label>
                <small id="help-auto_rollback">{help}</small>
            </div>
        </div>
    }
    .into_any()
}

/// What the component's kind asks for, but for a Service's endpoints, which are a text of their own.
fn of_its_kind(request: &Request, caller: &Caller, component: &Component, form: &FormState) -> Option<AnyView> {
    match &component.workload {
        Workload::WebApplication { .. } => Some(
            view! {
                <TextField name="port" label="Port" value=form.value("port") problem=form.problem("port") required=true mono=true inputmode="numeric"
                    help="Where the program in the image listens."/>
            }
            .into_any(),
        ),
        Workload::ScheduledTask(_) => Some(schedule_fields(form, "UTC", &caller.organization_name, request.app.context.now())),
        Workload::Service | Workload::ManualTask => None,
    }
}

fn label(field: &str) -> &'static str {
    match field {
        "port" => "Port",
        "cron" => "Cron expression",
        "time_zone" => "Time zone",
        _ => "Concurrency policy",
    }
}

/// The form as the component is.
fn filled(component: &Component) -> FormState {
    FormState::typed(FORM, FIELDS.map(|field| (field, present(component, field))))
}

/// What a field of the form would be filled with now.
fn present(component: &Component, field: &str) -> String {
    match field {
        "display_name" => component.display_name.clone(),
        "description" => component.description.clone(),
        "webhook_repository" => component.webhook_repository.clone().unwrap_or_default(),
        "profile" => component.profile.as_str().to_owned(),
        "auto_rollback" => if component.auto_rollback { ON } else { "" }.to_owned(),
        "revision" => component.revision.to_string(),
        of_its_kind => of_workload(&component.workload, of_its_kind),
    }
}

fn of_workload(workload: &Workload, field: &str) -> String {
    match (workload, field) {
        (Workload::WebApplication { port }, "port") => port.to_string(),
        (Workload::ScheduledTask(schedule), "cron") => schedule.cron.clone(),
        (Workload::ScheduledTask(schedule), "time_zone") => schedule.time_zone.clone(),
        (Workload::ScheduledTask(schedule), "concurrency") => schedule.concurrency.as_str().to_owned(),
        _ => String::new(),
    }
}

fn beside(label: &'static str, now: String) -> AnyView {
    let now = if now.is_empty() { "empty".to_owned() } else { now };
    view! { <p class="note warn meanwhile">{label}" as saved meanwhile: "<b class="wrap">{now}</b></p> }.into_any()
}

fn danger_zone(delete: String) -> AnyView {
    view! {
        <article class="card narrow" aria-labelledby="delete">
            <header><h2 id="delete">"Delete"</h2></header>
            <section class="stacked">
                <p>"Removes the component from every environment, then from Slipway. The audit log keeps what was done with it."</p>
                <a class="button danger" href=delete>"Delete component"</a>
            </section>
        </article>
    }
    .into_any()
}

#[server(prefix = "/do", endpoint = "update_component")]
pub async fn update_component(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] display_name: String,
    #[server(default)] description: String,
    #[server(default)] webhook_repository: String,
    #[server(default)] profile: String,
    #[server(default)] port: String,
    #[server(default)] cron: String,
    #[server(default)] time_zone: String,
    #[server(default)] concurrency: String,
    #[server(default)] auto_rollback: String,
    #[server(default)] revision: String,
) -> Result<(), Refusal> {
    let values =
        [&display_name, &description, &webhook_repository, &profile, &port, &cron, &time_zone, &concurrency, &auto_rollback, &revision];
    let form = FormState::typed(FORM, FIELDS.into_iter().zip(values));
    let back = paths::component_settings(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        // What is no number is no revision that anybody has seen: the form is stale.
        let revision = revision.trim().parse().unwrap_or_default();
        let auto_rollback = auto_rollback == ON;
        let settings = Settings {
            display_name,
            description,
            webhook_repository,
            profile,
            port,
            cron,
            time_zone,
            concurrency,
            auto_rollback,
            revision,
        };
        let saved = components::update(&request.app.context, &caller, &subject.component, settings).await?;
        Ok(Done { path: back.clone(), notice: format!("{} was saved.", saved.display_name) })
    }
    .await;
    answer(outcome, form, &back).await
}
