//! Plain handlers that change who is signed in: setup, sign-in, sign-out; and the theme, which is only a cookie.

use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tower_sessions::Session;

use super::{
    App,
    answer::{error_response, log, sentence},
    flash::{self, Flash, Notice, Tone},
    form::{FormData, FormState, redirect},
    paths,
    security::origin,
    session,
};
use crate::domain::{
    organizations::{self, NewInstallation},
    people,
    problem::{Error, Problems},
};

/// `POST /setup/code`: the code that the server printed opens the setup form.
pub async fn setup_code(State(app): State<App>, session: Session, form: FormData) -> Response {
    match organizations::check_setup_code(&app.context, form.text("code")).await {
        Ok(true) => match session::open_setup(&session).await {
            Ok(()) => redirect(paths::SETUP),
            Err(error) => error_response(&error),
        },
        Ok(false) => {
            let problem = Problems::one(
                "code",
                "wrong_code",
                "This is not the setup code. Copy it from the line that the server printed when it started last.",
            );
            back(&app, &session, paths::SETUP, form.with_problems("setup_code", problem)).await
        }
        Err(error) => error_response(&error),
    }
}

/// `POST /setup`: the first admin, the organization and its first project.
pub async fn setup(State(app): State<App>, session: Session, extensions: http::Extensions, form: FormData) -> Response {
    let origin = origin(&extensions);
    match session::is_setup_open(&session).await {
        Ok(true) => {}
        Ok(false) => return redirect(paths::SETUP),
        Err(error) => return error_response(&error),
    }
    let new = NewInstallation {
        email: form.text("email").to_owned(),
        password: form.secret("password"),
        organization: form.text("organization").to_owned(),
        project: form.text("project").to_owned(),
    };
    match organizations::setup(&app.context, new, &origin).await {
        Ok(person) => enter(&session, person.id, "/").await,
        Err(Error::Invalid(problems)) => back(&app, &session, paths::SETUP, form.with_problems("setup", problems)).await,
        Err(error) => error_response(&error),
    }
}

/// `POST /sign-in`
pub async fn sign_in(State(app): State<App>, session: Session, extensions: http::Extensions, form: FormData) -> Response {
    let origin = origin(&extensions);
    let password = form.secret("password");
    let next = form.text("next").to_owned();
    match people::sign_in(&app.context, form.text("email"), &password, &origin).await {
        Ok(person) => enter(&session, person.id, &next).await,
        Err(error) => {
            let page = if next.is_empty() { paths::SIGN_IN.to_owned() } else { format!("{}?next={}", paths::SIGN_IN, paths::query(&next)) };
            let problems = match error {
                Error::Invalid(problems) => problems,
                limited @ Error::RateLimited { .. } => Problems::one("", "rate_limited", sentence(&limited)),
                error => return error_response(&error),
            };
            back(&app, &session, &page, form.with_problems("sign_in", problems)).await
        }
    }
}

/// `POST /sign-out`
pub async fn sign_out(session: Session) -> Response {
    if let Err(error) = session::sign_out(&session).await {
        log(&error);
    }
    redirect(paths::SIGN_IN)
}

/// `POST /theme`: the cookie that makes the first paint right.
pub async fn theme(State(app): State<App>, headers: axum::http::HeaderMap, form: FormData) -> Response {
    let theme = match form.text("theme") {
        theme @ ("light" | "dark") => theme,
        _ => "system",
    };
    let secure = if app.config.is_https() { "; Secure" } else { "" };
    let cookie = format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax{secure}");
    let back = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).and_then(|value| value.parse::<axum::http::Uri>().ok());
    let back = back.and_then(|uri| uri.path_and_query().map(ToString::to_string)).unwrap_or_else(|| "/".into());
    let cookie = HeaderValue::from_str(&cookie).unwrap_or(HeaderValue::from_static("theme=system; Path=/"));
    ([(header::SET_COOKIE, cookie)], redirect(&back)).into_response()
}

async fn enter(session: &Session, person_id: uuid::Uuid, next: &str) -> Response {
    match session::sign_in(session, person_id).await {
        Ok(()) => redirect(next),
        Err(error) => error_response(&error),
    }
}

/// Back to the form's page with what was typed and what is wrong with it.
async fn back(app: &App, session: &Session, page: &str, state: FormState) -> Response {
    let notice: Option<Notice> = state.problems.of("").map(|problem| Notice { tone: Tone::Error, text: problem.message.clone() });
    match flash::put(&app.context, session, Flash { notice, ..Flash::form(state) }).await {
        Ok(()) => redirect(page),
        Err(error) => error_response(&error),
    }
}
