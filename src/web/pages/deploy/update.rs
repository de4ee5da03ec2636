//! Update Image & Deploy: by tag, by URL, or an image of before.

use leptos::{prelude::*, server_fn::ServerFn as _};
use uuid::Uuid;

use super::{inputs, previous::Previous, typed::Typed};
use crate::{
    domain::{
        Caller,
        components::{self, Component},
        deployments::{self, Deployment},
        organizations::{self, Project},
        problem::Error,
        registries,
    },
    islands::{ImageInput, KeepInAddress, TagPicker, refusal::Refusal},
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::{registries::caller_in, tags},
        parts::{Choice, Panel, ProblemSummary, RadioCards, SelectField, SelectOption, TextField},
        paths,
        request::Request,
    },
};

/// The panel with what came back from a refusal, else with what its address says.
pub(super) async fn panel_form(
    request: &Request,
    caller: &Caller,
    project: &Project,
    component: &Component,
    form: FormState,
) -> Result<Panel, Error> {
    let context = &request.app.context;
    let organization = caller.organization_name.as_str();
    let environments = organizations::environments(context, caller).await?;
    let first = environments.first().ok_or(Error::NotFound)?.clone();
    let newest = deployments::newest(context, component, first.id).await?;
    let typed = Typed::of(request, &form, component);
    let previous = Previous {
        images: deployments::previous_images(context, component).await?,
        own: component.image.clone(),
        environments,
        chosen: typed.previous.clone(),
        problem: form.problem("previous"),
        now: context.now(),
        zone: request.time_zone(),
    };
    let by = view! {
        <RadioCards name="by" label="Image" choices=choices(component, &previous) value=typed.by.clone() problem=form.problem("by")/>
        {by_tag(organization, project, component, &typed, &form)}
        {by_url(organization, project, component, registries::choices(context, caller).await?, &typed, &form)}
        <div class="by by-previous">{previous.view()}</div>
    };
    let (deploy, here) =
        (paths::deploy(organization, &project.name, &component.name), paths::update_image(organization, &project.name, &component.name));
    let review = paths::review_update(organization, &project.name, &component.name);
    let content = view! {
        <form method="post" action=DeployImage::PATH class="panel-form">
            <div class="panel-body">
                // The first button is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Deploy"</button>
                <ProblemSummary problems=form.problems.clone()/>
                {named(organization, project, component)}
                {seen(newest.as_ref())}
                {by}
                {inputs::view(organization, &project.name, component, form.problem("endpoints"))}
                <p class="dim">{format!("It is deployed to {}.", first.display_name)}</p>
                <KeepInAddress page=here/>
            </div>
            <footer>
                <a class="button" href=deploy.clone() data-esc="">"Cancel"</a>
                <button class="button" formmethod="get" formaction=review>"See what changes"</button>
                <button class="button main">"Deploy"</button>
            </footer>
        </form>
    }
    .into_any();
    Ok(Panel { title: "Update Image & Deploy".into(), close: deploy, roomy: false, content })
}

/// Which component a form is about.
pub(super) fn named(organization: &str, project: &Project, component: &Component) -> AnyView {
    view! {
        <input type="hidden" name="organization" value=organization.to_owned()/>
        <input type="hidden" name="project" value=project.name.clone()/>
        <input type="hidden" name="component" value=component.name.clone()/>
    }
    .into_any()
}

/// The newest deployment that whoever sends the form knows of.
pub(super) fn seen(newest: Option<&Deployment>) -> AnyView {
    let id = newest.map(|newest| newest.id.to_string()).unwrap_or_default();
    view! { <input type="hidden" name="seen" value=id/> }.into_any()
}

fn choices(component: &Component, previous: &Previous) -> Vec<Choice> {
    let choice = |value: &str, label: &str, help: String| Choice { value: value.into(), label: label.into(), help };
    vec![
        choice("tag", "Update Image Tag", format!("Another tag of {}", component.image.name())),
        choice("url", "Update Image URL", "Another name, tag or repository, also of another registry".into()),
        choice("previous", "Previous Images", previous.help()),
    ]
}

