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
    pages::{
        component::{
            Subject,
            deletion::{Going, gone},
        },
        create,
        deploy::{Pipeline, review},
        deployments::Shown,
        tags::{Offer, Wanted},
    },
    paths,
    request::Request,
};
use crate::domain::{Caller, components, organizations, problem::Error};

/// An image as typed.
#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    image: String,
}

/// What a typed reference means.
pub async fn image(Query(typed): Query<Typed>) -> Response {
    html(|| create::image_preview(&typed.image))
}

/// What an image says about itself.
pub async fn inspection(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(asked): Query<create::Asked>,
    request: HttpRequest,
) -> Response {
    let request = Request { app, parts: request.into_parts().0 };
    let inspected = create::inspection(&request, &caller, &asked).await;
    html(move || inspected(&request))
}

/// Whether a component can have a name, and which one it would get.
pub async fn component_name(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project)): Path<(String, String)>,
    Query(wanted): Query<create::Wanted>,
) -> Response {
    match create::name_preview(&app.context, &caller, &project, &wanted).await {
        Ok(view) => html(view),
        Err(error) => error_response(&error),
    }
}

/// When a typed schedule runs.
pub async fn schedule(State(app): State<App>, Query(timing): Query<create::Timing>) -> Response {
    html(|| create::schedule_preview(&timing, app.context.now()))
}

/// The tags of the repository that a typed image names: what the picker shows.
pub async fn tags(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(wanted): Query<Wanted>,
    request: HttpRequest,
) -> Response {
    let request = Request { app: app.clone(), parts: request.into_parts().0 };
    match Offer::load(&app.context, &caller, &wanted).await {
        Ok(offer) => html(move || offer.options(&request, &wanted)),
        Err(error) => error_response(&error),
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

/// How far the deletion of a component has come. In the end the component is not there, which is what was asked for.
pub async fn deletion(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((organization, project, component)): Path<(String, String, String)>,
    request: HttpRequest,
) -> Response {
    let request = Request { app, parts: request.into_parts().0 };
    let loaded = async {
        let subject = Subject::load(&request, &caller, &project, &component).await?;
        Going::load(&request, &caller, &subject).await
    };
    match loaded.await {
        Ok(going) => html(move || going.view()),
        Err(Error::NotFound) => html(move || gone(paths::project(&organization, &project))),
        Err(error) => error_response(&error),
    }
}

/// What only the registry and the data plane can tell of an update.
pub async fn review(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project, component)): Path<(String, String, String)>,
    request: HttpRequest,
) -> Response {
    let request = Request { app, parts: request.into_parts().0 };
    match review::fragment(&request, &caller, &project, &component).await {
        Ok(view) => html(view),
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
    let request = Request { app, parts: request.into_parts().0 };
    match Shown::load(&request, &caller, &project, &component, id).await {
        Ok(shown) => html(move || shown.view(&request)),
        Err(error) => error_response(&error),
    }
}

pub(super) fn html(view: impl FnOnce() -> AnyView) -> Response {
    let html = Owner::new().with(|| view().to_html());
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))], html).into_response()
}
