//! Delete a component: what stops, and its name to confirm it.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{Subject, places::Standing};
use crate::{
    domain::{
        Caller,
        components::{self, Deletion, Kind},
        problem::Error,
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer, redirect_page},
        form::FormState,
        pages::{
            frame::{Entry, Framed, Place},
            page,
            registries::caller_in,
            segment, take_flash,
        },
        parts::{ProblemSummary, TextField},
        paths,
        request::Request,
    },
};

const FORM: &str = "delete_component";

pub(in crate::web::pages) fn delete() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        let settings = paths::component_settings(&caller.organization_name, &subject.project.name, &subject.component.name);
        if subject.component.deletion_asked_at.is_some() {
            return Ok(redirect_page(&settings)); // it is under way, and the settings tell how far
        }
        let standing = Standing::load(&request.app.context, &caller, &subject.project, &subject.component).await?;
        let flash = take_flash(&request).await;
        let typed = flash.form.clone().filter(|form| form.form == FORM).unwrap_or_default();
        let body = card(&caller, &subject, &standing, settings, &typed);
        let framed = Framed {
            title: format!("Delete {}", subject.component.display_name),
            description: "This can't be undone.".into(),
            place: Place::Component(subject.project, Box::new(subject.component), Entry::Settings),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn card(caller: &Caller, subject: &Subject, standing: &[Standing], settings: String, form: &FormState) -> AnyView {
    let name = subject.component.name.clone();
    let stops = standing.iter().filter_map(|standing| stops(standing, &name)).collect::<Vec<_>>();
    let stops = if stops.is_empty() {
        view! { <p>"Nothing of it runs now."</p> }.into_any()
    } else {
        view! { <p>"This stops:"</p><ul class="stops">{stops}</ul> }.into_any()
    };
    view! {
        <article class="card narrow" aria-label="Delete the component">
            <section class="stacked">
                {stops}
                <p>
                    "Its objects on the cluster are removed first, then the component with its deployments and settings. \
                    The image stays in its registry, and the audit log keeps what was done with it."
                </p>
                <form method="post" action=DeleteComponent::PATH>
                    <ProblemSummary problems=form.problems.clone()/>
                    {subject.hidden(caller)}
                    <TextField name="confirm" label=format!("Type {name} to confirm") value=form.value("confirm") problem=form.problem("confirm") mono=true/>
                    <div class="actions"><button class="button danger">"Delete component"</button><a class="button" href=settings>"Cancel"</a></div>
                </form>
            </section>
        </article>
    }
    .into_any()
}

/// What ends in an environment: what is Active there, and what is on its way. What failed or was ended runs no more.
fn stops(standing: &Standing, component: &str) -> Option<AnyView> {
    let serving = standing.serving.as_ref().map(|serving| (serving, end(serving.workload.kind())));
    let coming = standing.newest.as_ref().filter(|newest| newest.state.is_open()).map(|newest| (newest, "is being deployed"));
    let ends: Vec<_> = [serving, coming].into_iter().flatten().collect();
    if ends.is_empty() {
        return None;
    }
    let ends = ends.into_iter().map(|(deployment, words)| {
        view! { <p><span class="mono break">{deployment.image.familiar()}</span>" "{words}</p> }
    });
    let (environment, ends) = (standing.environment.display_name.clone(), ends.collect_view());
    Some(view! { <li><b>{environment}</b>{ends}{standing.addresses(component)}</li> }.into_any())
}

/// What deleting does to what is Active, by its kind.
fn end(kind: Kind) -> &'static str {
    match kind {
        Kind::Service | Kind::WebApplication => "runs",
        Kind::ScheduledTask => "runs by its schedule: its runs end",
        Kind::ManualTask => "can no longer be run",
    }
}

#[server(prefix = "/do", endpoint = "delete_component")]
pub async fn delete_component(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] confirm: String,
) -> Result<(), Refusal> {
    let form = FormState::typed(FORM, [("confirm", &confirm)]);
    let back = paths::delete_component(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        let name = &subject.component.display_name;
        let notice = match components::delete(&request.app.context, &caller, &subject.component, &confirm).await? {
            Deletion::Gone => format!("{name} was deleted."),
            Deletion::UnderWay => format!("{name} is being deleted. As long as something of it is left, its page shows what."),
        };
        // Not to the component's own page: by then it may be gone.
        Ok(Done { path: paths::project(&organization, &subject.project.name), notice })
    }
    .await;
    answer(outcome, form, &back).await
}