fn by_tag(organization: &str, project: &Project, component: &Component, typed: &Typed, form: &FormState) -> AnyView {
    let image = &component.image;
    let in_use = image.tag().unwrap_or_default();
    let known = [("registry", component.registry_id.to_string()), ("image", image.name()), ("used", in_use.to_owned())];
    let known_tags = paths::with_query(&paths::fragments::tags(organization), known);
    let to_tags = tags::button(paths::deploy_tags(organization, &project.name, &component.name));
    view! {
        <div class="by by-tag">
            <TextField name="tag" label="Tag" value=typed.tag.clone() problem=form.problem("tag") mono=true help="What to deploy, when Update Image Tag is chosen."/>
            <TagPicker field="tag".to_owned() fragment=known_tags>{to_tags}</TagPicker>
        </div>
    }
    .into_any()
}

fn by_url(
    organization: &str,
    project: &Project,
    component: &Component,
    choices: Vec<registries::Registry>,
    typed: &Typed,
    form: &FormState,
) -> AnyView {
    let option = |registry: registries::Registry| SelectOption {
        value: registry.id.to_string(),
        label: format!("{} ({})", registry.display_name, registry.host),
    };
    let to_tags = tags::button(paths::deploy_tags(organization, &project.name, &component.name));
    view! {
        <div class="by by-url">
            <SelectField name="registry" label="Registry" options=choices.into_iter().map(option).collect() value=typed.registry.clone() problem=form.problem("registry")/>
            <TextField name="image" label="Image URL" value=typed.image.clone() problem=form.problem("image") mono=true help="What to deploy, when Update Image URL is chosen: an image of this registry."/>
            <TagPicker field="image".to_owned() fragment=paths::fragments::tags(organization)>{to_tags}</TagPicker>
            <ImageInput preview=paths::fragments::image(organization) inspection=paths::fragments::inspection(organization)>
                <button class="button js-only" type="button">"Inspect"</button>
            </ImageInput>
        </div>
    }
    .into_any()
}

#[server(prefix = "/do", endpoint = "deploy_image")]
pub async fn deploy_image(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] by: String,
    #[server(default)] tag: String,
    #[server(default)] registry: String,
    #[server(default)] image: String,
    #[server(default)] previous: String,
    #[server(default)] seen: String,
) -> Result<(), Refusal> {
    let typed = Typed::new([by, tag, registry, image, previous]);
    let form = typed.form(Default::default());
    let back = paths::update_image(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let context = &request.app.context;
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let environment = organizations::environments(context, &caller).await?.into_iter().next().ok_or(Error::NotFound)?;
        let deployment = deployments::deploy(context, &caller, &component, &environment, typed.change(&component)?).await?;
        let overtaken = deployments::overtaken(context, &deployment).await?;
        let meanwhile = meanwhile(&overtaken, Uuid::parse_str(seen.trim()).ok());
        let notice = format!("Deploying {} to {}.{meanwhile}", deployment.image.familiar(), environment.display_name);
        Ok(Done { path: paths::deploy(&organization, &project.name, &component.name), notice })
    }
    .await;
    answer(outcome, form, &back).await
}

/// What the person could not know of when the form was made: which deployments were queued since, that this one ended.
fn meanwhile(overtaken: &[Deployment], seen: Option<Uuid>) -> String {
    // Ids sort by time.
    let unseen: Vec<_> = overtaken.iter().filter(|deployment| seen.is_none_or(|seen| deployment.id > seen)).collect();
    let Some((newest, others)) = unseen.split_first() else { return String::new() };
    let others = match others.len() {
        0 => String::new(),
        1 => ", and of another one".into(),
        count => format!(", and of {count} others"),
    };
    format!(" This takes the place of {}, which {} queued meanwhile{others}.", newest.image.familiar(), newest.created_by)
}
