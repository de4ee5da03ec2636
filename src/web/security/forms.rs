//! The door of `/do/*`, where forms and islands post to: what a body may be, how large, and a friendly way back for a form
//! that leptos could not read. Forms with a file are taken only where [`FormLimits::uploads`] says so.

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use http::{HeaderMap, Method, StatusCode, header, request::Parts};
use http_body_util::BodyExt as _;
use tower_sessions::Session;

use super::{nul, refuse};
use crate::{
    domain::{Context, problem},
    web::{
        flash::{self, Flash, Tone},
        form::redirect,
        paths, session,
    },
};

const PREFIX: &str = "/do/";
/// A body over its limit is still read up to here, so that the browser hears the answer instead of a reset connection.
const DRAIN: u64 = 4 * 1024 * 1024;

/// How many bytes a form may have.
#[derive(Clone, Copy, Debug)]
pub struct FormLimits {
    pub default: usize,
    /// Other limits, by the whole path.
    pub by_path: &'static [(&'static str, usize)],
    /// Paths whose forms may carry a file (`multipart/form-data`).
    pub uploads: &'static [&'static str],
}

impl Default for FormLimits {
    fn default() -> Self {
        Self { default: 256 * 1024, by_path: &paths::LARGE_FORMS, uploads: &paths::UPLOADS }
    }
}

impl FormLimits {
    fn of(&self, path: &str) -> usize {
        self.by_path.iter().find(|(of, _)| *of == path).map_or(self.default, |(_, limit)| *limit)
    }
}

/// What [`guard_forms`] works with.
#[derive(Clone)]
pub struct Forms {
    pub context: Context,
    pub limits: FormLimits,
}

/// Lets only forms of the right kind and size through to `/do/*`: else 415 or 413. Stands inside the session's layer.
pub async fn guard_forms(State(forms): State<Forms>, request: Request, next: Next) -> Response {
    if !request.uri().path().starts_with(PREFIX) || request.method() != Method::POST {
        return next.run(request).await;
    }
    let path = request.uri().path();
    let without_nul = match kind(request.headers()) {
        Some(Kind::UrlEncoded) => nul::in_form,
        Some(Kind::Multipart) if forms.limits.uploads.contains(&path) => nul::in_upload,
        _ => return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"),
    };
    let mut limit = forms.limits.of(path);
    let (parts, body) = request.into_parts();
    // What is kept in memory of a stranger's body stays small.
    if limit as u64 > DRAIN && !is_signed_in(&parts).await {
        limit = forms.limits.default;
    }
    let body = match read(body, limit).await.map(|body| Bytes::from(without_nul(body))) {
        Ok(body) => body,
        Err(Unread::TooLarge) => return refuse(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"),
        Err(Unread::Broken) => return refuse(StatusCode::BAD_REQUEST, "invalid_input"),
    };
    let session = parts.extensions.get::<Session>().cloned();
    let back = referring_path(&parts.headers);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if is_unread_form(&response) { send_back(&forms.context, session, &back).await } else { response }
}

async fn is_signed_in(parts: &Parts) -> bool {
    let Some(session) = parts.extensions.get::<Session>() else { return false };
    matches!(session::person_id(session).await, Ok(Some(_)))
}

/// Why a body did not become bytes.
enum Unread {
    TooLarge,
    /// The connection or the framing broke.
    Broken,
}

/// Collects a body of at most `limit` bytes, whether it was announced or comes in chunks.
async fn read(mut body: Body, limit: usize) -> Result<Vec<u8>, Unread> {
    let mut kept = Vec::new();
    let mut seen: u64 = 0;
    if body.size_hint().lower() > DRAIN.max(limit as u64) {
        return Err(Unread::TooLarge);
    }
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Unread::Broken)?.into_data() else { continue };
        seen += data.len() as u64;
        if seen > DRAIN.max(limit as u64) {
            break;
        }
        if seen <= limit as u64 {
            kept.extend_from_slice(&data);
        }
    }
    if seen > limit as u64 { Err(Unread::TooLarge) } else { Ok(kept) }
}

/// How a form is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    UrlEncoded,
    /// With files.
    Multipart,
}

/// How the body of a request is encoded; `None` if it is no form.
pub fn kind(headers: &HeaderMap) -> Option<Kind> {
    let sent = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    match sent.split(';').next()?.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" => Some(Kind::UrlEncoded),
        "multipart/form-data" => Some(Kind::Multipart),
        _ => None,
    }
}

/// leptos answers a plain form whose arguments it can't decode with 302 and the error in the query string.
fn is_unread_form(response: &Response) -> bool {
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    response.status() == StatusCode::FOUND && location.is_some_and(|location| location.contains("__err="))
}

async fn send_back(context: &Context, session: Option<Session>, path: &str) -> Response {
    if let Some(session) = session {
        let entry = problem::entry("invalid_input");
        let notice = Flash::notice(Tone::Error, format!("{} Load the page again and repeat what you did.", entry.sentence));
        if let Err(error) = flash::put(context, &session, notice).await {
            tracing::error!(%error, "a notice could not be kept for the next page");
        }
    }
    redirect(path)
}

/// The path of the page the form stood on: its query may be what was wrong.
fn referring_path(headers: &HeaderMap) -> String {
    let referrer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    referrer.and_then(|referrer| url::Url::parse(referrer).ok()).map_or_else(|| "/".to_owned(), |url| url.path().to_owned())
}
