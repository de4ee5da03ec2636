//! The entry of one host: `auth`, or `username` and `password`. Other keys (`email`, ...) mean nothing to a node.

use serde_json::{Map, Value};

use super::{Login, base64, problem};
use crate::domain::problem::Problem;

/// Refuses logins that only the Docker client can use.
pub(super) fn refuse_tokens(fields: &Map<String, Value>) -> Result<(), Problem> {
    if is_set(fields, "identitytoken") {
        return Err(problem(
            "identity_token",
            "The entry has an identity token, which the nodes of a cluster can't use. Make an access token at the registry, run docker \
             login with it, and paste the file again.",
        ));
    }
    if is_set(fields, "registrytoken") {
        return Err(problem(
            "registry_token",
            "The entry has a registry token, which the nodes of a cluster can't use and which soon ends. Make an access token at the \
             registry, run docker login with it, and paste the file again.",
        ));
    }
    Ok(())
}

/// Whether the entry has a login of its own, good or bad.
pub(super) fn has_login(fields: &Map<String, Value>) -> bool {
    ["auth", "username", "password"].into_iter().any(|name| is_set(fields, name))
}

/// The login of the entry of `registry`; where it stands twice, both must say the same.
pub(super) fn login(fields: &Map<String, Value>, registry: &str) -> Result<Login, Problem> {
    let encoded = text(fields, "auth")?.map(decode).transpose()?;
    let written = match (text(fields, "username")?, text(fields, "password")?) {
        (Some(username), Some(password)) => Some((username.to_owned(), password.to_owned())),
        (None, None) => None,
        (Some(_), None) if encoded.is_some() => None,
        (Some(_), None) => return Err(problem("password_empty", "The entry has a \"username\" but no \"password\".")),
        (None, Some(_)) => return Err(problem("username_empty", "The entry has a \"password\" but no \"username\".")),
    };
    let (username, password) = match (encoded, written) {
        (Some(encoded), Some(written)) if encoded != written => {
            return Err(problem(
                "logins_differ",
                "\"auth\" and \"username\" with \"password\" say different things. Delete the one that is out of date.",
            ));
        }
        (Some(login), _) | (None, Some(login)) => login,
        (None, None) => {
            return Err(problem(
                "login_missing",
                format!(
                    "The entry of {registry} has no login. Run docker login for it without a credential store and paste the file again."
                ),
            ));
        }
    };
    Ok(Login { username, password: password.into() })
}

/// User name and password behind `auth`. The user name ends at the first colon, as the kubelet reads it.
fn decode(auth: &str) -> Result<(String, String), Problem> {
    let bytes = base64(auth)
        .ok_or_else(|| problem("auth_not_base64", "\"auth\" does not decode: it is base64 of user name, colon and password."))?;
    let text = String::from_utf8(bytes)
        .map_err(|_| problem("auth_not_base64", "\"auth\" decodes, but not to text: it is base64 of user name, colon and password."))?;
    // The Docker client pads with NUL.
    let Some((username, password)) = text.trim_matches('\0').split_once(':') else {
        return Err(problem("auth_no_colon", "\"auth\" decodes to text without a colon: it is base64 of user name, colon and password."));
    };
    if username.is_empty() {
        return Err(problem("username_empty", "The user name in \"auth\" is empty: it stands before the colon."));
    }
    if password.is_empty() {
        return Err(problem("password_empty", "The password in \"auth\" is empty: it stands after the colon."));
    }
    Ok((username.into(), password.into()))
}

/// A text of the entry; `None` where it is missing, null or empty, as Docker leaves it where it has none.
fn text<'a>(fields: &'a Map<String, Value>, name: &'static str) -> Result<Option<&'a str>, Problem> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
        Some(_) => Err(problem("entry_invalid", format!("\"{name}\" is not a text in quotation marks."))),
    }
}

fn is_set(fields: &Map<String, Value>, name: &str) -> bool {
    !matches!(fields.get(name), None | Some(Value::Null)) && fields.get(name) != Some(&Value::String(String::new()))
}
