//! Logins to Amazon ECR: always the user `AWS`, and a password of twelve hours that says itself when it ends.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Map, Value};

use super::{jwt, refuse_password, refuse_username};
use crate::domain::{clock::Time, problem::Problem, registries::Vendor};

const USER: &str = "AWS";

/// What to do with an access key.
const INSTEAD: &str = "Run aws ecr get-login-password and enter what it prints, or better choose Vendor-specific.";

pub(super) fn check_username(username: &str) -> Result<String, Problem> {
    if username.eq_ignore_ascii_case(USER) {
        return Ok(USER.into());
    }
    if is_access_key_id(username) {
        return Err(refuse_username("access_key", format!("This is the id of an access key, which registries don't take. {INSTEAD}")));
    }
    Err(refuse_username("invalid", "The user name of every login to Amazon ECR is AWS."))
}

/// The password as it is kept, and when it ends.
pub(super) fn check_password(password: &str, now: Time) -> Result<(String, Option<Time>), Problem> {
    if is_access_key_id(password) || is_secret_access_key(password) {
        return Err(refuse_password("access_key", format!("This is an access key, which registries don't take. {INSTEAD}")));
    }
    let password = from_authorization_token(password).unwrap_or_else(|| password.to_owned());
    let end = expiry(&password).or_else(|| Vendor::Ecr.token_hours().map(|hours| Time(now.0 + i64::from(hours) * Time::HOUR)));
    Ok((password, end))
}

/// `aws ecr get-authorization-token` prints base64 of `AWS:` and the password.
fn from_authorization_token(text: &str) -> Option<String> {
    let text = String::from_utf8(decode(text)?).ok()?;
    text.strip_prefix("AWS:").map(Into::into)
}

fn expiry(password: &str) -> Option<Time> {
    let token: Map<String, Value> = serde_json::from_slice(&decode(password)?).ok()?;
    jwt::seconds(token.get("expiration")?)
}

fn decode(text: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// `AKIA` or, for temporary ones, `ASIA`, and sixteen characters of base32.
fn is_access_key_id(text: &str) -> bool {
    text.len() == 20
        && (text.starts_with("AKIA") || text.starts_with("ASIA"))
        && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

/// Forty characters of base64; tokens have two thousand.
fn is_secret_access_key(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'+'))
}
