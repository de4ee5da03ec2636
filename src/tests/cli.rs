//! The binary's commands as a shell sees them: exit codes, JSON, help.

use std::{
    io::Write as _,
    process::{Command, Output, Stdio},
};

use jiff::Timestamp;
use serde_json::Value;
use slipway::{
    config::VARIABLES,
    domain::clock::{Clock as _, SystemClock, Time},
};

use crate::support::{FakeRegistry, TestApp};

const GOOD: &str =
    "version: 0.1\nendpoints:\n  - name: Greeter\n    port: 8080\n    type: REST\n    networkVisibility: Project\n    context: /\n";
const BAD: &str =
    "version: 0.1\nendpoints:\n  - name: Greeter\n    port: 99999\n    type: RES\n    networkVisibility: Project\n    context: /\n";

/// Runs a command with this standard input, and with nothing configured.
fn slipway(arguments: &[&str], input: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_slipway"));
    command.args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes()); // a command that reads nothing may have ended
    child.wait_with_output().unwrap()
}

fn code_and_text(arguments: &[&str], input: &str) -> (i32, String) {
    let output = slipway(arguments, input);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

fn code_and_json(arguments: &[&str], input: &str) -> (i32, Value) {
    let (code, text) = code_and_text(arguments, input);
    (code, serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}")))
}

#[test]
fn lint_tells_good_from_bad() {
    let (code, text) = code_and_text(&["lint", "-"], GOOD);
    assert_eq!((code, text.contains("ok")), (0, true), "{text}");
    let (code, text) = code_and_text(&["lint", "-"], BAD);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("-:4:") && text.contains("-:5:"), "both problems, each with its line: {text}");
}

#[test]
fn lint_speaks_json() {
    let (code, json) = code_and_json(&["lint", "--format", "json", "-"], GOOD);
    assert_eq!((code, &json["ok"], json["endpoints"].as_array().unwrap().len()), (0, &Value::Bool(true), 1), "{json}");
    let (code, json) = code_and_json(&["lint", "--format", "json", "-"], BAD);
    assert_eq!((code, &json["ok"]), (1, &Value::Bool(false)), "{json}");
    let problems = json["problems"].as_array().unwrap();
    for key in ["severity", "code", "path", "line", "column", "message"] {
        assert!(problems.iter().all(|problem| !problem[key].is_null()), "{key} in {json}");
    }
    let errors: Vec<_> = problems.iter().filter(|problem| problem["severity"] == "error").map(|problem| problem["line"].as_u64()).collect();
    assert_eq!(errors, [Some(4), Some(5)]);
}

#[test]
fn lint_survives_what_is_no_yaml() {
    for text in ["", "\0", "{", "- - - -", "a: &a [*a]", "\u{feff}x: y", &"[".repeat(100_000)] {
        let (code, json) = code_and_json(&["lint", "--format", "json", "-"], text);
        assert!(matches!(code, 0 | 1) && json["problems"].is_array(), "{code} {json}");
    }
}

#[test]
fn lint_tells_when_a_schedule_runs() {
    let (code, json) = code_and_json(&["lint", "--format", "json", "--cron", "0 9 * * 1-5", "--time-zone", "europe/berlin"], "");
    let schedule = &json["schedule"];
    assert_eq!((code, &json["ok"], &schedule["time_zone"]), (0, &Value::Bool(true), &"Europe/Berlin".into()), "{json}");
    assert_eq!(schedule["words"], "At 09:00, Monday to Friday");
    let runs: Vec<Timestamp> = schedule["next_runs"].as_array().unwrap().iter().map(|run| run.as_str().unwrap().parse().unwrap()).collect();
    assert!(runs.len() == 5 && runs.is_sorted() && runs[0].as_microsecond() > SystemClock.now().0 - Time::HOUR, "{runs:?}");
    let (code, text) = code_and_text(&["lint", "--cron", "0 9 * * 7", "--time-zone", "Berlin"], "");
    assert!(code == 1 && text.contains("--cron: error: ") && text.contains("--time-zone: error: "), "{text}");
}

#[test]
fn lint_suggests_a_name() {
    let (code, json) = code_and_json(&["lint", "--format", "json", "--name", "Web Shop"], "");
    assert_eq!((code, &json["name"]), (0, &serde_json::json!({ "display_name": "Web Shop", "name": "web-shop" })), "{json}");
    let (code, text) = code_and_text(&["lint", "-", "--name", "a/b/c"], GOOD);
    assert!(code == 1 && text.contains("-: ok ") && text.contains("--name: error: "), "a file and a name in one go: {text}");
}

