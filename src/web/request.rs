//! What a page or a server function knows of its request: taken from the request's extensions, where the guards put it.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use leptos::prelude::use_context;

use super::{App, security::RequestId};
use crate::domain::{Caller, problem::Error};

/// The request a page is rendered for. Cheap to clone.
#[derive(Clone)]
pub struct Request {
    pub app: App,
    pub parts: Parts,
}

impl FromRequestParts<App> for Request {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        Ok(Self { app: app.clone(), parts: parts.clone() })
    }
}

impl Request {
    /// Takes the request from leptos' context. An error if there is none, as for a route list.
    pub fn current() -> Result<Self, Error> {
        let app = use_context::<App>().ok_or_else(|| anyhow::anyhow!("no App in the context"))?;
        let parts = use_context::<Parts>().ok_or_else(|| anyhow::anyhow!("no request in the context"))?;
        Ok(Self { app, parts })
    }

    /// The person who asks, as a member of the organization that the path names.
    pub fn caller(&self) -> Result<Caller, Error> {
        self.parts.extensions.get::<Caller>().cloned().ok_or(Error::NotFound)
    }

    /// The browser's session.
    pub fn session(&self) -> Result<tower_sessions::Session, Error> {
        self.parts.extensions.get().cloned().ok_or_else(|| anyhow::anyhow!("no session layer").into())
    }

    /// The id that the answer and the log lines carry.
    pub fn request_id(&self) -> String {
        self.parts.extensions.get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default()
    }

    /// A value of the query string; the first if it is given several times.
    pub fn query(&self, name: &str) -> Option<String> {
        let query = self.parts.uri.query().unwrap_or_default();
        url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        cookie(&self.parts.headers, name)
    }

    /// The person's time zone: the `tz` cookie that `base.js` sets, else UTC.
    pub fn time_zone(&self) -> jiff::tz::TimeZone {
        let named = self.cookie("tz").map(|value| value.replace("%2F", "/"));
        named.and_then(|name| jiff::tz::TimeZone::get(&name).ok()).unwrap_or(jiff::tz::TimeZone::UTC)
    }
}

/// The value of a cookie.
pub fn cookie(headers: &axum::http::HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(axum::http::header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then(|| value.to_owned())
    })
}
