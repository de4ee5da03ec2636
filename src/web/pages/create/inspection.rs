//! What an image says about itself, asked of its registry with the stored credential, and what that means on our nodes.

use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::PATIENCE,
    typed::{kind_of, registry_of},
};
use crate::{
    domain::{
        Caller, Context,
        components::{Kind, same_host},
        images::{Advice, ImageFacts, ImageReference, advise, one_line},
        nodes, registries,
    },
    islands::is_ours,
    web::{
        answer::{log, sentence},
        form::FormState,
        parts::{self, Moment},
        paths,
        request::Request,
    },
};

/// Which image is asked about, as a form says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::web) struct Asked {
    /// Of the component that it is for; empty where that is not asked.
    #[serde(rename = "type")]
    kind: String,
    source: String,
    hub_registry: String,
    registry: String,
    image: String,
}

impl Asked {
    fn kind(&self) -> Option<Kind> {
        Kind::try_from(self.kind.clone()).ok()
    }
}

/// The facts with what they mean, or a sentence why there are none.
pub(super) struct Inspected(Result<Found, String>);

/// What was found out about an image.
struct Found {
    facts: ImageFacts,
    advice: Advice,
    /// Whether the platforms of the nodes are known, which the advice goes by.
    knows_nodes: bool,
}

/// Where the answer stands on the form's own page.
pub(super) const ANSWER_ID: &str = "inspected";

/// The path of the fragment that inspects the image of a form.
pub(super) fn fragment_of(organization: &str, form: &FormState) -> String {
    let fields = ["type", "source", "hub_registry", "registry", "image"];
    paths::with_query(&paths::fragments::inspection(organization), fields.map(|name| (name, form.value(name))))
}

/// Inspects if the address says so, and takes over what follows: the port and the profile, unless the person chose them.
/// Waits for the registry, [`PATIENCE`] at most.
pub(super) async fn asked_for(request: &Request, caller: &Caller, form: &mut FormState) -> Option<Inspected> {
    request.query("inspect")?;
    let text = |name: &str| form.value(name).to_owned();
    let asked = Asked {
        kind: text("type"),
        source: text("source"),
        hub_registry: text("hub_registry"),
        registry: text("registry"),
        image: text("image"),
    };
    let asking = inspect(&request.app.context, caller, &asked);
    let late = || Err(all_the_same("The registry did not answer within 3 seconds.", asked.kind()));
    let outcome = tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| late());
    if let Ok(found) = &outcome {
        take_over(form, &found.advice);
    }
    Some(Inspected(outcome))
}

fn take_over(form: &mut FormState, advice: &Advice) {
    let port_field = match kind_of(form) {
        Some(Kind::Service) => Some("endpoint_port"),
        Some(Kind::WebApplication) => Some("port"),
        _ => None,
    };
    if let Some(field) = port_field
        && is_ours(form.value(field), form.value("port_was"))
    {
        let port = advice.port.map(|port| port.to_string()).unwrap_or_default();
        form.set(field, port.as_str());
        form.set("port_was", port);
    }
    if is_ours(form.value("profile"), form.value("profile_was")) {
        form.set("profile", advice.profile.as_str());
        form.set("profile_was", advice.profile.as_str());
    }
}

/// `GET /fragments/../inspection`, within the limits of the registry client.
pub(in crate::web) async fn inspection(request: &Request, caller: &Caller, asked: &Asked) -> impl FnOnce(&Request) -> AnyView + use<> {
    let inspected = Inspected(inspect(&request.app.context, caller, asked).await);
    move |request| inspected.view(request)
}

/// Asks the registry; a sentence where it can't say.
async fn inspect(context: &Context, caller: &Caller, asked: &Asked) -> Result<Found, String> {
    const CHOOSE: &str = "Choose the registry that the image is in.";
    let (image, _) = ImageReference::parse_noted(&asked.image).map_err(|problem| problem.message)?;
    let registry = registry_of(&asked.source, &asked.hub_registry, &asked.registry);
    let id = Uuid::parse_str(registry.trim()).map_err(|_| CHOOSE.to_owned())?;
    let registry = registries::get(context, caller, id).await.map_err(|_| CHOOSE.to_owned())?;
    let image = same_host(image, &registry).map_err(|problem| problem.message)?;
    if registry.authentication.is_by_nodes() {
        return Err(all_the_same(registries::BY_THE_NODES, asked.kind()));
    }
    let nodes = nodes::platforms(context).await.map_err(|error| failed(&error))?;
    match registries::inspect(context, caller, id, &image).await {
        Ok(Ok(facts)) => {
            let advice = advise(&facts, asked.kind(), &nodes);
            Ok(Found { facts, advice, knows_nodes: !nodes.is_empty() })
        }
        Ok(Err(problem)) => Err(all_the_same(&problem.sentence(), asked.kind())),
        Err(error) => Err(failed(&error)),
    }
}

fn failed(error: &crate::domain::problem::Error) -> String {
    log(error);
    sentence(error)
}

/// An image that can't be looked at forbids nothing.
fn all_the_same(why: &str, kind: Option<Kind>) -> String {
    if kind.is_some() { format!("{why} You can create the component all the same.") } else { why.to_owned() }
}

/// One sentence says how it went: that is what an island announces. The facts follow it.
impl Inspected {
    pub(super) fn view(self, request: &Request) -> AnyView {
        match self.0 {
            Ok(found) => view! { <p class="dim" data-sentence="">"The image was inspected."</p>{found.view(request)} }.into_any(),
            Err(sentence) => view! { <p class="note bad" data-sentence="">{sentence}</p> }.into_any(),
        }
    }
}

