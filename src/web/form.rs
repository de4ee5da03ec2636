//! Forms as browsers send them, with or without files, what is kept of them when they come back with problems, and the
//! answer after one. Knows no single form.

use std::fmt;

use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request, multipart::MultipartError},
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::security::{Kind, kind_of_form, refuse, without_nul};
use crate::domain::problem::Problems;

/// The fields of a form, in the order they came; a name may come more than once. A file is the text it holds.
#[derive(Clone, Default)]
pub struct FormData(Vec<(String, String)>);

impl FormData {
    /// Reads a body. Every sequence of bytes is some form: what is no UTF-8 becomes U+FFFD.
    pub fn parse(body: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(body).into_owned().collect())
    }

    /// The first value of a field, trimmed; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.raw(name).unwrap_or_default().trim()
    }

    /// All values of a field, trimmed.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.trim())
    }

    /// The value of a secret field exactly as typed: a password may start or end with a space.
    pub fn secret(&self, name: &str) -> SecretString {
        self.raw(name).unwrap_or_default().into()
    }

    /// The first value of a field exactly as sent: where blanks have a meaning.
    pub fn exact(&self, name: &str) -> &str {
        self.raw(name).unwrap_or_default()
    }

    /// Whether the field was sent at all: a ticked checkbox, the button that was pressed.
    pub fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// What goes back into the form, with what is wrong with it.
    pub fn with_problems(&self, form: &str, problems: Problems) -> FormState {
        FormState::new(form, self.0.iter().map(|(name, value)| (name.as_str(), value.trim())), problems)
    }

    fn raw(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }
}

/// Names only: values may be secrets.
impl fmt::Debug for FormData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for FormData {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        if kind_of_form(request.headers()) == Some(Kind::Multipart) {
            let parts = Multipart::from_request(request, state).await.map_err(IntoResponse::into_response)?;
            return Self::read(parts).await.map_err(|_| refuse(StatusCode::BAD_REQUEST, "invalid_input"));
        }
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self::parse(&without_nul(body.into())))
    }
}

impl FormData {
    /// Reads a body with files. What is no UTF-8 becomes U+FFFD here too; a part without a name is no field.
    async fn read(mut parts: Multipart) -> Result<Self, MultipartError> {
        let mut fields = Vec::new();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let value = String::from_utf8_lossy(&part.bytes().await?).into_owned();
            if !name.is_empty() {
                fields.push((name, value));
            }
        }
        Ok(Self(fields))
    }
}

/// A form that came back: what was typed, secrets left out, and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormState {
    /// Which form of the page this is.
    pub form: String,
    pub values: Vec<(String, String)>,
    pub problems: Problems,
}

impl FormState {
    /// Keeps every value but those of secret fields.
    pub fn new(form: &str, values: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>, problems: Problems) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.into(), value.into()));
        Self { form: form.to_owned(), values: values.filter(|(name, _)| !is_secret(name)).collect(), problems }
    }

    /// The first value of a field; empty when it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// All values of a field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The sentence of the first problem of a field; of the whole form with an empty name.
    pub fn problem(&self, name: &str) -> Option<String> {
        self.problems.of(name).map(|problem| problem.message.clone())
    }

    /// What was typed into a form, before it is known whether anything is wrong with it.
    pub fn typed(form: &str, values: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>) -> Self {
        Self::new(form, values, Problems::default())
    }

    /// Whether the field was sent, even empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Fills a field in, in place of what was typed.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.retain(|(field, _)| field != name);
        self.values.push((name.to_owned(), value.into()));
    }
}

/// Whether a field of this name holds a secret, which never goes back to a browser.
fn is_secret(name: &str) -> bool {
    const SECRETS: [&str; 6] = ["password", "secret", "token", "docker_config", "json_key", "setup_code"];
    let name = name.trim_end_matches("[]").trim_end_matches("_file");
    SECRETS.iter().any(|secret| name == *secret || name.strip_suffix(secret).is_some_and(|rest| rest.ends_with(['_', '.', '-'])))
}

/// `303 See Other` to a page of this console; anything that is not a path of it becomes `/`.
pub fn redirect(path: &str) -> Response {
    let location = HeaderValue::try_from(local_path(path)).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}

/// The path itself if a browser would stay on this console by following it, else `/`.
pub fn local_path(path: &str) -> &str {
    let stays = path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if stays { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn values_are_trimmed_and_secrets_are_not() {
        let form = FormData::parse(b"name=+Web+Shop%20&password=+x+&tags%5B%5D=a&tags%5B%5D=+b&on=");
        assert_eq!(form.text("name"), "Web Shop");
        assert_eq!(form.secret("password").expose_secret(), " x ");
        assert_eq!(form.all("tags[]").collect::<Vec<_>>(), ["a", "b"]);
        assert!(form.has("on") && !form.has("off"));
        assert_eq!(form.text("off"), "");
    }

    #[test]
    fn debug_shows_no_values() {
        assert_eq!(format!("{:?}", FormData::parse(b"password=hunter2")), r#"{"password"}"#);
    }

    #[test]
    fn a_form_comes_back_without_its_secrets() {
        let form = FormData::parse(
            b"email=+ada&password=p&new_password=n&docker_config=d&docker_config_file=f&passwordless=yes&setup_code=1&zip_code=2",
        );
        let state = form.with_problems("sign-in", Problems::one("email", "invalid_email", "No."));
        let kept: Vec<_> = state.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(kept, [("email", "ada"), ("passwordless", "yes"), ("zip_code", "2")]);
        assert_eq!((state.value("email"), state.value("password")), ("ada", ""));
        assert_eq!((state.problem("email"), state.problem("")), (Some("No.".to_owned()), None));
    }

    #[test]
    fn redirects_stay_on_this_console() {
        let location = |path: &str| {
            let response = redirect(path);
            assert_eq!(response.status(), StatusCode::SEE_OTHER);
            response.headers()[header::LOCATION].to_str().unwrap().to_owned()
        };
        for path in ["/", "/acme/projects?tab=1#top", "/a//b"] {
            assert_eq!(location(path), path);
        }
        for path in ["", "acme", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nSet-Cookie: x=1", "/\t/evil.example"] {
            assert_eq!(location(path), "/", "{path:?}");
        }
    }
}
