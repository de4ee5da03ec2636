//! The list of a Service's endpoints, with the schema files they may name.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    super::{page, registries::caller_in, segment, take_flash},
    address, address_of, default_of, framed, holds_from_the_next_deployment, present, refused, schema_files, service,
};
use crate::{
    domain::{
        Caller,
        components::{self, EndpointFile},
        endpoints::Endpoint,
        problem::Error,
        schemas::{self, SchemaFile},
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::component::Subject,
        parts::Table,
        paths,
        request::Request,
    },
};

pub(in crate::web::pages) fn list() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let caller = request.caller()?;
        let subject = service(&request, &caller, &project, &component).await?;
        let files = schemas::list(&request.app.context, &subject.component).await?;
        let flash = take_flash(&request).await;
        let came_back = flash.form.clone().filter(|form| form.form == schema_files::FORM).unwrap_or_default();
        let endpoints = present(&subject);
        let (new, edit) = (address(&caller, &subject, paths::new_endpoint), address(&caller, &subject, paths::edit_endpoints));
        let action = view! {
            <div class="buttons">
                <a class="button" href=edit>"Create/Update Endpoints"</a>
                <a class="button main" href=new>"Add endpoint"</a>
            </div>
        };
        let body = view! {
            {holds_from_the_next_deployment(&caller, &subject)}
            {table(&caller, &subject, &endpoints, &files)}
            {schema_files::card(&request, &caller, &subject, files, &came_back)}
        }
        .into_any();
        let description = format!("Where {} answers, and who can reach it.", subject.component.display_name);
        Ok(framed(subject, "Endpoints".into(), description, flash, Some(action.into_any()), body).view(&request, Some(&caller)))
    })
}

fn table(caller: &Caller, subject: &Subject, endpoints: &[Endpoint], files: &[SchemaFile]) -> AnyView {
    let default = default_of(subject, endpoints);
    let columns = ["Name", "Port", "Type", "Network Visibility", "Context", "Schema", "Actions"].map(str::to_owned).into();
    let rows = endpoints
        .iter()
        .map(|endpoint| {
            let is_default = default == Some(endpoint.name.as_str());
            vec![
                name(caller, subject, endpoint, is_default),
                view! { <span class="mono">{endpoint.port}</span> }.into_any(),
                view! { <span class="badge plain">{endpoint.kind.as_str()}</span> }.into_any(),
                visibilities(endpoint),
                view! { <span class="mono break">{endpoint.context.clone().unwrap_or_else(|| "none".into())}</span> }.into_any(),
                schema(endpoint, files),
                actions(caller, subject, endpoint, is_default),
            ]
        })
        .collect();
    view! { <Table label="Endpoints" columns=columns rows=rows/> }.into_any()
}

fn name(caller: &Caller, subject: &Subject, endpoint: &Endpoint, is_default: bool) -> AnyView {
    let mark = is_default.then(|| view! { " "<span class="badge plain mark-badge">"Default"</span> });
    let display_name = endpoint.display_name.clone().map(|name| view! { <small class="under">{name}</small> });
    view! {
        <a class="break" href=address_of(caller, subject, &endpoint.name, paths::endpoint)>{endpoint.name.clone()}</a>
        {mark}{display_name}
    }
    .into_any()
}

fn visibilities(endpoint: &Endpoint) -> AnyView {
    let badges = endpoint.visibilities.iter().map(|visibility| view! { <span class="badge plain">{visibility.as_str()}</span>" " });
    badges.collect_view().into_any()
}

fn schema(endpoint: &Endpoint, files: &[SchemaFile]) -> AnyView {
    let Some(path) = endpoint.schema_file_path.clone() else { return view! { <span class="dim">"none"</span> }.into_any() };
    let missing = schema_files::named(files, &path).is_none().then(|| view! { " "<span class="badge warn">"Not uploaded"</span> });
    view! { <span class="mono break">{path}</span>{missing} }.into_any()
}

fn actions(caller: &Caller, subject: &Subject, endpoint: &Endpoint, is_default: bool) -> AnyView {
    let of = || view! { <span class="visually-hidden">" "{endpoint.name.clone()}</span> };
    let make_default = (!is_default).then(|| {
        view! {
            <form method="post" action=MakeDefaultEndpoint::PATH>
                {subject.hidden(caller)}
                <input type="hidden" name="endpoint" value=endpoint.name.clone()/>
                <input type="hidden" name="revision" value=subject.component.revision.to_string()/>
                <button class="button small">"Make default"{of()}</button>
            </form>
        }
    });
    view! {
        <div class="buttons">
            <a class="button small" href=address_of(caller, subject, &endpoint.name, paths::endpoint)>"Edit"{of()}</a>
            {make_default}
            <a class="button small danger" href=address_of(caller, subject, &endpoint.name, paths::delete_endpoint)>"Delete"{of()}</a>
        </div>
    }
    .into_any()
}

/// The default endpoint has the component's own path; the others have theirs below it.
#[server(prefix = "/do", endpoint = "default_endpoint")]
pub async fn make_default_endpoint(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] endpoint: String,
    #[server(default)] revision: String,
) -> Result<(), Refusal> {
    let back = paths::endpoints(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = service(&request, &caller, &project, &component).await?;
        if endpoint.is_empty() {
            return Err(refused("Choose the endpoint that becomes the default.".into()));
        }
        let file = EndpointFile {
            text: subject.component.endpoints_yaml.clone(),
            default_endpoint: endpoint.clone(),
            revision: revision.trim().parse().unwrap_or_default(),
        };
        components::save_endpoints(&request.app.context, &caller, &subject.component, file).await?;
        Ok(Done { path: back.clone(), notice: format!("{endpoint} is the default endpoint from the next deployment.") })
    }
    .await;
    answer(outcome, FormState::default(), &back).await
}
