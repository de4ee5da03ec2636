//! What holds whatever a person pastes. The fuzz targets call these functions, and so does the test that replays the
//! corpus (`src/tests/corpus.rs`); a broken promise is a panic.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway::domain::{
    clock::Time,
    endpoints::{self, Endpoint, Format, Visibility},
    images::{ImageReference, auth_key_under, canonical_host, covers, keyring, read_auth_key},
    registries::docker_config,
    schedule::Schedule,
    schemas,
};

/// A Docker config is read into something that reads back the same, or refused in words without a secret.
pub fn docker_config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    match docker_config::parse(text) {
        Ok(config) => {
            assert_eq!(canonical_host(&config.host).as_ref(), Ok(&config.host), "the host is canonical");
            let key = auth_key_under(&config.host, config.path_prefix.as_deref());
            let (username, password) = (&config.login.username, config.login.password.expose_secret());
            assert!(!username.is_empty() && !password.is_empty());
            let written = json!({ "auths": { key: { "username": username, "password": password } } }).to_string();
            let again = docker_config::parse(&written).unwrap_or_else(|problem| panic!("{}", problem.message));
            assert_eq!((&again.host, &again.path_prefix, &again.login.username), (&config.host, &config.path_prefix, username));
            assert_eq!(again.login.password.expose_secret(), password);
        }
        Err(problem) => {
            assert!(problem.field == "docker_config" && !problem.code.is_empty() && !problem.message.is_empty());
            for secret in secrets(text) {
                assert!(!problem.message.contains(&secret), "{}", problem.message);
            }
        }
    }
}

/// An image reference and a host are read into their canonical form, which reads back the same, and the kubelet finds the
/// credential that is written for it; or they are refused.
pub fn image_reference(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(host) = canonical_host(text) {
        assert_eq!(canonical_host(&host).as_ref(), Ok(&host));
        assert_eq!(read_auth_key(text), Ok((host, None)), "what is a host is a key too");
    }
    if let Ok((host, prefix)) = read_auth_key(text) {
        assert_eq!(read_auth_key(&auth_key_under(&host, prefix.as_deref())), Ok((host, prefix)));
    }
    let noted = ImageReference::parse_noted(text).map(|(image, _)| image);
    for image in ImageReference::parse(text).into_iter().chain(noted) {
        assert_eq!(ImageReference::parse(&image.to_string()).as_ref(), Ok(&image));
        assert_eq!(ImageReference::parse(&image.familiar()).as_ref(), Ok(&image));
        let owner = image.repository().split('/').next();
        for prefix in [None, owner, Some(image.repository())] {
            assert!(covers(image.host(), prefix, &image));
            assert!(keyring::matches(&auth_key_under(image.host(), prefix), &image), "{prefix:?} of {image}");
        }
    }
}

/// A schedule is read into something that reads back the same, has words, and runs at whole minutes, each after the one
/// before; or every problem says in a sentence what is wrong. The same text as a time zone is one, or is refused.
pub fn cron(data: &[u8]) {
    const MIDSUMMER: Time = Time(1_782_000_000 * Time::SECOND);
    let Ok(text) = std::str::from_utf8(data) else { return };
    match Schedule::parse(text, "America/New_York", "") {
        Ok(schedule) => {
            assert_eq!(Schedule::parse(&schedule.cron, &schedule.time_zone, "Forbid").as_ref(), Ok(&schedule));
            let words = schedule.words();
            assert!(words.starts_with("At ") || words.starts_with("Every "), "{words}");
            let runs = schedule.next_runs(MIDSUMMER, 5);
            let moments: Vec<Time> = [MIDSUMMER].into_iter().chain(runs.iter().copied()).collect();
            for (after, run) in moments.iter().zip(&runs) {
                assert!(run > after && run.0 % (60 * Time::SECOND) == 0, "{schedule:?}: {moments:?}");
                assert_eq!(schedule.next_runs(*after, 1), [*run], "{schedule:?}");
            }
        }
        Err(problems) => problems.0.iter().for_each(|problem| {
            assert!(problem.field == "cron" && !problem.code.is_empty(), "{problem:?}");
            assert!(problem.message.ends_with('.') && !problem.message.contains(char::is_control), "{problem:?}");
        }),
    }
    if let Ok(schedule) = Schedule::parse("@daily", text, "") {
        assert_eq!(Schedule::parse("@daily", &schedule.time_zone, "").as_ref(), Ok(&schedule));
        assert!(schedule.next_runs(MIDSUMMER, 1).len() == 1);
    }
}

