use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::*;

/// What no message may repeat.
const SECRET: &str = "hunter2";

fn refusal(text: &str) -> Problem {
    let problem = parse(text).expect_err(text);
    assert_eq!(problem.field, "docker_config");
    assert!(!problem.message.contains(SECRET), "{}", problem.message);
    problem
}

fn code(text: &str) -> String {
    refusal(text).code.into_owned()
}

/// The text of a config with the one entry.
fn config(entry: &Value) -> String {
    json!({ "auths": { "ghcr.io": entry } }).to_string()
}

fn auth(text: &str) -> String {
    STANDARD.encode(text)
}

/// Host, prefix, user name and password.
fn read_back(text: &str) -> (String, Option<String>, String, String) {
    let config = parse(text).unwrap_or_else(|problem| panic!("{text}: {}", problem.message));
    (config.host, config.path_prefix, config.login.username, config.login.password.expose_secret().to_owned())
}

fn login(text: &str) -> (String, String) {
    let (_, _, username, password) = read_back(text);
    (username, password)
}

#[test]
fn a_login_of_docker_login_is_read() {
    let text = format!(
        "{{\n\t\"auths\": {{\n\t\t\"https://index.docker.io/v1/\": {{\n\t\t\t\"auth\": \"{}\"\n\t\t}}\n\t}}\n}}\n",
        auth("robot:hunter2")
    );
    assert_eq!(read_back(&text), ("docker.io".into(), None, "robot".into(), SECRET.into()));
}

#[test]
fn the_host_is_canonical_and_a_path_is_kept() {
    for (key, host, prefix) in [
        ("https://GHCR.io/v1/", "ghcr.io", None),
        ("ghcr.io/acme", "ghcr.io", Some("acme")),
        ("registry.example.com:5000/team/app/", "registry.example.com:5000", Some("team/app")),
        ("registry.hub.docker.com", "docker.io", None),
    ] {
        let (read, path, _, _) = read_back(&json!({ "auths": { key: { "auth": auth("robot:hunter2") } } }).to_string());
        assert_eq!((read.as_str(), path.as_deref()), (host, prefix), "{key}");
    }
}

#[test]
fn every_form_of_a_login_is_read() {
    let encoded = auth("robot:hunter2");
    let wrapped = format!("{}\n{}", &encoded[..8], &encoded[8..]);
    for entry in [
        json!({ "auth": encoded }),
        json!({ "auth": encoded.trim_end_matches('=') }),
        json!({ "auth": wrapped }),
        json!({ "auth": auth("robot:hunter2\0\0") }),
        json!({ "username": "robot", "password": SECRET }),
        json!({ "auth": "", "username": "robot", "password": SECRET, "identitytoken": "" }),
        json!({ "auth": encoded, "username": "robot", "password": SECRET }),
        json!({ "auth": encoded, "username": "robot" }),
        json!({ "auth": encoded, "email": "robot@example.com", "serveraddress": null }),
    ] {
        assert_eq!(login(&config(&entry)), ("robot".into(), SECRET.into()), "{entry}");
    }
    let colons = config(&json!({ "auth": auth("robot:a:b:") }));
    assert_eq!(login(&colons), ("robot".into(), "a:b:".into()), "the user name ends at the first colon");
}

#[test]
fn keys_that_mean_nothing_to_a_node_are_ignored() {
    let text = json!({
        "auths": { "ghcr.io": { "auth": auth("robot:hunter2") } },
        "HttpHeaders": { "User-Agent": "Docker-Client" },
        "credsStore": "",
        "credHelpers": {},
        "currentContext": "default",
        "experimental": true,
        "detachKeys": [1, -2, 0.5],
    });
    assert_eq!(login(&text.to_string()), ("robot".into(), SECRET.into()));
}

#[test]
fn the_data_of_a_secret_is_read_without_decoding_it_first() {
    let text = config(&json!({ "auth": auth("robot:hunter2") }));
    assert_eq!(login(&auth(&text)), ("robot".into(), SECRET.into()));
    assert_eq!(login(&format!("\u{feff} {text} \n")), ("robot".into(), SECRET.into()));
    let lines: Vec<&str> = text.split(':').collect();
    assert!(lines.len() > 1 && login(&auth(&lines.join(" : "))).1 == SECRET);
}

