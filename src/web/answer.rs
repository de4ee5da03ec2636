//! How a write answers: a plain form by 303 and a flash, an island's fetch by status and typed problems; and how an error looks.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;

use super::{
    flash::{self, Notice, Tone},
    form::{FormState, local_path, redirect},
    guard::wants_html,
    request::Request,
};
use crate::{
    domain::problem::{self, Error, Problems, entry},
    islands::refusal::{FieldProblem, Refusal},
};

/// Where a form goes when its write went well, and what the page there says once.
pub struct Done {
    pub path: String,
    pub notice: String,
}

/// Answers a write. `form` carries what was typed (without secrets) and `back` is the page of the form.
pub async fn answer(outcome: problem::Result<Done>, form: FormState, back: &str) -> Result<(), Refusal> {
    let request = Request::current().map_err(|error| refusal(&error))?;
    if !wants_html(&request.parts.headers) {
        return outcome.map(drop).map_err(|error| {
            set_status(status(&error));
            refusal(&error)
        });
    }
    match outcome {
        Ok(done) => {
            keep(&request, flash::Flash::notice(Tone::Success, done.notice)).await;
            see_other(&done.path);
            Ok(())
        }
        Err(error) => {
            keep(&request, failed(&error, form)).await;
            see_other(back);
            Err(refusal(&error)) // the 303 stands; nothing else of this is shown
        }
    }
}

/// The same for a plain handler.
pub async fn respond(request: &Request, outcome: problem::Result<Done>, form: FormState, back: &str) -> Response {
    if !wants_html(&request.parts.headers) {
        return match outcome {
            Ok(_) => StatusCode::NO_CONTENT.into_response(),
            Err(error) => (status(&error), Json(refusal(&error))).into_response(),
        };
    }
    let (flash, path) = match &outcome {
        Ok(done) => (flash::Flash::notice(Tone::Success, done.notice.clone()), done.path.as_str()),
        Err(error) => {
            log(error);
            (failed(error, form), back)
        }
    };
    keep(request, flash).await;
    redirect(path)
}

fn failed(error: &Error, form: FormState) -> flash::Flash {
    let text = match error {
        Error::Invalid(problems) => return flash::Flash::form(FormState { problems: problems.clone(), ..form }),
        Error::Forbidden => format!("{} {}", sentence(error), entry(code(error)).next),
        other => sentence(other),
    };
    flash::Flash { notice: Some(Notice { tone: Tone::Error, text }), ..flash::Flash::form(form) }
}

/// Leaves a flash for the page that the answer leads to.
pub async fn keep(request: &Request, flash: flash::Flash) {
    let kept = match request.session() {
        Ok(session) => flash::put(&request.app.context, &session, flash).await,
        Err(error) => Err(error),
    };
    if let Err(error) = kept {
        tracing::error!(%error, "a flash could not be kept");
    }
}

fn set_status(status: StatusCode) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(status);
    }
}

fn see_other(path: &str) {
    if let Some(response) = use_context::<ResponseOptions>() {
        let path = HeaderValue::from_str(local_path(path)).unwrap_or(HeaderValue::from_static("/"));
        response.insert_header(header::LOCATION, path);
        response.set_status(StatusCode::SEE_OTHER);
    }
}

/// The HTTP status of an error.
pub fn status(error: &Error) -> StatusCode {
    match error {
        Error::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Error::NotFound => StatusCode::NOT_FOUND,
        Error::Forbidden => StatusCode::FORBIDDEN,
        Error::Conflict { .. } => StatusCode::CONFLICT,
        Error::RateLimited { .. } => StatusCode::TOO_MANY_REQUESTS,
        Error::Database(_) | Error::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The catalogue's code of an error.
pub fn code(error: &Error) -> &'static str {
    match error {
        Error::Invalid(_) => "invalid_input",
        Error::NotFound => "not_found",
        Error::Forbidden => "forbidden",
        Error::Conflict { code, .. } => code,
        Error::RateLimited { .. } => "rate_limited",
        Error::Database(_) | Error::Internal(_) => "internal",
    }
}

/// One sentence for the person; causes stay in the log.
pub fn sentence(error: &Error) -> String {
    match error {
        Error::Conflict { message, .. } => message.clone(),
        Error::RateLimited { retry_after } => {
            format!("Too many tries in a short time. Wait {} minutes and try again.", retry_after.div_ceil(60))
        }
        other => entry(code(other)).sentence.to_owned(),
    }
}

/// Logs what is our fault, once, with its cause.
pub fn log(error: &Error) {
    if let Error::Database(_) | Error::Internal(_) = error {
        tracing::error!(error = format!("{error:#}"), "a request failed");
    }
}

fn refusal(error: &Error) -> Refusal {
    log(error);
    let Problems(problems) = match error {
        Error::Invalid(problems) => problems.clone(),
        _ => Problems::default(),
    };
    Refusal {
        code: code(error).to_owned(),
        message: sentence(error),
        problems: problems
            .into_iter()
            .map(|problem| FieldProblem { field: problem.field.into_owned(), message: problem.message })
            .collect(),
    }
}

/// An error outside of leptos' pages: a small page with the catalogue's sentence.
pub fn error_response(error: &Error) -> Response {
    log(error);
    error_page(status(error), code(error), &sentence(error))
}

/// A whole page that says what is wrong, for handlers that leptos does not render.
pub fn error_page(status: StatusCode, code: &str, sentence: &str) -> Response {
    let (sentence, next) = (sentence.to_owned(), entry(code).next);
    let owner = leptos::prelude::Owner::new();
    let body = owner.with(|| {
        use leptos::prelude::*;
        let content = view! {
            <main class="centred">
                <h1>{sentence.clone()}</h1>
                <p>{next}</p>
                <p><a class="button" href="/">"Go to the start"</a></p>
            </main>
        };
        view! {
            <html lang="en">
                <head>
                    <meta charset="utf-8"/>
                    <meta name="viewport" content="width=device-width, initial-scale=1"/>
                    <title>{format!("{sentence} · Slipway")}</title>
                    <link rel="stylesheet" href=super::assets::STYLE_PATH.as_str()/>
                    <link rel="icon" href="/favicon.svg"/>
                </head>
                <body>{content}</body>
            </html>
        }
        .to_html()
    });
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], format!("<!DOCTYPE html>{body}")).into_response()
}

/// A page whose only content is the way to another one: for the start page, which has no content of its own.
pub fn redirect_page(path: &str) -> leptos::prelude::AnyView {
    use leptos::prelude::IntoAny as _;
    see_other(path);
    ().into_any()
}