#[test]
fn what_is_not_understood_is_usage() {
    for arguments in [
        &["lint"][..],
        &["lint", "-", "--time-zone", "UTC"],
        &["lint", "/nowhere/at/all"],
        &["inspect"],
        &["inspect", "nginx", "--platform", "linux/amd64"],
        &["inspect", "nginx", "--remote", "--platform", "amd64"],
        &["inspect", "nginx", "--remote", "--kind", "ship"],
        &["lint", "--format", "xml", "-"],
        &["sail"],
        &[],
    ] {
        let output = slipway(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
        assert!(!output.stderr.is_empty() || !output.stdout.is_empty(), "{arguments:?} said nothing");
    }
}

#[test]
fn inspect_says_what_a_reference_means() {
    let (code, json) = code_and_json(&["inspect", "--format", "json", "docker.io/library/nginx:1.27"], "");
    assert_eq!(code, 0);
    insta::assert_json_snapshot!(json, @r#"
    {
      "canonical": "docker.io/library/nginx:1.27",
      "digest": null,
      "ok": true,
      "problems": [],
      "registry": "docker.io",
      "repository": "library/nginx",
      "tag": "1.27"
    }
    "#);
    let (code, json) = code_and_json(&["inspect", "--format", "json", "nginx"], "");
    let notes = json["problems"].as_array().unwrap();
    assert!(code == 0 && notes.len() == 3 && notes.iter().all(|note| note["severity"] == "note"), "what was filled in is told: {json}");
    let (code, json) = code_and_json(&["inspect", "--format", "json", "UPPER/case:!"], "");
    assert_eq!((code, &json["ok"], json["problems"].as_array().unwrap().len()), (1, &Value::Bool(false), 1), "{json}");
    let (code, text) = code_and_text(&["inspect", "ghcr.io/acme/app:1.0"], "");
    assert_eq!(code, 0);
    assert!(text.contains("registry    ghcr.io\n") && text.contains("tag         1.0\n"), "{text}");
}

#[tokio::test]
async fn inspect_asks_the_registry_and_says_what_it_means() {
    let registry = FakeRegistry::start().await;
    let (host, image) = (registry.host(), format!("{}/acme/greeter:1", registry.host()));
    let inspect = async |arguments: &'static [&'static str]| {
        let mut command = tokio::process::Command::new(env!("CARGO_BIN_EXE_slipway"));
        command.args(["inspect", &image, "--remote"]).args(arguments).env_clear();
        let output = command.env("SLIPWAY_EGRESS", "any").env("SLIPWAY_PLAIN_HTTP_REGISTRIES", &host).output().await.unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, text) = inspect(&["--platform", "linux/arm64", "--kind", "service"]).await;
    assert_eq!(code, 0, "{text}");
    for line in [
        "platforms   linux/amd64\n",
        "user        10014\n",
        "ports       8080/tcp\n",
        "created     2024-01-02T03:04:05Z\n",
        "warning: This image has no linux/arm64, and the nodes are linux/arm64: it cannot run there.\n",
        "note: Runs as user 10014, which is not root: the restricted profile fits.\n",
    ] {
        assert!(text.contains(line), "{line:?} is missing in {text}");
    }
    let (code, text) = inspect(&["--format", "json", "--platform", "linux/amd64"]).await;
    let json: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &json["image"]["layers"], &json["advice"]["port"]), (0, &0.into(), &8080.into()), "{json}");
    assert_eq!(json["advice"]["profile"], "restricted");
}

#[test]
fn the_help_of_serve_has_the_table_of_variables() {
    let (code, help) = code_and_text(&["serve", "--help"], "");
    assert_eq!(code, 0);
    for variable in VARIABLES {
        let row = format!("{}  [default: {}]\n      {}", variable.name, variable.default, variable.meaning);
        assert!(help.contains(&row), "{row} is missing in {help}");
    }
}

#[test]
fn a_wrong_variable_stops_the_start() {
    let output = Command::new(env!("CARGO_BIN_EXE_slipway")).arg("serve").env_clear().env("SLIPWAY_EGRESS", "all").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), said.trim_end()), (Some(1), "slipway: SLIPWAY_EGRESS is \"all\"; it must be public, private or any"));
}

/// The same reference on the page and on the command line: the same parts, the same sentences.
#[tokio::test]
async fn inspect_and_the_page_say_the_same_of_a_reference() {
    let (_app, mut client) = TestApp::set_up().await;
    let digest = format!("sha256:{}", "a".repeat(64));
    let references = [
        "nginx",
        "acme/greeter:1.8.2",
        "localhost:5000/greeter",
        "registry.hub.docker.com/library/nginx:1.27",
        "GHCR.io/acme/greeter:2",
        "docker pull quay.io/acme/greeter:3",
        "docker run -d -p 80:80 nginx:1.27",
        "docker run --unknown x nginx",
        "`ghcr.io/acme/greeter:2`",
        "https://hub.docker.com/_/nginx",
        "registry.example.com",
        &format!("ghcr.io/acme/greeter@{digest}"),
        &format!("ghcr.io/acme/greeter:1@{digest}"),
        "UPPER/case:!",
        "ghcr.io/acme/greeter:",
        "a b",
        "[::1]:5000/x:1",
    ];
    for reference in references {
        let (_, json) = code_and_json(&["inspect", "--format", "json", reference], "");
        let (_, human) = code_and_text(&["inspect", reference], "");
        let query = url::form_urlencoded::byte_serialize(reference.as_bytes()).collect::<String>();
        let page = client.get(&format!("/fragments/organizations/acme/image?image={query}")).await;
        let mut text = page.plain();
        for (name, key) in [("Registry", "registry"), ("Repository", "repository"), ("Tag", "tag"), ("Digest", "digest")] {
            let Some(value) = json[key].as_str() else { continue };
            assert!(human.contains(&format!("{key:<11} {value}\n")), "{reference}: {human}");
            text = taken(&text, &format!("{name}{value}"), reference);
        }
        for problem in json["problems"].as_array().unwrap() {
            let message = problem["message"].as_str().unwrap();
            assert!(human.contains(&format!("{}: {message}\n", problem["severity"].as_str().unwrap())), "{reference}: {human}");
            text = taken(&text, message, reference);
        }
        assert_eq!(text.trim(), "", "{reference}: the page says more than the command");
    }
}

/// A text without a part that it must have.
fn taken(text: &str, part: &str, reference: &str) -> String {
    assert!(text.contains(part), "{reference}: {part:?} is not on the page: {text}");
    text.replacen(part, "", 1)
}
