//! Create a Service component from an image. State lives in the URL: Inspect is the same form sent by GET.

use leptos::{prelude::*, server_fn::ServerFn as _};
use uuid::Uuid;

use super::{
    PATIENCE,
    frame::{Framed, Place},
    page,
    registries::caller_in,
    segment, tags, take_flash,
};
use crate::{
    domain::{
        Caller, Context,
        components::{self, FirstEndpoint, NewComponent},
        endpoints::{EndpointKind, Visibility},
        images::{ImageReference, Meaning},
        organizations,
        problem::Error,
        registries::{self, Registry, client::ImageFacts},
    },
    islands::{ImageInput, TagPicker, refusal::Refusal},
    web::{
        answer::{Done, answer},
        form::FormState,
        parts::{self, EmptyState, ProblemSummary, SelectField, SelectOption, TextArea, TextField},
        paths,
        request::Request,
    },
};

pub(super) const FIELDS: [&str; 10] = [
    "display_name",
    "name",
    "description",
    "registry",
    "image",
    "endpoint_name",
    "endpoint_port",
    "endpoint_type",
    "endpoint_context",
    "endpoint_visibility",
];

pub(super) fn new() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let project = organizations::project(context, &caller, &project).await?;
        let registries = registries::choices(context, &caller).await?;
        let flash = take_flash(&request).await;
        let mut form = flash.form.clone().unwrap_or_else(|| from_query(&request));
        let inspected = if request.query("inspect").is_some() {
            Some(inspect(context, &caller, form.value("registry"), form.value("image")).await)
        } else {
            None
        };
        if let Some(Ok(facts)) = &inspected
            && let (Some(port), "") = (facts.exposed_ports.first(), form.value("endpoint_port"))
        {
            form.set("endpoint_port", port.port.to_string());
        }
        let body = if registries.is_empty() {
            view! {
                <EmptyState title="No registry to bring an image from" text="Components are made from images in a registry of the organization." href=paths::new_registry(&organization) action="Add Registry"/>
            }
            .into_any()
        } else {
            let inspection = inspected.map(|outcome| inspection_view(&outcome));
            form_view(&organization, &project.name, &form, &registries, inspection)
        };
        let framed = Framed {
            place: Place::Project(project),
            title: "Create a component".into(),
            description: "A Service runs one image and answers on its endpoints.".into(),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

fn from_query(request: &Request) -> FormState {
    let values: Vec<(&str, String)> = FIELDS.into_iter().filter_map(|name| request.query(name).map(|value| (name, value))).collect();
    FormState::typed("component", values.iter().map(|(name, value)| (*name, value)))
}

fn form_view(organization: &str, project: &str, form: &FormState, registries: &[Registry], inspection: Option<AnyView>) -> AnyView {
    let of = |name: &str| (form.value(name), form.problem(name));
    let registry_options = registries
        .iter()
        .map(|registry| SelectOption { value: registry.id.to_string(), label: format!("{} ({})", registry.display_name, registry.host) })
        .collect::<Vec<_>>();
    let chosen = match form.value("registry") {
        "" => registries.first().map(|registry| registry.id.to_string()).unwrap_or_default(),
        value => value.to_owned(),
    };
    let (display_name, display_name_problem) = of("display_name");
    let (name, name_problem) = of("name");
    let (description, description_problem) = of("description");
    let (image, image_problem) = of("image");
    let preview = if image.is_empty() { None } else { Some(preview_view(image)) };
    let endpoint = endpoint_fields(form);
    let here = paths::new_component(organization, project);
    let to_tags = tags::button(paths::new_component_tags(organization, project));
    view! {
        <form method="post" action=CreateComponent::PATH class="stacked">
            // The first button is what Enter presses.
            <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Create"</button>
            <ProblemSummary problems=form.problems.clone()/>
            <input type="hidden" name="organization" value=organization.to_owned()/>
            <input type="hidden" name="project" value=project.to_owned()/>
            <article class="card narrow">
                <header><h2>"Identity"</h2><span class="badge plain">"Service"</span></header>
                <section>
                    <TextField name="display_name" label="Display name" value=display_name problem=display_name_problem required=true help="3 to 60 letters, digits, spaces, - or _; starts with a letter."/>
                    <TextField name="name" label="Name" value=name problem=name_problem mono=true help="Part of addresses and Kubernetes names; never changes. Left empty, it is made from the display name."/>
                    <TextArea name="description" label="Description" value=description problem=description_problem help="Optional."/>
                </section>
            </article>
            <article class="card narrow">
                <header><h2>"Image"</h2></header>
                <section>
                    <SelectField name="registry" label="Registry" options=registry_options value=chosen problem=form.problem("registry")/>
                    <TextField name="image" label="Image URL" value=image problem=image_problem required=true mono=true help="[container-registry-host]/[repository-name]/[image-name]:[tag]"/>
                    <TagPicker field="image".to_owned() fragment=paths::fragments::tags(organization)>{to_tags}</TagPicker>
                    {preview}
                    <ImageInput preview=paths::fragments::image(organization) inspection=paths::fragments::inspection(organization)>
                        <button class="button" formmethod="get" formaction=here name="inspect" value="1" formnovalidate=true>"Inspect"</button>
                    </ImageInput>
                    {inspection}
                </section>
            </article>
            <article class="card narrow">
                <header><h2>"First endpoint"</h2></header>
                <section>{endpoint}</section>
            </article>
            <div class="actions">
                <button class="button main">"Create"</button>
                <a class="button quiet" href=paths::project(organization, project)>"Cancel"</a>
                <a class="dim" href=paths::guide("create-a-component")>"How to create a component"</a>
            </div>
        </form>
    }
    .into_any()
}

fn endpoint_fields(form: &FormState) -> AnyView {
    let kinds = EndpointKind::ALL
        .into_iter()
        .map(|kind| SelectOption { value: kind.as_str().into(), label: kind.as_str().into() })
        .collect::<Vec<_>>();
    let visibilities = Visibility::ALL
        .into_iter()
        .map(|visibility| SelectOption { value: visibility.as_str().into(), label: visibility.as_str().into() })
        .collect::<Vec<_>>();
    let or = |name: &str, default: &str| match form.value(name) {
        "" => default.to_owned(),
        value => value.to_owned(),
    };
    view! {
        <div class="field-row">
            <TextField name="endpoint_name" label="Endpoint name" value=or("endpoint_name", "default") problem=form.problem("endpoint_name")/>
            <TextField name="endpoint_port" label="Port" value=form.value("endpoint_port") problem=form.problem("endpoint_port") mono=true help="Inspect fills in the exposed port." inputmode="numeric"/>
            <SelectField name="endpoint_type" label="Type" options=kinds value=or("endpoint_type", "REST") problem=form.problem("endpoint_type")/>
            <TextField name="endpoint_context" label="Context" value=or("endpoint_context", "/") problem=form.problem("endpoint_context") mono=true help="Path; for REST, GraphQL and WS."/>
        </div>
        <SelectField name="endpoint_visibility" label="Network Visibility" options=visibilities value=or("endpoint_visibility", "Project") problem=form.problem("endpoint_visibility")
            help="Kept with the component. This version opens every endpoint inside the cluster and makes no public address yet."/>
    }
    .into_any()
}

/// What a typed reference means: `GET /fragments/../image`, and under the field without JavaScript.
pub fn image_preview(typed: &str) -> AnyView {
    if typed.trim().is_empty() { ().into_any() } else { preview_view(typed) }
}

fn preview_view(typed: &str) -> AnyView {
    match Meaning::of(typed) {
        Ok(meaning) => {
            let fact = |(name, value): (&'static str, &str)| view! { <dt>{name}</dt><dd class="mono">{value.to_owned()}</dd> };
            let facts = meaning.facts().into_iter().map(fact).collect_view();
            view! {
                <dl class="facts preview">{facts}</dl>
                {meaning.notes.into_iter().map(|note| view! { <p class="dim">{note}</p> }).collect_view()}
            }
            .into_any()
        }
        Err(problem) => view! { <p class="problem">{problem.message}</p> }.into_any(),
    }
}

/// Asks the registry, for at most [`PATIENCE`]; a sentence where it can't say.
async fn inspect(context: &Context, caller: &Caller, registry: &str, image: &str) -> Result<ImageFacts, String> {
    let (image, _) = ImageReference::parse_noted(image).map_err(|problem| problem.message)?;
    let id = Uuid::parse_str(registry).map_err(|_| "Choose the registry that the image is in.".to_owned())?;
    let registry = registries::get(context, caller, id).await.map_err(|_| "Choose the registry that the image is in.".to_owned())?;
    let image = components::same_host(image, &registry).map_err(|problem| problem.message)?;
    if registry.authentication.is_by_nodes() {
        return Err(registries::BY_THE_NODES.into());
    }
    match tokio::time::timeout(PATIENCE, registries::inspect(context, caller, id, &image)).await {
        Ok(Ok(Ok(facts))) => Ok(facts),
        Ok(Ok(Err(problem))) => Err(problem.sentence()),
        Ok(Err(error)) => {
            crate::web::answer::log(&error);
            Err(crate::web::answer::sentence(&error))
        }
        Err(_) => Err(format!("{} did not answer within 3 seconds. You can create the component all the same.", registry.host)),
    }
}

/// `GET /fragments/../inspection`: what the image says about itself, or why it can't be asked.
pub async fn inspection(context: &Context, caller: &Caller, registry: &str, image: &str) -> impl FnOnce() -> AnyView + use<> {
    let outcome = inspect(context, caller, registry, image).await;
    move || inspection_view(&outcome)
}

fn inspection_view(outcome: &Result<ImageFacts, String>) -> AnyView {
    let facts = match outcome {
        Ok(facts) => facts,
        Err(sentence) => return view! { <p class="note bad" role="status">{sentence.clone()}</p> }.into_any(),
    };
    let ports: Vec<String> = facts.exposed_ports.iter().map(|port| format!("{}/{}", port.port, port.protocol)).collect();
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let user = match facts.user.as_deref() {
        None | Some("") => "root (the image names no user)".to_owned(),
        Some(user) => user.to_owned(),
    };
    let layers = if facts.layers == 1 { "1 layer".to_owned() } else { format!("{} layers", facts.layers) };
    let first_port = facts.exposed_ports.first().map(|port| port.port.to_string());
    view! {
        <section class="inspection" aria-label="What the image says" data-port=first_port>
            <dl class="facts">
                <dt>"Digest"</dt><dd><parts::CopyField value=facts.digest.clone() label="digest"/></dd>
                <dt>"Platforms"</dt><dd>{facts.platforms.join(", ")}</dd>
                <dt>"Size"</dt><dd>{parts::bytes(facts.size_bytes)}", "{layers}", compressed"</dd>
                <dt>"User"</dt><dd>{user}</dd>
                <dt>"Exposed ports"</dt><dd class="mono">{or_none(ports.join(", "))}</dd>
                <dt>"Entrypoint"</dt><dd class="mono break">{or_none(facts.entrypoint.join(" "))}</dd>
                <dt>"Command"</dt><dd class="mono break">{or_none(facts.cmd.join(" "))}</dd>
                {facts.created.clone().map(|created| view! { <dt>"Created"</dt><dd>{created}</dd> })}
            </dl>
        </section>
    }
    .into_any()
}

#[server(prefix = "/do", endpoint = "create_component")]
pub async fn create_component(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] display_name: String,
    #[server(default)] name: String,
    #[server(default)] description: String,
    #[server(default)] registry: String,
    #[server(default)] image: String,
    #[server(default)] endpoint_name: String,
    #[server(default)] endpoint_port: String,
    #[server(default)] endpoint_type: String,
    #[server(default)] endpoint_context: String,
    #[server(default)] endpoint_visibility: String,
) -> Result<(), Refusal> {
    let values = [
        &display_name,
        &name,
        &description,
        &registry,
        &image,
        &endpoint_name,
        &endpoint_port,
        &endpoint_type,
        &endpoint_context,
        &endpoint_visibility,
    ];
    let form = FormState::typed("component", FIELDS.into_iter().zip(values));
    let back = paths::new_component(&organization, &project);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let context = &request.app.context;
        let project = organizations::project(context, &caller, &project).await?;
        let endpoint = FirstEndpoint {
            name: endpoint_name,
            port: endpoint_port,
            kind: endpoint_type,
            context: endpoint_context,
            visibility: endpoint_visibility,
        };
        let new =
            NewComponent { kind: "service".into(), display_name, name, description, registry, image, endpoint, ..NewComponent::default() };
        let component = components::create(context, &caller, &project, new).await?;
        let notice = format!("{} was created. Deploy it when you are ready.", component.display_name);
        Ok(Done { path: paths::deploy(&organization, &project.name, &component.name), notice })
    }
    .await;
    answer(outcome, form, &back).await
}
