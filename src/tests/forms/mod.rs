//! Every form under `/do/`, posted as a plain form and as an island's fetch: good and bad input, and other people's things.

mod component_settings;
mod components;
mod deployments;
mod endpoints;
mod orders;
mod registries;
mod registry_changes;
mod uploads;

use std::collections::BTreeSet;

use crate::support::{Answer, Client, form_paths};

#[test]
fn these_are_all_the_forms() {
    let paths: BTreeSet<_> = form_paths().into_iter().filter(|path| path.starts_with("/do/")).collect();
    let tested = [
        "/do/add_registry",
        "/do/cancel_deployment",
        "/do/check_endpoints",
        "/do/check_registry",
        "/do/convert_endpoints",
        "/do/create_component",
        "/do/default_endpoint",
        "/do/delete_component",
        "/do/delete_registry",
        "/do/deploy_image",
        "/do/edit_endpoints",
        "/do/edit_registry",
        "/do/forget_component",
        "/do/promote",
        "/do/redeploy",
        "/do/remove_endpoint",
        "/do/remove_schema",
        "/do/replace_registry_secret",
        "/do/roll_back",
        "/do/save_endpoint",
        "/do/start",
        "/do/stop",
        "/do/take_over",
        "/do/try_registry",
        "/do/update_component",
        "/do/upload_schemas",
    ];
    assert_eq!(paths, BTreeSet::from(tested), "a new form needs its tests here");
}

/// The fields that a fetch's answer finds wrong, after a look at its status and shape.
async fn refused(client: &mut Client, path: &str, fields: &[(&str, &str)]) -> Vec<String> {
    let answer = client.fetch(path, fields).await.is(axum::http::StatusCode::UNPROCESSABLE_ENTITY);
    let json = answer.json();
    assert_eq!(json["code"], "invalid_input", "{json}");
    let problems = json["problems"].as_array().unwrap();
    assert!(problems.iter().all(|problem| problem["message"].as_str().is_some_and(|text| text.ends_with('.'))), "{json}");
    problems.iter().map(|problem| problem["field"].as_str().unwrap().to_owned()).collect()
}

/// The page of a form that came back says so in its title.
#[track_caller]
fn came_back(page: &Answer) {
    assert_eq!(page.status, axum::http::StatusCode::OK);
    assert!(page.title().starts_with("Error: "), "{}", page.title());
}

/// The same fields with some of them changed.
fn with<'a>(fields: &[(&'a str, &'a str)], changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let changed = |name: &str| changes.iter().any(|(of, _)| *of == name);
    fields.iter().filter(|(name, _)| !changed(name)).chain(changes).copied().collect()
}
