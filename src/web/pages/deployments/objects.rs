//! The Kubernetes objects that a deployment was made of: on its page, and as a file.

use axum::{
    Extension,
    extract::{Path, State},
    http::{HeaderName, HeaderValue, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    domain::{
        Caller, components,
        deployments::{self, StoredObject},
        organizations,
        problem::{Error, Result},
    },
    web::{
        App,
        answer::error_response,
        parts::{Highlighted, icons},
    },
};

/// Each object folded away, with its YAML to be copied; nothing until they were applied.
pub(super) fn view(objects: &[StoredObject], download: String) -> Option<AnyView> {
    if objects.is_empty() {
        return None;
    }
    let rows = objects.iter().enumerate().map(|(index, object)| row(index, object)).collect_view();
    Some(
        view! {
            <section>
                <h2>"Kubernetes objects"</h2>
                <ul class="plain-list objects">{rows}</ul>
                <p><a class="button" href=download download="">"Download as YAML"</a></p>
            </section>
        }
        .into_any(),
    )
}

fn row(index: usize, object: &StoredObject) -> AnyView {
    let name = format!("{}/{}", object.kind, object.name);
    view! {
        <li>
            <details class="events" id=format!("object-{index}")>
                <summary class="mono break">{name.clone()}</summary>
                <div class="code-block">
                    <p class="code-path">
                        <code>{name.clone()}</code>
                        <button type="button" class="icon js-only" data-copy=object.manifest.clone() aria-label=format!("Copy {name}")>{icons::copy()}</button>
                    </p>
                    <Highlighted text=object.manifest.clone()/>
                </div>
            </details>
        </li>
    }
    .into_any()
}

/// All of them as one YAML stream.
pub(in crate::web) async fn download(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project, component, deployment)): Path<(String, String, String, String)>,
) -> Response {
    match file(&app, &caller, &project, &component, &deployment).await {
        Ok((name, yaml)) => attachment(&name, yaml),
        Err(error) => error_response(&error),
    }
}

/// Name and content; [`Error::NotFound`] before anything was applied.
async fn file(app: &App, caller: &Caller, project: &str, component: &str, deployment: &str) -> Result<(String, String)> {
    let id = Uuid::parse_str(deployment).map_err(|_| Error::NotFound)?;
    let project = organizations::project(&app.context, caller, project).await?;
    let component = components::get(&app.context, caller, &project, component).await?;
    let deployment = deployments::get(&app.context, &component, id).await?;
    let objects = deployments::objects(&app.context, &deployment).await?;
    if objects.is_empty() {
        return Err(Error::NotFound);
    }
    // A component's name is a DNS label: nothing in it can leave the header.
    Ok((format!("{}-{id}.yaml", component.name), stream(&objects)))
}

/// Documents one after another, as `kubectl apply -f` reads them.
fn stream(objects: &[StoredObject]) -> String {
    let documents: Vec<_> = objects.iter().map(|object| format!("{}\n", object.manifest.trim().trim_start_matches("---\n"))).collect();
    documents.join("---\n")
}

fn attachment(name: &str, yaml: String) -> Response {
    let disposition = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")).unwrap_or(HeaderValue::from_static("attachment"));
    let headers: [(HeaderName, HeaderValue); 3] = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/yaml; charset=utf-8")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, yaml).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_one_stream_of_documents() {
        let object = |manifest: &str| StoredObject { kind: "Service".into(), name: "a".into(), manifest: manifest.into() };
        assert_eq!(stream(&[object("kind: A\n"), object("---\nkind: B")]), "kind: A\n---\nkind: B\n");
    }
}
