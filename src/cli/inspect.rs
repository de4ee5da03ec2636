//! `slipway inspect IMAGE`: what a reference means and, with a client, what the registry says of it and what that means.

use std::io::Write;

use serde_json::{Value, json};

use crate::domain::{
    components::Kind,
    deployments::data_plane::NodePlatform,
    images::{Advice, ImageFacts, ImageReference, Meaning, advise, size_in_words},
    registries::client::{Access, RegistryClient},
};

/// Whom to ask about the image, and for what.
pub struct Remote<'a> {
    pub client: &'a dyn RegistryClient,
    /// What is to become of it, where that is known.
    pub kind: Option<Kind>,
    /// The nodes that it is to run on; none: not known.
    pub nodes: &'a [NodePlatform],
}

/// What the registry answered, and what it means.
struct Told {
    facts: ImageFacts,
    advice: Advice,
}

/// Exit code 0 if the reference is right (and the registry has the image), else 1.
pub async fn run(image: &str, remote: Option<Remote<'_>>, as_json: bool, out: &mut dyn Write) -> anyhow::Result<i32> {
    let meaning = Meaning::of(image);
    let mut answer = match &meaning {
        Ok(meaning) => described(meaning),
        Err(problem) => json!({ "ok": false, "registry": null, "repository": null, "tag": null, "digest": null, "canonical": null,
            "problems": [{ "severity": "error", "code": problem.code, "message": problem.message }] }),
    };
    let told = match (remote, &meaning) {
        (Some(remote), Ok(meaning)) => ask(remote, &meaning.image, &mut answer).await,
        _ => None,
    };
    if as_json {
        writeln!(out, "{answer:#}")?;
    } else {
        write_human(&answer, told.as_ref(), out)?;
    }
    Ok(if answer["ok"] == true { 0 } else { 1 })
}

/// A platform as `--platform` names it: `linux/arm64`.
pub fn platform(text: &str) -> Result<NodePlatform, String> {
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    match text.split_once('/') {
        Some((os, architecture)) if is_word(os) && is_word(architecture) => {
            Ok(NodePlatform { os: os.into(), architecture: architecture.into(), nodes: 1 })
        }
        _ => Err("write the platform of a node as os/architecture, such as linux/arm64".into()),
    }
}

fn described(Meaning { image, notes }: &Meaning) -> Value {
    let problems: Vec<Value> = notes.iter().map(|note| json!({ "severity": "note", "code": "note", "message": note })).collect();
    json!({ "ok": true, "registry": image.host(), "repository": image.repository(), "tag": image.tag(), "digest": image.digest(),
        "canonical": image.to_string(), "problems": problems })
}

async fn ask(remote: Remote<'_>, image: &ImageReference, answer: &mut Value) -> Option<Told> {
    let access = Access { registry_id: None, host: image.host().to_owned(), login: None, ca_certificates: None };
    let platforms: Vec<String> = remote.nodes.iter().map(ToString::to_string).collect();
    match remote.client.inspect(&access, image, &platforms).await {
        Ok(facts) => {
            let advice = advise(&facts, remote.kind, remote.nodes);
            answer["digest"] = json!(facts.digest);
            answer["image"] = json!(facts);
            answer["advice"] = json!(advice);
            Some(Told { facts, advice })
        }
        Err(problem) => {
            answer["ok"] = json!(false);
            if let Some(problems) = answer["problems"].as_array_mut() {
                problems.push(json!({ "severity": "error", "code": problem.code(), "message": problem.sentence() }));
            }
            None
        }
    }
}

fn write_human(answer: &Value, told: Option<&Told>, out: &mut dyn Write) -> std::io::Result<()> {
    let parts = ["registry", "repository", "tag", "digest", "canonical"];
    let parts = parts.into_iter().filter_map(|key| Some((key, answer[key].as_str()?.to_owned())));
    for (key, value) in parts.chain(told.into_iter().flat_map(|told| in_words(&told.facts))) {
        writeln!(out, "{key:<11} {}", for_terminal(&value))?;
    }
    for problem in answer["problems"].as_array().into_iter().flatten() {
        let text = |key: &str| problem[key].as_str().map(for_terminal).unwrap_or_default();
        writeln!(out, "{}: {}", text("severity"), text("message"))?;
    }
    for note in told.into_iter().flat_map(|told| &told.advice.notes) {
        writeln!(out, "{}: {}", if note.is_warning { "warning" } else { "note" }, for_terminal(&note.text))?;
    }
    Ok(())
}