/// An edit of an endpoint file says what was wanted and leaves the other endpoints as they are, or is refused with a sentence;
/// a conversion reads to the same endpoints. Completions are fine with any place.
pub fn endpoint_edit(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    endpoints::complete(text, 1 + data.len() % 7, 1 + data.len() % 11, &["a.yaml".to_owned()]);
    endpoints::missing_schemas(text, &[]);
    let before = endpoints::read(text);
    for (index, old) in before.endpoints.iter().enumerate().take(3) {
        let wanted = Endpoint {
            name: format!("{}-x", index + 1000),
            display_name: old.display_name.is_none().then(|| "a: #b".to_owned()),
            port: old.port ^ 1,
            visibilities: vec![Visibility::Organization],
            schema_file_path: old.schema_file_path.is_none().then(|| "a.yaml".to_owned()),
            ..old.clone()
        };
        match endpoints::set(text, &old.name, &wanted) {
            Ok(edited) => {
                let mut expected = before.endpoints.clone();
                expected[index] = wanted;
                assert_eq!(endpoints::read(&edited).endpoints, expected);
                assert_eq!(endpoints::editable(text, &old.name), Ok(()));
            }
            Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
        }
        if let Ok(left) = endpoints::remove(text, &old.name) {
            assert_eq!(endpoints::read(&left).endpoints.len(), before.endpoints.len() - 1);
        }
        if let Ok(more) = endpoints::add(text, &Endpoint { name: "1000-x".into(), ..old.clone() }) {
            assert_eq!(endpoints::read(&more).endpoints[..before.endpoints.len()], before.endpoints);
        }
    }
    match endpoints::convert(text) {
        Ok(converted) => {
            let after = endpoints::read(&converted.text);
            assert_eq!((after.format, after.endpoints), (Some(Format::Component), before.endpoints));
        }
        Err(sentence) => assert!(sentence.ends_with('.'), "{sentence}"),
    }
}

/// A schema file of any ending is summed up in a line, or every problem says in a sentence what is wrong. An endpoint made of
/// it can be written and read.
pub fn schema(data: &[u8]) {
    for name in ["a", "a.json", "a.yaml", "a.graphql", "a.proto"] {
        match schemas::check(name, data) {
            Ok(checked) => assert!(!checked.summary.is_empty() && !checked.summary.contains(char::is_control)),
            Err(problems) => {
                assert!(!problems.is_empty());
                for problem in &problems.0 {
                    assert!(problem.field == "schemas" && !problem.code.is_empty() && problem.message.starts_with(name), "{problem:?}");
                    assert!(problem.message.ends_with('.') && !problem.message.contains(char::is_control), "{problem:?}");
                }
            }
        }
        if let Ok(endpoint) = schemas::endpoint_of(name, data) {
            assert_eq!(endpoints::read(&endpoints::write_a(std::slice::from_ref(&endpoint))).endpoints, [endpoint]);
        }
    }
}

/// The secrets in a text, as far as it is JSON, that can't stand in a message by chance: letters and digits mixed, and in
/// the text nowhere but as the secret.
fn secrets(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_str(text) {
        collect(&value, &mut found);
    }
    found.retain(|secret| {
        let is_unlikely = secret.len() >= 8
            && secret.chars().all(|c| c.is_ascii_alphanumeric())
            && secret.chars().any(|c| c.is_ascii_digit())
            && secret.chars().any(|c| c.is_ascii_alphabetic());
        is_unlikely && text.matches(secret.as_str()).count() <= 1
    });
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("password" | "identitytoken" | "registrytoken", Value::String(secret)) => found.push(secret.clone()),
                    ("auth", Value::String(auth)) => found.extend(password_in(auth)),
                    _ => collect(value, found),
                }
            }
        }
        _ => {}
    }
}

fn password_in(auth: &str) -> Option<String> {
    let text = String::from_utf8(BASE64_STANDARD.decode(auth).ok()?).ok()?;
    Some(text.split_once(':')?.1.to_owned())
}
