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
    security::origin,
    session,
};
use crate::domain::{
    people,
    problem::{Error, entry},
};

/// The signed-in person.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub email: String,
}

/// Until the first person exists, every address answers the setup page.
pub async fn setup(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let always =
        path.starts_with("/pkg/") || matches!(path, paths::SETUP | "/setup/code" | "/healthz" | "/readyz" | "/favicon.svg" | paths::THEME);
    if !always {
        match app.setup.needs_setup(&app.context).await {
            Ok(true) if request.method() == Method::GET || request.method() == Method::HEAD => {
                *request.uri_mut() = Uri::from_static(paths::SETUP)
            }
            Ok(true) => return refuse(request.headers(), StatusCode::CONFLICT, "setup_required"),
            Ok(false) => {}
            Err(error) => return error_response(&error),
        }
    }
    next.run(request).await
}

/// Lets signed-in people in, and into an organization's pages only its members.
pub async fn member(State(app): State<App>, session: Session, mut request: Request, next: Next) -> Response {
    if matches!(request.uri().path(), paths::SETUP | paths::SIGN_IN) {
        return next.run(request).await;
    }
    let person = match signed_in(&app, &session).await {
        Ok(Some(person)) => person,
        Ok(None) => return sign_in_first(&request),
        Err(error) => return error_response(&error),
    };
    if let Some(organization) = organization_of(request.uri().path()) {
        match people::caller(&app.context, person.id, organization, origin(request.extensions())).await {
            Ok(caller) => {
                request.extensions_mut().insert(caller);
            }
            Err(error) => return error_response(&error),
        }
    }
    request.extensions_mut().insert(Person { id: person.id, email: person.email });
    next.run(request).await
}

async fn signed_in(app: &App, session: &Session) -> Result<Option<people::Person>, Error> {
    let Some(id) = session::person_id(session).await? else { return Ok(None) };
    session::touch(&app.context, session).await?;
    match people::find(&app.context, id).await {
        Ok(person) => Ok(Some(person)),
        Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
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

/// Whether a browser asks for a page (or posts a plain form); `*/*` counts as a program.
pub fn wants_html(headers: &HeaderMap) -> bool {
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
