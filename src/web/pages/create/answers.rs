//! The last step: the answers to look over, each with the way back to it, and the button that makes the component.

use leptos::prelude::*;

use super::{image, inspection, schedule, typed};
use crate::{
    domain::{
        Caller,
        components::{Plan, Workload},
        endpoints::Endpoint,
        images::is_docker_hub,
        organizations::Project,
    },
    islands::Later,
    web::{
        flash::Flash,
        form::FormState,
        pages::frame::{Framed, Place},
        paths,
        request::Request,
    },
};

/// An answer: its name, what it is, and the field that it was given in.
type Answer = (&'static str, AnyView, &'static str);

pub(super) fn page(request: &Request, caller: &Caller, project: Project, flash: Flash, form: &FormState, plan: Plan) -> AnyView {
    let organization = caller.organization_name.as_str();
    let back = typed::form_page(organization, &project.name, form);
    let notes = plan.notes.clone();
    let rows = answers(request, plan).into_iter().map(|answer| row(answer, &back)).collect_view();
    let body = view! {
        <article class="card narrow">
            <header><h2>"Your answers"</h2></header>
            <section><dl class="answers">{rows}</dl></section>
            {(!notes.is_empty()).then(|| view! { <section class="read-as"><h3>"How the image was read"</h3>{image::notes(notes)}</section> })}
        </article>
        {what_the_image_says(organization, &back, form)}
        {confirm(organization, &project.name, &back, form)}
    };
    let framed = Framed {
        place: Place::Project(project),
        title: "Check your answers".into(),
        description: "Nothing is made yet, and nothing runs until it is deployed.".into(),
        action: None,
        flash,
        body: body.into_any(),
    };
    framed.view(request, Some(caller))
}

fn answers(request: &Request, plan: Plan) -> Vec<Answer> {
    let text = |text: &str| view! { {text.to_owned()} }.into_any();
    let mono = |text: String| view! { <span class="mono break">{text}</span> }.into_any();
    let description = if plan.description.is_empty() { "none" } else { plan.description.as_str() };
    let registry = format!("{} ({})", plan.registry.display_name, plan.registry.host);
    let registry_field = if is_docker_hub(&plan.registry.host) { "hub_registry" } else { "registry" };
    let mut answers = vec![
        ("Type", text(plan.workload.kind().label()), "type"),
        ("Display name", text(&plan.display_name), "display_name"),
        ("Name", mono(plan.name), "name"),
        ("Description", view! { <span class="lines">{description.to_owned()}</span> }.into_any(), "description"),
        ("Registry", text(&registry), registry_field),
        ("Image", mono(plan.image.to_string()), "image"),
    ];
    answers.extend(plan.endpoints.iter().map(|of| ("Endpoint", text(&endpoint(of)), "endpoint_name")));
    match &plan.workload {
        Workload::Service => {}
        Workload::WebApplication { port } => answers.push(("Port", mono(port.to_string()), "port")),
        Workload::ScheduledTask(schedule) => {
            answers.push(("Cron expression", mono(schedule.cron.clone()), "cron"));
            answers.push(("Time zone", text(&schedule.time_zone), "time_zone"));
            answers.push(("Runs", schedule::reading(schedule, request.app.context.now()), "cron"));
            answers.push(("Concurrency policy", text(schedule.concurrency.as_str()), "concurrency"));
        }
        Workload::ManualTask => {}
    }
    answers.push(("Security profile", text(plan.profile.label()), "profile"));
    answers
}

/// `default: REST on 8080 at /, Project`
fn endpoint(of: &Endpoint) -> String {
    let context = of.context.as_deref().map(|path| format!(" at {path}")).unwrap_or_default();
    format!("{}: {} on {}{context}, {}", of.name, of.kind.as_str(), of.port, of.widest_visibility().as_str())
}

fn row((name, answer, field): Answer, back: &str) -> AnyView {
    let href = if field == "type" { format!("{back}&change_type=1") } else { format!("{back}#field-{field}") };
    let what = name.to_lowercase();
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{answer}</dd>
            <dd><a href=href>"Change"<span class="visually-hidden">" "{what}</span></a></dd>
        </div>
    }
    .into_any()
}

fn what_the_image_says(organization: &str, back: &str, form: &FormState) -> AnyView {
    let inspect = format!("{back}&inspect=1#inspected");
    view! {
        <article class="card narrow" aria-labelledby="image-says">
            <header><h2 id="image-says">"What the image says"</h2></header>
            <section>
                <Later fragment=inspection::fragment_of(organization, form) asking="Asking the registry…".to_owned()>
                    <p class="dim">"Its registry has not been asked yet. "<a href=inspect>"Inspect the image"</a></p>
                </Later>
            </section>
        </article>
    }
    .into_any()
}

fn confirm(organization: &str, project: &str, back: &str, form: &FormState) -> AnyView {
    let hidden = typed::carried(form).map(|(name, value)| view! { <input type="hidden" name=name.to_owned() value=value.to_owned()/> });
    let hidden = hidden.collect_view();
    view! {
        <form method="post" action=paths::CREATE_COMPONENT>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <input type="hidden" name="project" value=project.to_owned()/>
            {hidden}
            <div class="actions">
                <button class="button main">"Create component"</button>
                <a class="button" href=back.to_owned()>"Back"</a>
                <a class="button quiet" href=paths::project(organization, project)>"Cancel"</a>
            </div>
        </form>
    }
    .into_any()
}
