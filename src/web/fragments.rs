//! Fragments: pieces of pages that islands ask for after load. Plain HTML without islands in it.

use axum::{
    Extension,
    extract::{Path, Query, Request as HttpRequest, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    App,
    answer::error_response,
    pages::{self, deploy::Pipeline, deployments::card},
    request::Request,
};
use crate::domain::{
    Caller,
    components::{self, Component},
    deployments, organizations,
    problem::Error,
    registries,
};

/// How many tags are offered.
const TAGS: usize = 100;

/// What stands in the fields of a form that asks about an image.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    image: String,
    #[serde(default)]
    registry: String,
}

/// What a typed reference means.
pub async fn image(Query(typed): Query<Typed>) -> Response {
    html(|| pages::image_preview(&typed.image))
}

/// What an image says about itself.
pub async fn inspection(State(app): State<App>, Extension(caller): Extension<Caller>, Query(typed): Query<Typed>) -> Response {
    html(pages::inspection(&app.context, &caller, &typed.registry, &typed.image).await)
}

/// The tags of a component's repository, as a `<datalist>`.
pub async fn tags(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project, component)): Path<(String, String, String)>,
) -> Response {
    match load_tags(&app, &caller, &project, &component).await {
        Ok(tags) => html(move || tag_list(tags)),
        Err(error) => error_response(&error),
    }
}

async fn load_tags(app: &App, caller: &Caller, project: &str, component: &str) -> Result<Result<Vec<String>, String>, Error> {
    let component = find(app, caller, project, component).await?;
    let access = registries::access(&app.context, caller.organization_id, component.registry_id).await?;
    let tags = app.context.registry_client.tags(&access, component.image.repository(), TAGS).await;
    Ok(tags.map(|list| list.tags).map_err(|problem| problem.sentence()))
}

fn tag_list(tags: Result<Vec<String>, String>) -> AnyView {
    match tags {
        Ok(tags) => {
            let count = match tags.len() {
                0 => "The repository has no tags yet.".to_owned(),
                1 => "The repository has one tag.".to_owned(),
                TAGS.. => format!("The first {TAGS} tags are offered."),
                count => format!("The repository's {count} tags are offered."),
            };
            view! { <p>{count}</p><datalist id="tags">{tags.into_iter().map(|tag| view! { <option value=tag></option> }).collect_view()}</datalist> }.into_any()
        }
        Err(sentence) => view! { <p>"Tags can't be listed: " {sentence}</p> }.into_any(),
    }
}

/// The cards of a component's Deploy page.
pub async fn pipeline(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((organization, project, component)): Path<(String, String, String)>,
    request: HttpRequest,
) -> Response {
    let request = Request { app: app.clone(), parts: request.into_parts().0 };
    let loaded = async {
        let project = organizations::project(&app.context, &caller, &project).await?;
        let component = components::get(&app.context, &caller, &project, &component).await?;
        Pipeline::load(&request, &caller, &organization, &project, &component).await
    };
    match loaded.await {
        Ok(pipeline) => html(move || pipeline.view()),
        Err(error) => error_response(&error),
    }
}

/// One deployment's card.
pub async fn deployment(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project, component, id)): Path<(String, String, String, Uuid)>,
    request: HttpRequest,
) -> Response {
    let request = Request { app: app.clone(), parts: request.into_parts().0 };
    let loaded = async {
        let component = find(&app, &caller, &project, &component).await?;
        let deployment = deployments::get(&app.context, &component, id).await?;
        let events = deployments::events(&app.context, &deployment).await?;
        Ok((deployment, events))
    };
    match loaded.await {
        Ok((deployment, events)) => html(move || card(&request, &deployment, &events)),
        Err(error) => error_response(&error),
    }
}

async fn find(app: &App, caller: &Caller, project: &str, component: &str) -> Result<Component, Error> {
    let project = organizations::project(&app.context, caller, project).await?;
    components::get(&app.context, caller, &project, component).await
}

fn html(view: impl FnOnce() -> AnyView) -> Response {
    let html = Owner::new().with(|| view().to_html());
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
}
