//! Replays the corpus of the fuzzer: what is in `fuzz/corpus` keeps the promises of `fuzz/invariants.rs`.

use std::{fs, path::Path};

use slipway::domain::{problem::Problem, registries::docker_config, schedule::Schedule, schemas};

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

#[test]
fn typed_schedules_keep_their_promises() {
    let inputs = inputs("cron");
    assert!(inputs.len() >= 30);
    inputs.iter().for_each(|(_, data)| invariants::cron(data));
}

#[test]
fn edits_of_endpoint_files_keep_their_promises() {
    let inputs = inputs("endpoint_edit");
    assert!(inputs.len() >= 20);
    inputs.iter().for_each(|(_, data)| invariants::endpoint_edit(data));
}

#[test]
fn uploaded_schemas_keep_their_promises() {
    let inputs = inputs("schema");
    assert!(inputs.len() >= 20);
    inputs.iter().for_each(|(_, data)| invariants::schema(data));
}

/// A file `<code>.<what>` is refused with that code, and a file `ok.<what>` is read: so the corpus has every kind of
/// refusal, and says which.
#[test]
fn the_corpus_has_every_refusal_of_a_docker_config() {
    refuses_with_each("docker_config", &CODES, |text| docker_config::parse(text).err());
}

#[test]
fn the_corpus_has_every_refusal_of_a_schedule() {
    refuses_with_each("cron", &CRON_CODES, |text| Schedule::parse(text, "", "").err()?.0.into_iter().next());
}

#[test]
fn the_corpus_has_every_refusal_of_a_schema() {
    refuses_with_each("schema", &SCHEMA_CODES, |text| schemas::check("a", text.as_bytes()).err()?.0.into_iter().next());
}

fn refuses_with_each(target: &str, known: &[&str], refusal: impl Fn(&str) -> Option<Problem>) {
    let mut codes = Vec::new();
    for (name, data) in inputs(target).into_iter().filter(|(name, _)| name.contains('.')) {
        let code = refusal(std::str::from_utf8(&data).unwrap()).map_or_else(|| "ok".into(), |problem| problem.code.into_owned());
        assert_eq!(name.split('.').next(), Some(code.as_str()), "{name}");
        codes.push(code);
    }
    for code in known {
        assert!(codes.iter().any(|found| found == code), "no input is refused with {code}");
    }
}

const CRON_CODES: [&str; 15] = [
    "ok",
    "required",
    "cron_too_long",
    "cron_fields",
    "cron_seconds",
    "cron_time_zone",
    "cron_every",
    "cron_reboot",
    "cron_name_unknown",
    "cron_item",
    "cron_not_kubernetes",
    "cron_out_of_range",
    "cron_sunday",
    "cron_backwards",
    "cron_step",
];

const SCHEMA_CODES: [&str; 15] = [
    "ok",
    "required",
    "version_unsupported",
    "schema_unknown",
    "json_syntax",
    "duplicate_key",
    "path_invalid",
    "method_unknown",
    "operation_id_taken",
    "response_invalid",
    "yaml_syntax",
    "graphql_syntax",
    "type_unknown",
    "type_taken",
    "field_taken",
];

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
