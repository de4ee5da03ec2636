//! A login as `docker login` writes it, pasted from `~/.docker/config.json`: read strictly, or refused with one sentence
//! that says what to paste instead. Never repeats a secret, and never keeps anything but the one login.

mod entry;
mod foreign;
mod json;
#[cfg(test)]
mod tests;

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use serde_json::{Map, Value};

use super::client::Login;
use crate::domain::{
    images::{read_auth_key, scope_name},
    problem::Problem,
};

/// Most bytes that are read; a file with one login has a few hundred.
const TEXT_MAX: usize = 64 * 1024;

/// How many hosts a message names.
const NAMED_MAX: usize = 5;

/// What a Docker config with one login says.
#[derive(Clone, Debug)]
pub struct DockerConfig {
    /// Canonical host with port; `docker.io` for every name of Docker Hub.
    pub host: String,
    /// The login serves only repositories under it; no slash at either end.
    pub path_prefix: Option<String>,
    /// As the entry has it; what its vendor asks of it is for `credential` to check.
    pub login: Login,
}

/// Reads a Docker config with exactly one entry under `auths`, as JSON or as base64 of it. The problem's field is
/// `docker_config`.
pub fn parse(text: &str) -> Result<DockerConfig, Problem> {
    if text.len() > TEXT_MAX {
        return Err(problem("too_long", format!("The Docker config has {} bytes; at most {TEXT_MAX} are read.", text.len())));
    }
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Err(problem("required", "Paste the Docker config: the JSON that docker login wrote to ~/.docker/config.json."));
    }
    foreign::refuse_yaml(text)?;
    let Value::Object(config) = json::read(decoded(text).as_deref().unwrap_or(text))? else {
        return Err(problem(
            "not_an_object",
            "The JSON is not a Docker config, which is an object: {\"auths\": {\"ghcr.io\": {\"auth\": \"...\"}}}.",
        ));
    };
    foreign::refuse_manifest(&config)?;
    read(&config)
}

/// The text behind base64, where the whole of it is base64 of an object.
fn decoded(text: &str) -> Option<String> {
    let object = String::from_utf8(base64(text)?).ok()?;
    object.trim_start().starts_with('{').then_some(object)
}

/// Standard base64, with padding or without, over several lines or on one.
fn base64(text: &str) -> Option<Vec<u8>> {
    let digits: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD_NO_PAD.decode(digits.trim_end_matches('=')).ok()
}

fn read(config: &Map<String, Value>) -> Result<DockerConfig, Problem> {
    let Some(auths) = config.get("auths") else {
        return Err(foreign::without_auths(config));
    };
    let Some(auths) = auths.as_object() else {
        return Err(problem("auths_invalid", "\"auths\" is not an object: it has one entry, named by the registry's host."));
    };
    let mut entries = auths.iter();
    let (key, value) = match (entries.next(), entries.len()) {
        (Some(entry), 0) => entry,
        (Some(_), _) => return Err(several(auths)),
        (None, _) => {
            foreign::refuse_helpers(config, false)?;
            return Err(problem(
                "auths_empty",
                "There is no login under \"auths\". Run docker login for this registry and paste the file again.",
            ));
        }
    };
    let Some(fields) = value.as_object() else {
        return Err(problem(
            "entry_invalid",
            "The entry under \"auths\" is not an object: {\"auth\": \"...\"} is expected after the host.",
        ));
    };
    entry::refuse_tokens(fields)?;
    foreign::refuse_helpers(config, entry::has_login(fields))?;
    let (host, path_prefix) = read_auth_key(key).map_err(|wrong| {
        problem("host_invalid", format!("The name of the entry under \"auths\" is not the host of a registry. {}", wrong.message))
    })?;
    let login = entry::login(fields, &scope_name(&host, path_prefix.as_deref()))?;
    Ok(DockerConfig { host, path_prefix, login })
}

/// Names the hosts, in their canonical form: what else a key may hold (a password before an @) is not repeated.
fn several(auths: &Map<String, Value>) -> Problem {
    let mut names: Vec<String> = auths
        .keys()
        .filter_map(|key| read_auth_key(key).ok())
        .map(|(host, prefix)| scope_name(&host, prefix.as_deref()))
        .take(NAMED_MAX)
        .collect();
    if names.len() < auths.len() {
        names.push(format!("{} more", auths.len() - names.len()));
    }
    let message = format!("There are {} entries under \"auths\": {}. Keep only the one of this registry.", auths.len(), names.join(", "));
    problem("auths_several", message)
}

fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new("docker_config", code, message)
}
