//! The settings that a deployment takes from the component, beside those of what is Active.

use leptos::prelude::*;

use super::{from_to, word};
use crate::domain::{
    components::{Component, Kind, SecurityProfile, Workload},
    deployments::Deployment,
};

/// A setting by its name on pages.
type Setting = (&'static str, String);

pub(super) fn card(component: &Component, running: Option<&Deployment>) -> AnyView {
    let after = settings(&component.workload, component.profile, component.default_endpoint.as_deref(), true);
    let before =
        running.map(|running| settings(&running.workload, running.profile, running.default_endpoint.as_deref(), running.replicas != 0));
    let changed = before.as_ref().map(|before| *before != after);
    let rows = after.into_iter().map(|(name, value)| {
        let was = before.as_ref().and_then(|before| value_of(before, name)).filter(|was| *was != value);
        let value = match was {
            Some(was) => from_to(was, value),
            None => value.into_any(),
        };
        view! { <dt>{name}</dt><dd class="wrap">{value}</dd> }
    });
    view! {
        <article class="card narrow" aria-labelledby="settings">
            <header><h2 id="settings">"Settings"</h2>{word(changed)}</header>
            <section><dl class="facts">{rows.collect_view()}</dl></section>
        </article>
    }
    .into_any()
}

fn value_of(settings: &[Setting], name: &str) -> Option<String> {
    settings.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone())
}

/// All settings of a kind; `runs` is false of what was stopped.
fn settings(workload: &Workload, profile: SecurityProfile, default_endpoint: Option<&str>, runs: bool) -> Vec<Setting> {
    let mut settings = match workload {
        Workload::Service => vec![("Default endpoint", default_endpoint.unwrap_or("the first of the file").to_owned())],
        Workload::WebApplication { port } => vec![("Port", port.to_string())],
        Workload::ScheduledTask(schedule) => vec![
            ("Schedule", schedule.words()),
            ("Cron expression", schedule.cron.clone()),
            ("Time zone", schedule.time_zone.clone()),
            ("Concurrency", schedule.concurrency.as_str().to_owned()),
        ],
        Workload::ManualTask => Vec::new(),
    };
    settings.push(("Profile", profile.label().to_owned()));
    let state = match (workload.kind(), runs) {
        (Kind::ScheduledTask, true) => "runs by its schedule",
        (Kind::ScheduledTask, false) => "suspended",
        (Kind::ManualTask, _) => return settings,
        (_, true) => "running",
        (_, false) => "stopped",
    };
    settings.push(("State", state.to_owned()));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_starts_what_was_stopped_and_says_so() {
        let of = |runs| settings(&Workload::WebApplication { port: 80 }, SecurityProfile::Default, None, runs);
        assert_eq!(value_of(&of(false), "State").as_deref(), Some("stopped"));
        assert_eq!(value_of(&of(true), "State").as_deref(), Some("running"));
        assert_eq!(value_of(&of(true), "Port").as_deref(), Some("80"));
        assert_eq!(settings(&Workload::ManualTask, SecurityProfile::Restricted, None, true), [("Profile", "Restricted".to_owned())]);
    }
}
