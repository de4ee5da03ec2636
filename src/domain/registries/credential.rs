//! What a vendor asks of user name and password, as far as the texts themselves show it: mistakes are told at save, not
//! by a failed pull. Never asks the registry, and never repeats a password.

mod amazon;
mod google;
mod jwt;
#[cfg(test)]
mod tests;

use secrecy::{ExposeSecret as _, SecretString};

use super::{Vendor, client::Login};
use crate::domain::{
    clock::Time,
    problem::{Problem, Problems},
};

/// Longest user name, in bytes.
const USERNAME_MAX: usize = 255;

/// Longest password, in bytes: registries take it in a header, of which servers read 8 to 16 KiB.
const PASSWORD_MAX: usize = 8 * 1024;

/// The user name of a token that `az acr login --expose-token` prints.
const AZURE_TOKEN_USER: &str = "00000000-0000-0000-0000-000000000000";

/// A login that passed its vendor's checks.
#[derive(Clone, Debug)]
pub struct Credential {
    /// As it is kept: paste trimmed, a Google key on one line.
    pub login: Login,
    /// When the login ends, as far as the credential itself says so.
    pub expires_at: Option<Time>,
}

/// Checks a login for a registry of the vendor. `host` is canonical and stands in sentences. Problems have the fields
/// `username` and `password`.
pub fn check_login(vendor: Vendor, host: &str, username: &str, password: &SecretString, now: Time) -> Result<Credential, Problems> {
    let mut problems = Problems::default();
    let username = problems.keep(check_username(vendor, host, username.trim()));
    let password = password.expose_secret().trim();
    if password.is_empty() {
        problems.add("password", "required", "Enter the password or access token.");
    }
    match username {
        Some(username) if problems.is_empty() => Ok(check_pair(vendor, username, password, now)?),
        _ => Err(problems),
    }
}

/// The user name as it is kept.
fn check_username(vendor: Vendor, host: &str, username: &str) -> Result<String, Problem> {
    if username.is_empty() {
        return Err(refuse_username("required", format!("Enter the user name that {host} knows.")));
    }
    if username.contains(':') {
        return Err(refuse_username("invalid", "A user name can't contain a colon: registries separate it from the password by one."));
    }
    if username.chars().any(char::is_control) {
        return Err(refuse_username("invalid", "The user name has a line break or another character that can't be typed. Paste it again."));
    }
    if username.len() > USERNAME_MAX {
        return Err(refuse_username("too_long", format!("The user name is longer than {USERNAME_MAX} bytes.")));
    }
    match vendor {
        Vendor::DockerHub if username.contains('@') => {
            Err(refuse_username("email", "Docker Hub wants the user name here (the Docker ID), not the e-mail address."))
        }
        Vendor::Azure if username.contains('@') => Err(refuse_username(
            "email",
            "Azure Container Registry takes no e-mail address here. Enter a service principal's id, a token's name, or the admin user's \
             name.",
        )),
        Vendor::GitLab if username == "gitlab-ci-token" => Err(refuse_username(
            "job_token",
            "gitlab-ci-token is the user of a CI job, whose token ends with the job. Make a deploy token with read_registry and enter \
             its user name.",
        )),
        Vendor::Google => google::check_username(username),
        Vendor::Ecr => amazon::check_username(username),
        _ => Ok(username.into()),
    }
}

/// The password, beside a user name that is right by itself.
fn check_pair(vendor: Vendor, username: String, password: &str, now: Time) -> Result<Credential, Problem> {
    let (password, expires_at) = match vendor {
        Vendor::Google => google::check_password(&username, password, now)?,
        Vendor::Ecr => amazon::check_password(password, now)?,
        _ => (password.to_owned(), jwt::expiry(password)),
    };
    check_text(&password)?;
    match vendor {
        Vendor::Ghcr => check_github_token(&password)?,
        Vendor::Azure if username == AZURE_TOKEN_USER && jwt::claims(&password).is_none() => {
            return Err(refuse_password(
                "not_a_token",
                format!(
                    "The user name {AZURE_TOKEN_USER} goes with the token that az acr login --expose-token prints; this password is not \
                     one."
                ),
            ));
        }
        Vendor::GitLab if password.starts_with("glcbt-") => {
            return Err(refuse_password(
                "job_token",
                "This is the token of a CI job and ends with the job. Make a deploy token with read_registry instead.",
            ));
        }
        _ => {}
    }
    if let Some(end) = expires_at.filter(|end| *end <= now) {
        return Err(refuse_password("expired", format!("This credential ended on {}. Get a new one.", in_words(end))));
    }
    Ok(Credential { login: Login { username, password: password.into() }, expires_at })
}

fn check_text(password: &str) -> Result<(), Problem> {
    if password.len() > PASSWORD_MAX {
        return Err(refuse_password("too_long", format!("The password has {} bytes; at most {PASSWORD_MAX} are allowed.", password.len())));
    }
    if password.chars().any(char::is_control) {
        return Err(refuse_password(
            "invalid",
            "The password has a line break or another character that can't be typed. Copy it again, on one line.",
        ));
    }
    Ok(())
}

/// GitHub's registry takes tokens only: by their prefix, or the 40 hexadecimal digits of earlier ones.
fn check_github_token(password: &str) -> Result<(), Problem> {
    let has_prefix = ["ghp_", "gho_", "ghu_", "ghs_", "github_pat_"].iter().any(|prefix| password.starts_with(prefix));
    if has_prefix || (password.len() == 40 && password.bytes().all(|byte| byte.is_ascii_hexdigit())) {
        return Ok(());
    }
    Err(refuse_password(
        "not_a_token",
        "This is not a GitHub token, and GitHub takes no account passwords here. Make a personal access token (classic) with \
         read:packages.",
    ))
}

/// `3 June 2026, 14:05 UTC`
fn in_words(time: Time) -> String {
    time.timestamp().strftime("%-d %B %Y, %H:%M UTC").to_string()
}

fn refuse_username(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new("username", code, message)
}

fn refuse_password(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new("password", code, message)
}
