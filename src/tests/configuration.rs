//! The configuration is told in several places; they agree, and a wrong value is told by its name.

use std::collections::BTreeMap;

use slipway::config::{Config, VARIABLES};

use crate::support::sources;

#[test]
fn the_readme_has_the_table_of_variables() {
    let rows: Vec<_> = VARIABLES.iter().map(|of| format!("| `{}` | {} | {} |", of.name, of.default, of.meaning)).collect();
    let readme = sources::read("README.md");
    let table: Vec<_> =
        readme.lines().skip_while(|line| *line != "| variable | default | meaning |").skip(2).take_while(|line| !line.is_empty()).collect();
    assert_eq!(table, rows);
}

#[test]
fn the_embedded_options_are_those_of_the_build() {
    let (ours, builds) = (leptos_options("Leptos.toml"), leptos_options("Cargo.toml"));
    let differing: Vec<_> = ours.iter().filter(|(key, value)| builds.get(*key) != Some(*value)).collect();
    assert!(differing.is_empty() && ours.len() >= 5, "Cargo.toml says otherwise: {differing:?} of {ours:?}");
}

/// The keys and values of `[package.metadata.leptos]`.
fn leptos_options(file: &str) -> BTreeMap<String, String> {
    let text = sources::read(file);
    let section = text.split("[package.metadata.leptos]\n").nth(1).unwrap().split("\n[").next().unwrap();
    section.lines().filter_map(|line| line.split_once(" = ")).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_wrong_value_stops_with_a_sentence_that_names_it() {
    let wrong: [(&str, &str); 18] = [
        ("LEPTOS_SITE_ADDR", "3000"),
        ("SLIPWAY_BASE_URL", "slipway.example.com"),
        ("SLIPWAY_BASE_URL", "https://example.com/slipway"),
        ("SLIPWAY_BASE_URL", "ftp://example.com"),
        ("DATABASE_URL", "mysql://localhost/slipway"),
        ("SLIPWAY_MASTER_KEY_FILE", "(with DATABASE_URL alone)"),
        ("SLIPWAY_DATA_PLANE", "kubernetes"),
        ("SLIPWAY_DATA_PLANE", "kubeconfig:/nowhere/at/all"),
        ("SLIPWAY_EGRESS", "everything"),
        ("SLIPWAY_DATA_PLANE_EGRESS", "none"),
        ("SLIPWAY_PUBLIC_DOMAIN", "*.example.com"),
        ("SLIPWAY_GATEWAY", "public"),
        ("SLIPWAY_INGRESS_CLASS", "not a name"),
        ("SLIPWAY_TRUSTED_PROXIES", "10.0.0.0/8,proxy"),
        ("SLIPWAY_ADMIN_EMAIL", "ada@example.com"),
        ("SLIPWAY_ADMIN_PASSWORD_FILE", "/nowhere/at/all"),
        ("SLIPWAY_METRICS_ADDR", "localhost"),
        ("SLIPWAY_SAMPLES", "Nginx nginx"),
    ];
    for (name, value) in wrong {
        let set = if name == "SLIPWAY_MASTER_KEY_FILE" { ("DATABASE_URL", "postgres://db/slipway") } else { (name, value) };
        let refused = Config::read(&|asked| (asked == set.0).then(|| set.1.to_owned()));
        let sentence = refused.map(drop).unwrap_err().to_string();
        assert!(sentence.contains(name) && !sentence.contains('\n'), "{name}={value}: {sentence}");
    }
}

#[test]
fn every_variable_that_is_described_is_read() {
    let asked = std::cell::RefCell::new(Vec::new());
    let lookup = |name: &str| {
        asked.borrow_mut().push(name.to_owned());
        None
    };
    Config::read(&lookup).unwrap();
    let unread: Vec<_> = VARIABLES.iter().map(|of| of.name).filter(|name| !asked.borrow().iter().any(|read| read == name)).collect();
    assert_eq!(unread, ["RUST_LOG"], "the logger reads this one itself");
    let untold: Vec<_> = asked.borrow().iter().filter(|name| !VARIABLES.iter().any(|of| of.name == **name)).cloned().collect();
    assert_eq!(untold, Vec::<String>::new());
}

#[test]
fn an_empty_value_counts_as_unset() {
    let config = Config::read(&|_| Some("  ".into())).unwrap();
    assert_eq!((config.base_url.as_str(), config.uses_sqlite, config.is_https()), ("http://127.0.0.1:3000", true, false));
}