impl Found {
    fn view(self, request: &Request) -> AnyView {
        let (port, profile) = (self.advice.port.map(|port| port.to_string()), self.advice.profile.as_str());
        let notes = self.advice.notes.into_iter().map(|note| {
            let class = if note.is_warning { "note warn" } else { "note" };
            view! { <li class=class>{note.text}</li> }
        });
        let notes = notes.collect_view();
        // The simulated data plane has no nodes that an image could miss.
        let unknown = (!self.knows_nodes && !request.app.simulated).then(|| view! { <p class="dim">{NODES_UNKNOWN}</p> });
        view! {
            <section class="inspection" aria-label="What the image says" data-port=port data-profile=profile>
                {list(self.facts, request)}
                <ul class="advice">{notes}</ul>
                {unknown}
            </section>
        }
        .into_any()
    }
}

/// Characters of what the image says in one row: it may say anything, at any length.
const SHOWN: usize = 1000;

const NODES_UNKNOWN: &str = "The platforms of the cluster's nodes are not known, so this says nothing about them.";

fn list(facts: ImageFacts, request: &Request) -> AnyView {
    let ports: Vec<String> = facts.exposed_ports.iter().map(|port| format!("{}/{}", port.port, port.protocol)).collect();
    let user = match facts.user.as_deref() {
        None | Some("") => "root (the image names no user)".to_owned(),
        Some(user) => one_line(user, SHOWN),
    };
    let layers = if facts.layers == 1 { "1 layer".to_owned() } else { format!("{} layers", facts.layers) };
    let now = request.app.context.now();
    let created = facts.created_at().map(|at| view! { <dt>"Created"</dt><dd><Moment time=at now=now zone=request.time_zone()/></dd> });
    let label = |name: &'static str, text: Option<String>| text.map(|text| view! { <dt>{name}</dt><dd class="break">{text}</dd> });
    let labels = [label("Source", facts.source()), label("Revision", facts.revision()), label("Version", facts.version())];
    view! {
        <dl class="facts">
            <dt>"Digest"</dt><dd><parts::CopyField value=facts.digest.clone() label="digest"/></dd>
            <dt>"Platforms"</dt><dd class="wrap">{one_line(&facts.platforms.join(", "), SHOWN)}</dd>
            {looked_at(&facts.platforms, &facts.platform)}
            <dt>"Size"</dt><dd>{parts::bytes(facts.size_bytes)}", "{layers}", compressed"</dd>
            {created}
            <dt>"User"</dt><dd class="break">{user}</dd>
            <dt>"Exposed ports"</dt><dd class="mono break">{or_none(ports.join(", "))}</dd>
            <dt>"Entrypoint"</dt><dd class="mono break">{or_none(one_line(&facts.entrypoint.join(" "), SHOWN))}</dd>
            <dt>"Command (CMD)"</dt><dd class="mono break">{or_none(one_line(&facts.cmd.join(" "), SHOWN))}</dd>
            {labels}
        </dl>
    }
    .into_any()
}

/// Of several platforms, the one that all else is told of.
fn looked_at(platforms: &[String], one: &str) -> Option<AnyView> {
    (platforms.len() > 1).then(|| view! { <dt>"Looked at"</dt><dd class="wrap">{one_line(one, SHOWN)}</dd> }.into_any())
}

fn or_none(text: String) -> String {
    if text.is_empty() { "none".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::components::SecurityProfile;

    /// Port and profile after an inspection that found these.
    fn after(typed: &[(&str, &str)], port: Option<u16>, profile: SecurityProfile) -> (String, String) {
        let mut form = FormState::typed("component", [&[("type", "web_application")][..], typed].concat());
        take_over(&mut form, &Advice { port, profile, notes: Vec::new() });
        (form.value("port").to_owned(), form.value("profile").to_owned())
    }

    #[test]
    fn what_a_person_chose_stays() {
        let after = |typed| after(typed, Some(8080), SecurityProfile::Restricted);
        assert_eq!(after(&[]), ("8080".into(), "restricted".into()));
        assert_eq!(after(&[("port", "80")]), ("80".into(), "restricted".into()));
        assert_eq!(after(&[("port", "80"), ("port_was", "3000")]).0, "80", "typed over what was filled in");
        assert_eq!(after(&[("profile", "default"), ("profile_was", "default")]).1, "restricted");
        assert_eq!(after(&[("profile", "default"), ("profile_was", "restricted")]).1, "default", "turned back by the person");
    }

    #[test]
    fn what_an_older_image_said_does_not() {
        let older = [("port", "8080"), ("port_was", "8080"), ("profile", "restricted"), ("profile_was", "restricted")];
        assert_eq!(after(&older, Some(3000), SecurityProfile::Default), ("3000".into(), "default".into()));
        assert_eq!(after(&older, None, SecurityProfile::Default).0, "", "this one exposes none");
        let mut task = FormState::typed("component", [&[("type", "manual_task")][..], &older].concat());
        take_over(&mut task, &Advice { port: Some(3000), ..Advice::default() });
        assert_eq!((task.value("port"), task.value("port_was")), ("8080", "8080"), "a task asks for none");
    }

    #[test]
    fn of_several_platforms_the_one_looked_at_is_named() {
        let both = ["linux/amd64", "linux/arm64"].map(str::to_owned);
        assert!(looked_at(&both[1..], "linux/arm64").is_none());
        assert!(looked_at(&both, "linux/arm64").is_some_and(|row| row.to_html().contains(">linux/arm64<")));
    }
}
