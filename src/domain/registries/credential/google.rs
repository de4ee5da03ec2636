//! Logins to Google Artifact Registry: a service account's key, plain or in base64, or an access token.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD},
};
use serde_json::Value;

use super::{jwt, refuse_password, refuse_username};
use crate::domain::{clock::Time, problem::Problem};

const KEY_USER: &str = "_json_key";
const ENCODED_KEY_USER: &str = "_json_key_base64";
const TOKEN_USER: &str = "oauth2accesstoken";

pub(super) fn check_username(username: &str) -> Result<String, Problem> {
    if [KEY_USER, ENCODED_KEY_USER, TOKEN_USER].contains(&username) {
        return Ok(username.into());
    }
    Err(refuse_username(
        "invalid",
        "The user name for Google is _json_key with a service account's JSON key, _json_key_base64 with base64 of it, or \
         oauth2accesstoken with an access token.",
    ))
}

/// The password as it is kept, and when it ends as far as is known. A key has no end; an access token lives an hour.
pub(super) fn check_password(username: &str, password: &str, now: Time) -> Result<(String, Option<Time>), Problem> {
    match username {
        TOKEN_USER if password.starts_with('{') => {
            Err(refuse_password("not_a_token", "This is a JSON key, not an access token. With a key, the user name is _json_key."))
        }
        TOKEN_USER => Ok((password.into(), Some(jwt::expiry(password).unwrap_or(Time(now.0 + Time::HOUR))))),
        ENCODED_KEY_USER => Ok((STANDARD.encode(key(password)?), None)),
        _ => Ok((key(password)?, None)),
    }
}

/// The service account's key on one line, given plain or in base64.
fn key(text: &str) -> Result<String, Problem> {
    let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let decoded = STANDARD_NO_PAD.decode(digits.trim_end_matches('=')).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let json: Value = serde_json::from_str(decoded.as_deref().unwrap_or(text)).map_err(|_| {
        refuse_password(
            "not_json",
            "This is not a JSON key. Paste the whole file that Google gave for the service account, from the first brace to the last.",
        )
    })?;
    let field = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    let is_key =
        field("type") == "service_account" && field("private_key").starts_with("-----BEGIN") && field("client_email").contains('@');
    if is_key {
        return Ok(json.to_string());
    }
    Err(refuse_password(
        "not_a_key",
        "This JSON is not the key of a service account: it has no \"type\": \"service_account\" with client_email and private_key. Make \
         a key under IAM, Service accounts, Keys, and paste that file.",
    ))
}
