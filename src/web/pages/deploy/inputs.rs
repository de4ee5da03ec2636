//! What goes along with the image: a Service's endpoints, the settings of any other kind. The panel lists it, each with the
//! way to change it.

use leptos::prelude::*;

use crate::{
    domain::{
        components::{Component, Kind},
        endpoints::{self, Endpoint, Finding, Severity},
    },
    web::{pages::kinds, parts::Table, paths},
};

/// `problem` is what a refusal said of the endpoints.
pub(super) fn view(organization: &str, project: &str, component: &Component, problem: Option<String>) -> AnyView {
    let problem = problem.map(|text| view! { <p class="note bad" id="field-endpoints" tabindex="-1">{text}</p> });
    let section = match component.kind() {
        Kind::Service => endpoints_of(organization, project, component),
        _ => settings_of(organization, project, component),
    };
    view! { {problem}{section} }.into_any()
}

fn endpoints_of(organization: &str, project: &str, component: &Component) -> AnyView {
    let reading = endpoints::read(&component.endpoints_yaml);
    let first_error = reading.problems.iter().find(|finding| finding.severity == Severity::Error).map(error);
    let row = |endpoint: Endpoint| {
        let edit = paths::endpoint(organization, project, &component.name, &endpoints::slug(&endpoint.name));
        let visibilities: Vec<_> = endpoint.visibilities.iter().map(|visibility| visibility.as_str()).collect();
        let name = endpoint.name.clone();
        vec![
            view! { <span class="break">{endpoint.name}</span> }.into_any(),
            view! { <span class="mono">{endpoint.port}</span> }.into_any(),
            endpoint.kind.as_str().into_any(),
            visibilities.join(", ").into_any(),
            view! { <a href=edit>"Edit"<span class="visually-hidden">" "{name}</span></a> }.into_any(),
        ]
    };
    let rows: Vec<_> = reading.endpoints.into_iter().map(row).collect();
    let columns = ["Name", "Port", "Type", "Visibility", "Change"].map(str::to_owned).to_vec();
    let list = (!rows.is_empty()).then(|| view! { <Table label="Endpoints" columns=columns rows=rows/> });
    let editor = paths::edit_endpoints(organization, project, &component.name);
    view! {
        <section class="goes-along" aria-labelledby="panel-endpoints">
            <h3 id="panel-endpoints">"Endpoints"</h3>
            {first_error}
            {list}
            <p><a class="button small" href=editor>"Create/Update Endpoints"</a></p>
        </section>
    }
    .into_any()
}

/// The first thing that keeps the file from being deployed.
fn error(finding: &Finding) -> AnyView {
    let text = format!("Line {}: {}", finding.line, finding.message);
    view! { <p class="note bad">{text}</p> }.into_any()
}

fn settings_of(organization: &str, project: &str, component: &Component) -> AnyView {
    let change = paths::component_settings(organization, project, &component.name);
    view! {
        <section class="goes-along" aria-labelledby="panel-settings">
            <h3 id="panel-settings">"Settings"</h3>
            <dl class="facts">
                {kinds::settings(&component.workload, &component.endpoints_yaml)}
                <dt>"Security profile"</dt><dd>{component.profile.label()}</dd>
            </dl>
            <p><a class="button small" href=change>"Change the settings"</a></p>
        </section>
    }
    .into_any()
}
