//! Forget a component whose deletion is stuck: what stays on the cluster, and its name to confirm it. For admins.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::Subject;
use crate::{
    domain::{
        Caller,
        components::{self, LeftBehind},
        problem::Error,
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::{
            frame::{Entry, Framed, Place},
            page,
            registries::caller_in,
            segment, take_flash,
        },
        parts::{CodeBlock, ProblemSummary, TextField},
        paths,
        request::Request,
    },
};

const FORM: &str = "forget_component";

pub(in crate::web::pages) fn forget() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        caller.must_be_admin()?;
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        let removals = components::removals(context, &caller, &subject.component).await?;
        let left = components::left_behind(context, &caller, &subject.component).await?;
        let places = components::places(context, &caller, &subject.component).await?;
        let flash = take_flash(&request).await;
        let typed = flash.form.clone().filter(|form| form.form == FORM).unwrap_or_default();
        let is_stuck = removals.iter().any(|removal| removal.is_stuck);
        let body = if is_stuck { card(&caller, &subject, &left, &places, &typed) } else { not_stuck(&caller, &subject) };
        let framed = Framed {
            title: format!("Forget {}", subject.component.display_name),
            description: "Ends a deletion that the cluster does not let go on.".into(),
            place: Place::Component(subject.project, Box::new(subject.component), Entry::Settings),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn not_stuck(caller: &Caller, subject: &Subject) -> AnyView {
    let settings = paths::component_settings(&caller.organization_name, &subject.project.name, &subject.component.name);
    view! {
        <article class="card narrow" aria-label="Forget the component">
            <section class="stacked">
                <p>"Only a component whose deletion is stuck can be forgotten, and this one's is not."</p>
                <a class="button" href=settings>"Back to Settings"</a>
            </section>
        </article>
    }
    .into_any()
}

fn card(caller: &Caller, subject: &Subject, left: &[LeftBehind], places: &[String], form: &FormState) -> AnyView {
    let name = subject.component.name.clone();
    let stays = if left.is_empty() {
        view! { <p>"Slipway knows of nothing that stays on the cluster. A release that was cut off half-way may have left something all the same."</p> }.into_any()
    } else {
        let lists = by_namespace(left)
            .into_iter()
            .map(|(namespace, objects)| view! { <CodeBlock path=namespace text=objects.join("\n")/> })
            .collect_view();
        view! { <p>"As far as Slipway knows, this stays on the cluster, and keeps running, until somebody removes it there:"</p>{lists} }
            .into_any()
    };
    let settings = paths::component_settings(&caller.organization_name, &subject.project.name, &name);
    view! {
        <article class="card narrow" aria-label="Forget the component">
            <section class="stacked">
                {stays}
                {(!places.is_empty()).then(|| view! {
                    <p>"When the cluster answers again, this shows what is there. Copy it: a component of the same name can't be deployed to that cluster before it is gone."</p>
                    <CodeBlock path="kubectl" text=commands(subject.component.id, places)/>
                })}
                <p>"Slipway forgets the component and no longer tries to remove anything. The audit log keeps the list. This can't be undone."</p>
                <form method="post" action=ForgetComponent::PATH>
                    <ProblemSummary problems=form.problems.clone()/>
                    {subject.hidden(caller)}
                    <TextField name="confirm" label=format!("Type {name} to confirm") value=form.value("confirm") problem=form.problem("confirm") mono=true/>
                    <div class="actions"><button class="button danger">"Forget component"</button><a class="button" href=settings>"Cancel"</a></div>
                </form>
            </section>
        </article>
    }
    .into_any()
}

/// Finds by its label what a component has in each namespace. Ids and namespaces are our own: no letter of them needs quoting.
fn commands(component_id: uuid::Uuid, places: &[String]) -> String {
    let command =
        |namespace: &String| format!("kubectl get all,secrets --namespace {namespace} --selector slipway.dev/component-id={component_id}");
    places.iter().map(command).collect::<Vec<_>>().join("\n")
}

/// The objects as `kubectl` names them, under the namespace they are in. The list comes sorted by namespace.
fn by_namespace(left: &[LeftBehind]) -> Vec<(String, Vec<String>)> {
    let lists = left.chunk_by(|one, other| one.namespace == other.namespace);
    lists.map(|list| (list[0].namespace.clone(), list.iter().map(|object| format!("{}/{}", object.kind, object.name)).collect())).collect()
}

#[server(prefix = "/do", endpoint = "forget_component")]
pub async fn forget_component(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] confirm: String,
) -> Result<(), Refusal> {
    let form = FormState::typed(FORM, [("confirm", &confirm)]);
    let mut back = paths::forget_component(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        if !caller.is_admin() {
            // Theirs is the page that shows the same action disabled.
            back = paths::component_settings(&organization, &project, &component);
        }
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        components::forget(&request.app.context, &caller, &subject.component, &confirm).await?;
        let notice = format!("{} was forgotten.", subject.component.display_name);
        Ok(Done { path: paths::project(&organization, &subject.project.name), notice })
    }
    .await;
    answer(outcome, form, &back).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_finds_the_objects_in_each_namespace() {
        let told = commands(uuid::Uuid::from_u128(7), &["slw-a".into(), "slw-b".into()]);
        let of = |namespace: &str| {
            format!(
                "kubectl get all,secrets --namespace {namespace} --selector slipway.dev/component-id=00000000-0000-0000-0000-000000000007"
            )
        };
        assert_eq!(told, format!("{}\n{}", of("slw-a"), of("slw-b")));
    }

    #[test]
    fn what_stays_is_listed_by_its_namespace() {
        let object = |namespace: &str, kind: &str| LeftBehind { namespace: namespace.into(), kind: kind.into(), name: "shop".into() };
        let lists = by_namespace(&[object("a", "Deployment"), object("a", "Service"), object("b", "Service")]);
        let expected = [("a".into(), vec!["Deployment/shop".into(), "Service/shop".into()]), ("b".into(), vec!["Service/shop".into()])];
        assert_eq!(lists, expected);
    }
}
