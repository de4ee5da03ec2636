//! What an order would change: the release that is Active in an environment beside the one that would take its place.

use leptos::prelude::*;

use crate::{
    domain::{
        components::{Kind, Workload},
        deployments::Deployment,
    },
    web::parts::Diff,
};

/// Tells a fact of a release.
type Tells<'a> = &'a dyn Fn(&Deployment) -> String;

/// A fact of a release before and after.
#[derive(Debug, PartialEq, Eq)]
struct Fact {
    label: &'static str,
    before: Option<String>,
    after: String,
}

/// Image, digest and settings, then the endpoints; `before` is none where nothing runs.
pub(super) fn view(before: Option<&Deployment>, after: &Deployment) -> AnyView {
    let rows = facts(before, after).into_iter().map(row).collect_view();
    let of_service = (after.workload.kind() == Kind::Service).then(|| {
        let text = before.map(|before| before.endpoints_yaml.clone()).unwrap_or_default();
        if text == after.endpoints_yaml {
            return view! { <p class="dim">"endpoints.yaml stays as it is."</p> }.into_any();
        }
        view! { <h3>"endpoints.yaml"</h3><Diff before=text after=after.endpoints_yaml.clone()/> }.into_any()
    });
    view! { <dl class="facts changes">{rows}</dl>{of_service} }.into_any()
}

fn row(fact: Fact) -> AnyView {
    let Fact { label, before, after } = fact;
    let change = match before {
        Some(before) if before == after => view! { {after}" "<span class="dim">"(stays)"</span> }.into_any(),
        Some(before) => view! {
            <del><span class="visually-hidden">"now: "</span>{before}</del>
            <ins><span class="visually-hidden">"then: "</span>{after}</ins>
        }
        .into_any(),
        None => view! { <ins>{after}</ins> }.into_any(),
    };
    view! { <dt>{label}</dt><dd class="wrap">{change}</dd> }.into_any()
}

/// The image always, all else where it differs.
fn facts(before: Option<&Deployment>, after: &Deployment) -> Vec<Fact> {
    let digest = |deployment: &Deployment| deployment.digest.clone().unwrap_or_else(|| "not known".into());
    let running = |deployment: &Deployment| if deployment.replicas == 0 { "Stopped" } else { "Running" }.to_owned();
    let facts: [(&'static str, Tells<'_>); 9] = [
        ("Image", &|deployment| deployment.image.familiar()),
        ("Digest", &digest),
        ("Runs", &running),
        ("Security", &|deployment| format!("{} profile", deployment.profile.label())),
        ("Default", &|deployment| deployment.default_endpoint.clone().unwrap_or_else(|| "the first endpoint".into())),
        ("Port", &|deployment| setting(&deployment.workload, "Port")),
        ("Schedule", &|deployment| setting(&deployment.workload, "Schedule")),
        ("Time zone", &|deployment| setting(&deployment.workload, "Time zone")),
        ("Concurrency", &|deployment| setting(&deployment.workload, "Concurrency")),
    ];
    let told = facts.into_iter().map(|(label, of)| Fact { label, before: before.map(of), after: of(after) });
    let empty = |fact: &Fact| fact.after.is_empty() && fact.before.as_deref().unwrap_or_default().is_empty();
    told.filter(|fact| !empty(fact) && (fact.label == "Image" || fact.before.as_ref() != Some(&fact.after))).collect()
}

fn setting(workload: &Workload, label: &str) -> String {
    match (workload, label) {
        (Workload::WebApplication { port }, "Port") => port.to_string(),
        (Workload::ScheduledTask(schedule), "Schedule") => schedule.cron.clone(),
        (Workload::ScheduledTask(schedule), "Time zone") => schedule.time_zone.clone(),
        (Workload::ScheduledTask(schedule), "Concurrency") => schedule.concurrency.as_str().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{components::SecurityProfile, testing::Shop};

    fn labels(before: Option<&Deployment>, after: &Deployment) -> Vec<&'static str> {
        facts(before, after).into_iter().map(|fact| fact.label).collect()
    }

    #[tokio::test]
    async fn the_image_is_always_told_and_the_rest_where_it_differs() {
        let shop = Shop::open().await;
        let before = shop.deploy("1.0").await;
        assert_eq!(labels(Some(&before), &before), ["Image"]);
        let after = Deployment { digest: Some("sha256:b".into()), profile: SecurityProfile::Restricted, replicas: 0, ..before.clone() };
        assert_eq!(labels(Some(&before), &after), ["Image", "Digest", "Runs", "Security"]);
        assert_eq!(facts(Some(&before), &after)[1], Fact { label: "Digest", before: Some("not known".into()), after: "sha256:b".into() });
        let page = Deployment { workload: Workload::WebApplication { port: 80 }, ..before.clone() };
        let moved = Deployment { workload: Workload::WebApplication { port: 8080 }, ..before.clone() };
        assert_eq!(labels(Some(&page), &moved), ["Image", "Port"]);
        assert!(labels(None, &before).contains(&"Security"), "where nothing runs all of it is new");
    }
}