#[test]
fn what_is_no_json() {
    assert_eq!(code(""), "required");
    assert_eq!(code(" \n\t"), "required");
    assert_eq!(code(&" ".repeat(TEXT_MAX + 1)), "too_long");
    assert_eq!(code("ghcr.io robot hunter2"), "not_json");
    assert_eq!(code(&auth("robot:hunter2")), "not_json");
    assert_eq!(code("[]"), "not_an_object");
    assert_eq!(code("\"hunter2\""), "not_an_object");
    assert_eq!(
        refusal("{\n  \"auths\": {\"ghcr.io\": {\"auth\": \"hunter2\",}}\n}").message,
        "The JSON has a mistake at line 2, column 43. Paste the file as docker login wrote it."
    );
    assert_eq!(
        refusal("{\"auths\": {\"ghcr.io\": {\"auth\": \"hunter2").message,
        "The JSON breaks off at line 1, column 39. Paste the whole file, up to the last brace."
    );
    assert_eq!(code(&format!("{{\"auths\":{}", "[".repeat(1_000))), "not_json", "nothing is too deep for the stack");
}

#[test]
fn a_key_may_not_stand_twice() {
    let entry = format!("{{\"auth\":\"{}\"}}", auth("robot:hunter2"));
    for text in [
        format!("{{\"auths\":{{\"ghcr.io\":{entry},\"ghcr.io\":{entry}}}}}"),
        format!("{{\"auths\":{{\"ghcr.io\":{entry}}},\"auths\":{{}}}}"),
        "{\"auths\":{\"ghcr.io\":{\"username\":\"a\",\"password\":\"b\",\"password\":\"hunter2\"}}}".into(),
    ] {
        assert_eq!(code(&text), "duplicate_key", "{text}");
    }
}

#[test]
fn there_must_be_one_entry() {
    assert_eq!(code("{}"), "auths_missing");
    assert_eq!(code("{\"auth\": \"aHVudGVyMg==\"}"), "auths_missing");
    assert_eq!(code("{\"HttpHeaders\": {\"a\": \"b\"}}"), "auths_missing");
    assert_eq!(code("{\"auths\": []}"), "auths_invalid");
    assert_eq!(code("{\"auths\": {}}"), "auths_empty");
    assert_eq!(code("{\"auths\": {\"ghcr.io\": \"hunter2\"}}"), "entry_invalid");
    let many = json!({ "auths": { "ghcr.io": {}, "https://index.docker.io/v1/": {}, "https://user:hunter2@quay.io": {} } });
    assert_eq!(
        refusal(&many.to_string()).message,
        "There are 3 entries under \"auths\": ghcr.io, docker.io, 1 more. Keep only the one of this registry."
    );
}

#[test]
fn a_login_that_is_not_in_the_file() {
    assert_eq!(code("{\"auths\":{\"ghcr.io\":{}},\"credsStore\":\"desktop\"}"), "creds_store");
    assert_eq!(code("{\"auths\":{},\"credsStore\":\"osxkeychain\"}"), "creds_store");
    assert_eq!(code("{\"credsStore\":\"osxkeychain\"}"), "creds_store");
    assert_eq!(code("{\"auths\":{\"ghcr.io\":{}},\"credHelpers\":{\"ghcr.io\":\"gh\"}}"), "cred_helpers");
    assert_eq!(code("{\"credHelpers\":{\"europe-docker.pkg.dev\":\"gcloud\"}}"), "cred_helpers");
    let both = json!({ "auths": { "ghcr.io": { "auth": auth("robot:hunter2") } }, "credsStore": "desktop" });
    assert!(refusal(&both.to_string()).message.contains("delete \"credsStore\""));
}

#[test]
fn a_login_that_only_docker_can_use() {
    assert_eq!(code(&config(&json!({ "auth": auth("00000000-0000-0000-0000-000000000000:"), "identitytoken": SECRET }))), "identity_token");
    assert_eq!(code(&config(&json!({ "registrytoken": SECRET }))), "registry_token");
}

