//! What else people paste where a Docker config is asked for: manifests of Secrets, files of other ages, files whose
//! login lies elsewhere. Tells each by its shape and says what to paste instead.

use serde_json::{Map, Value};

use super::problem;
use crate::domain::{images::read_auth_key, problem::Problem};

/// A manifest in YAML.
pub(super) fn refuse_yaml(text: &str) -> Result<(), Problem> {
    let is_yaml = !text.starts_with(['{', '[', '"']);
    let says = |word: &str| text.lines().any(|line| line.trim_start().starts_with(word));
    if is_yaml && (says(".dockerconfigjson:") || says("apiVersion:") || says("kind:")) {
        return Err(manifest());
    }
    Ok(())
}

/// A manifest in JSON, or the data of one.
pub(super) fn refuse_manifest(config: &Map<String, Value>) -> Result<(), Problem> {
    let is_manifest =
        ["kind", "apiVersion", "data", "stringData", ".dockerconfigjson", ".dockercfg"].iter().any(|key| config.contains_key(*key));
    if is_manifest { Err(manifest()) } else { Ok(()) }
}

fn manifest() -> Problem {
    problem(
        "manifest",
        "This is a Kubernetes Secret, not a Docker config. Paste what stands under .dockerconfigjson in its data; base64 is decoded here.",
    )
}

/// Settings that say the login is not in the file, or would not be taken from it.
pub(super) fn refuse_helpers(config: &Map<String, Value>, has_login: bool) -> Result<(), Problem> {
    let store = config.get("credsStore").is_some_and(|value| value.as_str() != Some("") && !value.is_null());
    let helpers =
        config.get("credHelpers").is_some_and(|value| value.as_object().is_none_or(|hosts| !hosts.is_empty()) && !value.is_null());
    let (code, name) = match (store, helpers) {
        (true, _) => ("creds_store", "credsStore"),
        (false, true) => ("cred_helpers", "credHelpers"),
        (false, false) => return Ok(()),
    };
    let next = if has_login {
        format!("The entry has a login of its own: if it is still right, delete \"{name}\" and save again.")
    } else {
        format!(
            "Delete \"{name}\" from ~/.docker/config.json, run docker login again and paste the file, or choose Basic and enter user \
             name and password."
        )
    };
    Err(problem(code, format!("\"{name}\" keeps the login in another program, where no node can get it. {next}")))
}

/// Why there is no `auths`: the login lies in a store, the file is of the old form without it, or it is another file.
pub(super) fn without_auths(config: &Map<String, Value>) -> Problem {
    if let Err(elsewhere) = refuse_helpers(config, false) {
        return elsewhere;
    }
    if config.contains_key("auth") || config.contains_key("username") {
        return problem(
            "auths_missing",
            "This is an entry without its host. Put it under \"auths\": {\"auths\": {\"ghcr.io\": {\"auth\": \"...\"}}}.",
        );
    }
    if config.iter().any(|(key, value)| value.is_object() && read_auth_key(key).is_ok()) {
        return problem(
            "dockercfg",
            "This is the old .dockercfg form, with hosts at the top. Put them under \"auths\": {\"auths\": {...}}.",
        );
    }
    problem("auths_missing", "There is no \"auths\" in the JSON. Paste the content of ~/.docker/config.json after a docker login.")
}
