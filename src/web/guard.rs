//! Who may come in: the setup gate, and the check that a person is signed in and belongs to the organization in the path.
//! Guards stand in middleware: a page is not rendered for someone who may not see it.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use tower_sessions::Session;
use uuid::Uuid;

use super::{
    App,
    answer::{error_page, error_response},
    form::redirect,
    paths,
    security::{ClientAddress, RequestId},
    session,
};
use crate::domain::{Origin, organizations, people, problem::entry};

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub email: String,
}

/// Until the first person exists, every address answers the setup page.
pub async fn setup(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let always = path.starts_with("/pkg/") || matches!(path, paths::SETUP | "/setup/code" | "/healthz" | "/readyz" | "/favicon.svg" | paths::THEME);
    if !always {
        match organizations::needs_setup(&app.context).await {
            Ok(true) if request.method() == Method::GET || request.method() == Method::HEAD => *request.uri_mut() = Uri::from_static(paths::SETUP),
            Ok(true) => return refuse(request.headers(), StatusCode::CONFLICT, "setup_required"),
            Ok(false) => {}
            Err(error) => return error_response(&error),
        }
    }
    next.run(request).await
}

/// Lets signed-in people in, and into an organization's pages only its members.
pub async fn member(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    let person = match session::person_id(&session).await {
        Some(id) => people::find(&app.context, id).await.ok(),
        None => None,
    };
    let Some(person) = person else { return sign_in_first(&request) };
    if let Some(organization) = organization_of(request.uri().path()) {
        match people::caller(&app.context, person.id, organization, origin(&request)).await {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
            }
            Err(error) => return error_response(&error),
        }
    }
    request.extensions_mut().insert(Person { id: person.id, email: person.email });
    next.run(request).await
}

/// The organization that a path names.
fn organization_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/fragments").unwrap_or(path).strip_prefix("/organizations/")?;
    rest.split('/').next()
}

fn sign_in_first(request: &Request) -> Response {
    if request.method() == Method::GET && !request.uri().path().starts_with("/fragments/") && !request.uri().path().starts_with("/live/") {
        let next = request.uri().path_and_query().map_or("/", |path| path.as_str());
        return if next == "/" { redirect(paths::SIGN_IN) } else { redirect(&format!("{}?next={}", paths::SIGN_IN, paths::query(next))) };
    }
    if wants_html(request.headers()) && request.method() == Method::POST {
        return redirect(paths::SIGN_IN);
    }
    refuse(request.headers(), StatusCode::UNAUTHORIZED, "sign_in_required")
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains("text/html"))
}

/// A refusal as a page or, for programs, as the JSON that islands read.
pub fn refuse(headers: &HeaderMap, status: StatusCode, code: &'static str) -> Response {
    let entry = entry(code);
    if wants_html(headers) {
        return error_page(status, code, entry.sentence);
    }
    let body = serde_json::json!({ "code": entry.code, "message": format!("{} {}", entry.sentence, entry.next), "problems": [] });
    (status, axum::Json(body)).into_response()
}

/// Where a request came from, for the audit log.
pub fn origin(request: &Request) -> Origin {
    origin_of(request.extensions())
}

/// The same, of a request that was taken apart.
pub fn origin_of(extensions: &axum::http::Extensions) -> Origin {
    Origin {
        address: extensions.get::<ClientAddress>().map(|address| address.0.to_string()).unwrap_or_default(),
        request_id: extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::organization_of;

    #[test]
    fn the_organization_stands_in_the_path() {
        assert_eq!(organization_of("/organizations/acme/projects/shop"), Some("acme"));
        assert_eq!(organization_of("/fragments/organizations/acme/image"), Some("acme"));
        assert_eq!(organization_of("/do/add_registry"), None);
        assert_eq!(organization_of("/"), None);
    }
}
