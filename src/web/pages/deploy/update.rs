//! Update Image & Deploy: by tag or by URL.

use leptos::{prelude::*, server_fn::ServerFn as _};

use crate::{
    domain::{
        components::{self, Component},
        deployments::{self, Change},
        organizations::{self, Project},
        problem::{Error, Problems},
    },
    islands::{ImageInput, TagPicker, refusal::Refusal},
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::{kinds, registries::caller_in, tags},
        parts::{Choice, Panel, ProblemSummary, RadioCards, TextField},
        paths,
        request::Request,
    },
};

pub(in crate::web::pages) fn panel_form(
    request: &Request,
    organization: &str,
    project: &Project,
    component: &Component,
    form: FormState,
) -> Panel {
    let image = &component.image;
    // What came back from a refusal, else what the page of tags brings along.
    let own = |name: &str, default: &str| form.get(name).map(str::to_owned).or_else(|| request.query(name)).unwrap_or(default.into());
    let by = own("by", "tag");
    let (tag, url) = (own("tag", image.tag().unwrap_or_default()), own("image", &image.familiar()));
    let choices = vec![
        Choice { value: "tag".into(), label: "Update Image Tag".into(), help: format!("Another tag of {}", image.name()) },
        Choice {
            value: "url".into(),
            label: "Update Image URL".into(),
            help: "Another name, tag or repository at the same registry".into(),
        },
    ];
    let close = paths::deploy(organization, &project.name, &component.name);
    let all_tags = paths::fragments::tags(organization);
    let in_use = image.tag().unwrap_or_default();
    let known = [("registry", component.registry_id.to_string()), ("image", image.name()), ("used", in_use.to_owned())];
    let known_tags = paths::with_query(&all_tags, known);
    let tags_page = paths::deploy_tags(organization, &project.name, &component.name);
    let (to_tags, to_tags_of_url) = (tags::button(tags_page.clone()), tags::button(tags_page));
    let content = view! {
        <form method="post" action=DeployImage::PATH class="panel-form">
            <div class="panel-body">
                // The first button is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Deploy"</button>
                <ProblemSummary problems=form.problems.clone()/>
                <input type="hidden" name="organization" value=organization.to_owned()/>
                <input type="hidden" name="project" value=project.name.clone()/>
                <input type="hidden" name="component" value=component.name.clone()/>
                <input type="hidden" id="field-registry" value=component.registry_id.to_string()/>
                <RadioCards name="by" label="Image" choices=choices value=by problem=form.problem("by")/>
                <div class="by-tag">
                    <TextField name="tag" label="Tag" value=tag problem=form.problem("tag") mono=true help="What to deploy, when Update Image Tag is chosen."/>
                    <TagPicker field="tag".to_owned() fragment=known_tags>{to_tags}</TagPicker>
                </div>
                <div class="by-url">
                    <TextField name="image" label="Image URL" value=url problem=form.problem("image") mono=true help="What to deploy, when Update Image URL is chosen."/>
                    <TagPicker field="image".to_owned() fragment=all_tags>{to_tags_of_url}</TagPicker>
                    <ImageInput preview=paths::fragments::image(organization) inspection=paths::fragments::inspection(organization)>
                        <button class="button js-only" type="button">"Inspect"</button>
                    </ImageInput>
                </div>
                {form.problem("endpoints").map(|problem| view! { <p class="note bad" id="field-endpoints" tabindex="-1">{problem}</p> })}
                <p class="dim">{kinds::stays(component.kind())}" It is deployed to the first environment."</p>
            </div>
            <footer><a class="button" href=close.clone() data-esc="">"Cancel"</a><button class="button main">"Deploy"</button></footer>
        </form>
    }
    .into_any();
    Panel { title: "Update Image & Deploy".into(), close, roomy: false, content }
}

#[server(prefix = "/do", endpoint = "deploy_image")]
pub async fn deploy_image(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] by: String,
    #[server(default)] tag: String,
    #[server(default)] image: String,
) -> Result<(), Refusal> {
    let form = FormState::typed("deploy", [("by", &by), ("tag", &tag), ("image", &image)]);
    let back = paths::update_image(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let context = &request.app.context;
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let environment = organizations::environments(context, &caller).await?.into_iter().next().ok_or(Error::NotFound)?;
        let change = match by.trim() {
            "tag" => Change::Tag(tag),
            "url" => Change::Url(image),
            _ => return Err(Problems::one("by", "required", "Choose Update Image Tag or Update Image URL.").into()),
        };
        let deployment = deployments::deploy(context, &caller, &component, &environment, change).await?;
        let notice = format!("Deploying {} to {}.", deployment.image.familiar(), environment.display_name);
        Ok(Done { path: paths::deploy(&organization, &project.name, &component.name), notice })
    }
    .await;
    answer(outcome, form, &back).await
}
