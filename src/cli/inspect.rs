//! `slipway inspect IMAGE`: what a reference means and, with a client, what the registry says of it.

use std::io::Write;

use serde_json::{Value, json};

use crate::domain::{
    images::{ImageReference, Meaning},
    registries::client::{Access, RegistryClient},
};

/// Exit code 0 if the reference is right (and the registry has the image), else 1.
pub async fn run(image: &str, client: Option<&dyn RegistryClient>, as_json: bool, out: &mut dyn Write) -> anyhow::Result<i32> {
    let meaning = Meaning::of(image);
    let mut answer = match &meaning {
        Ok(meaning) => described(meaning),
        Err(problem) => json!({ "ok": false, "registry": null, "repository": null, "tag": null, "digest": null, "canonical": null,
            "problems": [{ "severity": "error", "code": problem.code, "message": problem.message }] }),
    };
    if let (Some(client), Ok(meaning)) = (client, &meaning) {
        ask(client, &meaning.image, &mut answer).await;
    }
    if as_json {
        writeln!(out, "{answer:#}")?;
    } else {
        write_human(&answer, out)?;
    }
    Ok(if answer["ok"] == true { 0 } else { 1 })
}

fn described(Meaning { image, notes }: &Meaning) -> Value {
    let problems: Vec<Value> = notes.iter().map(|note| json!({ "severity": "note", "code": "note", "message": note })).collect();
    json!({ "ok": true, "registry": image.host(), "repository": image.repository(), "tag": image.tag(), "digest": image.digest(),
        "canonical": image.to_string(), "problems": problems })
}

async fn ask(client: &dyn RegistryClient, image: &ImageReference, answer: &mut Value) {
    let access = Access { registry_id: None, host: image.host().to_owned(), login: None, ca_certificates: None };
    match client.inspect(&access, image, &[]).await {
        Ok(facts) => {
            answer["digest"] = json!(facts.digest);
            answer["image"] = json!(facts);
        }
        Err(problem) => {
            answer["ok"] = json!(false);
            if let Some(problems) = answer["problems"].as_array_mut() {
                problems.push(json!({ "severity": "error", "code": problem.code(), "message": problem.sentence() }));
            }
        }
    }
}

fn write_human(answer: &Value, out: &mut dyn Write) -> std::io::Result<()> {
    for key in ["registry", "repository", "tag", "digest", "canonical"] {
        if let Some(text) = answer[key].as_str() {
            writeln!(out, "{key:<11} {text}")?;
        }
    }
    if let Some(facts) = answer["image"].as_object() {
        for (key, value) in facts.iter().filter(|(key, _)| *key != "digest") {
            writeln!(out, "{key:<13} {value}")?;
        }
    }
    for problem in answer["problems"].as_array().into_iter().flatten() {
        writeln!(out, "{}: {}", problem["severity"].as_str().unwrap_or_default(), problem["message"].as_str().unwrap_or_default())?;
    }
    Ok(())
}