#[test]
fn a_login_that_is_not_whole() {
    for (entry, expected) in [
        (json!({}), "login_missing"),
        (json!({ "auth": "", "email": "robot@example.com" }), "login_missing"),
        (json!({ "auth": "robot:hunter2" }), "auth_not_base64"),
        (json!({ "auth": STANDARD.encode([0xff, b':', 0xfe]) }), "auth_not_base64"),
        (json!({ "auth": auth(SECRET) }), "auth_no_colon"),
        (json!({ "auth": auth(":hunter2") }), "username_empty"),
        (json!({ "auth": auth("robot:") }), "password_empty"),
        (json!({ "auth": auth("robot:\0\0") }), "password_empty"),
        (json!({ "username": "robot" }), "password_empty"),
        (json!({ "username": "", "password": SECRET }), "username_empty"),
        (json!({ "auth": auth("robot:hunter2"), "username": "robot", "password": "other" }), "logins_differ"),
        (json!({ "auth": [SECRET] }), "entry_invalid"),
        (json!({ "username": "robot", "password": 7 }), "entry_invalid"),
    ] {
        assert_eq!(code(&config(&entry)), expected, "{entry}");
    }
}

#[test]
fn the_entry_is_named_by_a_registry() {
    for key in ["registry", "*.example.com", "https://user:hunter2@ghcr.io", "ghcr.io/Acme", "ftp://ghcr.io", ""] {
        let text = json!({ "auths": { key: { "auth": auth("robot:hunter2") } } }).to_string();
        assert_eq!(code(&text), "host_invalid", "{key}");
    }
}

#[test]
fn other_files_are_known_by_their_shape() {
    let entry = json!({ "auth": auth("robot:hunter2") });
    assert_eq!(code(&json!({ "https://index.docker.io/v1/": entry }).to_string()), "dockercfg");
    assert_eq!(code(&json!({ "apiVersion": "v1", "kind": "Secret", "data": { ".dockerconfigjson": auth("{}") } }).to_string()), "manifest");
    assert_eq!(code(&json!({ ".dockerconfigjson": auth("{}") }).to_string()), "manifest");
    assert_eq!(code("apiVersion: v1\nkind: Secret\ndata:\n  .dockerconfigjson: e30=\n"), "manifest");
    assert_eq!(code("  .dockerconfigjson: e30="), "manifest");
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in any::<String>(), near in "[\\{\\}\\[\\]\":,a-z \\\\0-9]{0,80}", within in any::<String>()) {
        let _ = (parse(&text), parse(&near), parse(&auth(&text)));
        let _ = parse(&json!({ "auths": { &text: { "auth": &within } } }).to_string());
    }

    #[test]
    fn a_written_config_reads_back(
        host in "[a-z]{1,8}\\.(io|example\\.com:5000)", prefix in proptest::option::of("[a-z]{3,5}(/[a-z0-9]{1,4}){0,2}"),
        username in "[^:\0]{1,20}", password in "[^\0]{1,40}", form in 0..3,
    ) {
        let key = scope_name(&host, prefix.as_deref());
        let encoded = auth(&format!("{username}:{password}"));
        let entry = match form {
            0 => json!({ "auth": encoded }),
            1 => json!({ "username": username, "password": password }),
            _ => json!({ "auth": encoded, "username": username, "password": password }),
        };
        let text = json!({ "auths": { key: entry } }).to_string();
        let expected = (host, prefix, username, password);
        prop_assert_eq!(read_back(&text), expected.clone());
        prop_assert_eq!(read_back(&auth(&text)), expected);
    }

    /// One letter of a good config is lost, doubled or changed: whatever the message is, the password is not in it.
    #[test]
    fn a_refusal_does_not_tell_the_password(
        password in "[A-Z][0-9A-Z]{11}", in_auth in any::<bool>(),
        at in any::<proptest::sample::Index>(), change in 0..4, letter in any::<char>(),
    ) {
        let typed = json!({ "username": "robot", "password": password });
        let entry = if in_auth { json!({ "auth": auth(&format!("robot:{password}")) }) } else { typed };
        let mut letters: Vec<char> = json!({ "auths": { "ghcr.io": entry }, "x": 1 }).to_string().chars().collect();
        let at = at.index(letters.len());
        match change {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letter),
            2 => letters[at] = letter,
            _ => letters.truncate(at),
        }
        if let Err(problem) = parse(&letters.into_iter().collect::<String>()) {
            prop_assert!(!problem.message.contains(&password[..6]), "{}", problem.message);
            prop_assert!(!problem.message.contains(&auth(&format!("robot:{password}"))[..16]), "{}", problem.message);
        }
    }
}
