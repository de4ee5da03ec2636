//! The four kinds of component in the words of pages: what one is, where it answers, what Active means for it. Reads nothing.

use leptos::prelude::*;

use crate::{
    domain::{
        clock::Time,
        components::{Kind, Workload},
        endpoints::{self, Visibility},
        routes::Address,
        schedule::Schedule,
    },
    web::parts::CopyField,
};

/// How many runs of a schedule are told ahead.
const RUNS: usize = 5;

/// What a kind asks for beside the image, as rows of a list of facts.
pub(super) fn settings(workload: &Workload, endpoints_yaml: &str) -> AnyView {
    match workload {
        Workload::Service => {
            let count = endpoints::read(endpoints_yaml).endpoints.len();
            view! { <dt>"Endpoints"</dt><dd>{format!("{count}, endpoints.yaml")}</dd> }.into_any()
        }
        Workload::WebApplication { port } => view! { <dt>"Port"</dt><dd class="mono">{*port}</dd> }.into_any(),
        Workload::ScheduledTask(schedule) => view! {
            <dt>"Schedule"</dt><dd class="wrap">{schedule.words()}</dd>
            <dt>"Cron expression"</dt><dd class="mono break">{schedule.cron.clone()}</dd>
            <dt>"Time zone"</dt><dd class="wrap">{schedule.time_zone.clone()}</dd>
            <dt>"Concurrency policy"</dt><dd class="wrap">{schedule.concurrency.as_str()}</dd>
        }
        .into_any(),
        Workload::ManualTask => view! { <dt>"Runs"</dt><dd class="wrap">"When somebody starts it"</dd> }.into_any(),
    }
}

/// The next runs of a schedule in its own zone, where it has any.
pub(super) fn next_runs(schedule: &Schedule, now: Time) -> AnyView {
    let runs = schedule.next_runs(now, RUNS);
    if runs.is_empty() {
        return view! { <p class="dim">"No run within the next five years."</p> }.into_any();
    }
    let rows = runs.into_iter().map(|run| view! { <li><time datetime=run.rfc3339()>{schedule.local(run)}</time></li> }).collect_view();
    view! { <ol class="plain-list runs">{rows}</ol> }.into_any()
}

/// The addresses of what serves in a namespace; of a task none.
pub(super) fn addresses(workload: &Workload, endpoints_yaml: &str, component: &str, namespace: &str) -> Vec<Address> {
    match workload {
        Workload::Service => endpoints::read(endpoints_yaml)
            .endpoints
            .into_iter()
            .map(|endpoint| Address {
                inside: endpoint.cluster_url(component, namespace),
                speaks: endpoint.kind.as_str(),
                kind: Some(endpoint.kind),
                name: endpoint.name,
                visibilities: endpoint.visibilities,
                public: None,
            })
            .collect(),
        Workload::WebApplication { port } => {
            vec![Address {
                name: "Web Application".into(),
                speaks: "HTTP",
                kind: None,
                visibilities: vec![Visibility::Public],
                inside: format!("http://{component}.{namespace}:{port}"),
                public: None,
            }]
        }
        Workload::ScheduledTask(_) | Workload::ManualTask => Vec::new(),
    }
}

/// The addresses as a list to copy from.
pub(super) fn address_list(addresses: Vec<Address>) -> AnyView {
    let rows = addresses
        .into_iter()
        .map(|address| {
            view! {
                <li>
                    <p><b>{address.name}</b>" "<span class="badge plain">{address.speaks}</span></p>
                    <CopyField value=address.inside label="address inside the cluster"/>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain-list">{rows}</ul> }.into_any()
}

/// Which settings wait for the next deployment.
pub(super) fn holds_from_the_next_deployment(kind: Kind) -> &'static str {
    match kind {
        Kind::Service | Kind::ManualTask => "A change of the security profile holds from the next deployment.",
        Kind::WebApplication => "A change of port or security profile holds from the next deployment.",
        Kind::ScheduledTask => "A change of schedule or security profile holds from the next deployment.",
    }
}

/// What Active means where nothing serves: a task has no pods of its own.
pub(super) fn when_active(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Service | Kind::WebApplication => None,
        Kind::ScheduledTask => Some("The schedule is in place."),
        Kind::ManualTask => Some("Ready to be run. This version can't start it yet."),
    }
}

/// What a stop that is in place means.
pub(super) fn when_stopped(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Service | Kind::WebApplication => Some("It is stopped: nothing of it runs, and its addresses do not answer."),
        Kind::ScheduledTask => Some("It is stopped: the schedule is suspended."),
        Kind::ManualTask => None,
    }
}

/// The last step before Active, of what has no pods to wait for.
pub(super) fn last_step(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Service | Kind::WebApplication => None,
        Kind::ScheduledTask => Some("Putting the schedule in place"),
        Kind::ManualTask => Some("Getting ready to be run"),
    }
}

/// What the release before this one does while this one is under way, or after it failed. `image` is that release's.
pub(super) fn meanwhile(kind: Kind, image: &str, failed: bool) -> String {
    match (kind, failed) {
        (Kind::Service | Kind::WebApplication, true) => format!("{image} still serves."),
        (Kind::Service | Kind::WebApplication, false) => format!("{image} keeps serving until the new pods are ready."),
        (Kind::ScheduledTask, true) => format!("{image} still runs by its schedule."),
        (Kind::ScheduledTask, false) => format!("{image} runs by its schedule until the new one is in place."),
        (Kind::ManualTask, true) => format!("{image} is still what a run takes."),
        (Kind::ManualTask, false) => format!("{image} is what a run takes until the new one is ready."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(workload: &Workload, yaml: &str) -> Vec<String> {
        addresses(workload, yaml, "shop", "slw-acme").into_iter().map(|address| address.inside).collect()
    }

    #[test]
    fn what_serves_has_addresses_and_a_task_has_none() {
        let yaml = "version: 0.1\nendpoints:\n  - name: a\n    port: 8080\n    type: REST\n    context: /v1\n  - name: b\n    port: 9000\n    type: TCP\n";
        assert_eq!(urls(&Workload::Service, yaml), ["http://shop.slw-acme:8080/v1", "shop.slw-acme:9000"]);
        assert_eq!(urls(&Workload::WebApplication { port: 80 }, yaml), ["http://shop.slw-acme:80"]);
        assert!(urls(&Workload::ManualTask, yaml).is_empty());
    }
}