/// The facts of an image, each under its name; those that it does not say are left out.
fn in_words(facts: &ImageFacts) -> Vec<(&'static str, String)> {
    let layers = if facts.layers == 1 { "1 layer".to_owned() } else { format!("{} layers", facts.layers) };
    let ports: Vec<String> = facts.exposed_ports.iter().map(|exposed| format!("{}/{}", exposed.port, exposed.protocol)).collect();
    let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    // As a Dockerfile has them.
    let words = |words: &[String]| if words.is_empty() { "none".to_owned() } else { json!(words).to_string() };
    let labels = [
        ("created", facts.created_at().map(|at| at.rfc3339())),
        ("source", facts.source()),
        ("revision", facts.revision()),
        ("version", facts.version()),
    ];
    let told = [
        ("platforms", facts.platforms.join(", ")),
        ("looked at", facts.platform.clone()),
        ("size", format!("{} compressed, {layers}", size_in_words(facts.size_bytes))),
        ("user", facts.user.clone().filter(|user| !user.is_empty()).unwrap_or_else(|| "root (the image names no user)".into())),
        ("ports", or_none(ports.join(", "))),
        ("entrypoint", words(&facts.entrypoint)),
        ("command", words(&facts.cmd)),
    ];
    told.into_iter().chain(labels.into_iter().filter_map(|(name, value)| Some((name, value?)))).collect()
}

/// Strangers' text may hold what a terminal would obey.
fn for_terminal(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{images::ExposedPort, registries::client::RegistryProblem, testing::ScriptedRegistry};

    fn facts() -> ImageFacts {
        let label = |(key, value): (&str, &str)| (format!("org.opencontainers.image.{key}"), value.to_owned());
        ImageFacts {
            digest: format!("sha256:{}", "a".repeat(64)),
            platforms: vec!["linux/amd64".into(), "linux/arm/v7".into()],
            platform: "linux/amd64".into(),
            size_bytes: 38_200_000,
            layers: 3,
            created: Some("2026-05-01T10:00:00.5Z".into()),
            user: Some("app\u{1b}[2J".into()),
            exposed_ports: vec![ExposedPort { port: 8080, protocol: "tcp".into() }, ExposedPort { port: 9090, protocol: "tcp".into() }],
            entrypoint: Vec::new(),
            cmd: vec!["/bin/app".into(), "a b\u{7}".into()],
            labels: [("source", "https://example.com/app\u{1b}[31m"), ("version", "1.8.2")].map(label).into(),
        }
    }

    async fn told(answer: Result<ImageFacts, RegistryProblem>, kind: Kind, as_json: bool) -> (i32, String) {
        let registry = ScriptedRegistry::default();
        registry.answers_inspect(answer);
        let nodes = ["linux/amd64", "linux/arm64"].map(|text| platform(text).unwrap());
        let remote = Remote { client: &registry, kind: Some(kind), nodes: &nodes };
        let mut out = Vec::new();
        let code = run("ghcr.io/acme/greeter:1", Some(remote), as_json, &mut out).await.unwrap();
        assert_eq!(registry.asked()[0].what, "inspect ghcr.io/acme/greeter:1 on linux/amd64, linux/arm64");
        (code, String::from_utf8(out).unwrap())
    }

    #[tokio::test]
    async fn people_read_words() {
        let (code, text) = told(Ok(facts()), Kind::ManualTask, false).await;
        assert_eq!(code, 0, "advice is not a failure");
        insta::assert_snapshot!(text, @r#"
        registry    ghcr.io
        repository  acme/greeter
        tag         1
        digest      sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
        canonical   ghcr.io/acme/greeter:1
        platforms   linux/amd64, linux/arm/v7
        looked at   linux/amd64
        size        38 MB compressed, 3 layers
        user        app[2J
        ports       8080/tcp, 9090/tcp
        entrypoint  none
        command     ["/bin/app","a b\u0007"]
        created     2026-05-01T10:00:00Z
        source      https://example.com/app[31m
        version     1.8.2
        warning: This image has no linux/arm64, and 1 of the 2 nodes is linux/arm64: it cannot run on that one.
        warning: The image has only CMD: arguments would replace it.
        note: Runs as the user "app\u{1b}[2J": Kubernetes cannot tell whether that is root, so with the restricted profile it would be refused.
        "#);
        assert!(!text.contains(['\u{1b}', '\u{7}']));
    }

    #[tokio::test]
    async fn programs_read_facts_and_advice() {
        let (code, text) = told(Ok(facts()), Kind::Service, true).await;
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((code, &json["ok"], &json["image"]["platform"]), (0, &json!(true), &json!("linux/amd64")));
        assert_eq!((&json["digest"], &json["advice"]["port"]), (&json["image"]["digest"], &json!(8080)));
        assert_eq!((&json["advice"]["profile"], &json["advice"]["notes"][0]["is_warning"]), (&json!("default"), &json!(true)));
    }

    #[tokio::test]
    async fn why_the_registry_does_not_tell_is_an_error() {
        let problem = RegistryProblem::TimedOut { host: "ghcr.io".into() };
        let (code, text) = told(Err(problem.clone()), Kind::Service, false).await;
        assert!(code == 1 && text.ends_with(&format!("error: {}\n", problem.sentence())), "{text}");
        let (_, text) = told(Err(problem), Kind::Service, true).await;
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&json["ok"], &json["advice"], &json["image"]), (&json!(false), &Value::Null, &Value::Null));
    }

    #[test]
    fn a_platform_has_two_words() {
        assert_eq!(platform("linux/arm64").map(|platform| platform.to_string()).as_deref(), Ok("linux/arm64"));
        for bad in ["", "linux", "linux/", "/arm64", "linux/arm/v7", "Linux/arm64", "linux/arm 64"] {
            assert!(platform(bad).is_err(), "{bad}");
        }
    }
}
