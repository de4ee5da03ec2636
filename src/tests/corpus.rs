//! Replays the corpus of the fuzzer: what is in `fuzz/corpus` keeps the promises of `fuzz/invariants.rs`.

use std::{fs, path::Path};

use slipway::domain::registries::docker_config;

#[path = "../../fuzz/invariants.rs"]
mod invariants;

/// Name and content of each input of a target.
fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut inputs: Vec<_> =
        files.map(|file| (file.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&file).unwrap())).collect();
    inputs.sort();
    inputs
}

#[test]
fn pasted_docker_configs_keep_their_promises() {
    let inputs = inputs("docker_config");
    assert!(inputs.len() >= 30);
    inputs.iter().for_each(|(_, data)| invariants::docker_config(data));
}

#[test]
fn pasted_image_references_keep_their_promises() {
    let inputs = inputs("image_reference");
    assert!(inputs.len() >= 30);
    inputs.iter().for_each(|(_, data)| invariants::image_reference(data));
}

/// A file `<code>.<what>` is refused with that code, and a file `ok.<what>` is read: so the corpus has every kind of
/// refusal, and says which.
#[test]
fn the_corpus_has_every_refusal_of_a_docker_config() {
    let mut codes = Vec::new();
    for (name, data) in inputs("docker_config").into_iter().filter(|(name, _)| name.contains('.')) {
        let outcome = docker_config::parse(std::str::from_utf8(&data).unwrap());
        let code = outcome.map_or_else(|problem| problem.code.into_owned(), |_| "ok".into());
        assert_eq!(name.split('.').next(), Some(code.as_str()), "{name}");
        codes.push(code);
    }
    for code in CODES {
        assert!(codes.iter().any(|known| known == code), "no input is refused with {code}");
    }
}

const CODES: [&str; 24] = [
    "ok",
    "required",
    "too_long",
    "not_json",
    "not_an_object",
    "duplicate_key",
    "manifest",
    "dockercfg",
    "auths_missing",
    "auths_invalid",
    "auths_empty",
    "auths_several",
    "entry_invalid",
    "identity_token",
    "registry_token",
    "creds_store",
    "cred_helpers",
    "host_invalid",
    "login_missing",
    "logins_differ",
    "auth_not_base64",
    "auth_no_colon",
    "username_empty",
    "password_empty",
];
