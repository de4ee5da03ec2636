//! Where a component runs: its newest deployment in each environment, and the addresses of what serves there.

use jiff::tz::TimeZone;
use leptos::prelude::*;

use crate::{
    domain::{
        Caller, Context,
        clock::Time,
        components::Component,
        deployments::{self, Deployment, State},
        organizations::{self, Environment, Project},
        problem::Result,
    },
    web::{
        pages::kinds,
        parts::{Moment, StateBadge},
    },
};

/// How a component stands in an environment.
pub(super) struct Standing {
    pub(super) environment: Environment,
    pub(super) newest: Option<Deployment>,
    pub(super) serving: Option<Deployment>,
    namespace: Option<String>,
}

impl Standing {
    /// One for each environment, in the order of promotion.
    pub(super) async fn load(context: &Context, caller: &Caller, project: &Project, component: &Component) -> Result<Vec<Self>> {
        let mut all = Vec::new();
        for environment in organizations::environments(context, caller).await? {
            all.push(Self {
                newest: deployments::newest(context, component, environment.id).await?,
                serving: deployments::serving(context, component, environment.id).await?,
                namespace: organizations::stored_namespace(context, caller.organization_id, project.id, environment.id).await?,
                environment,
            });
        }
        Ok(all)
    }

    fn view(&self, component: &str, now: Time, zone: &TimeZone) -> AnyView {
        let name = self.environment.display_name.clone();
        let Some(newest) = &self.newest else {
            return view! { <section><p class="standing"><b>{name}</b><span class="badge">"Not deployed"</span></p></section> }.into_any();
        };
        view! {
            <section>
                <p class="standing"><b>{name}</b><StateBadge state=newest.state/></p>
                <dl class="facts">
                    <dt>"Image"</dt><dd class="mono break">{newest.image.familiar()}</dd>
                    <dt>{if newest.state == State::Active { "Since" } else { "Deployed" }}</dt><dd class="wrap"><Moment time=newest.created_at now=now zone=zone.clone()/>", by "{newest.created_by.clone()}</dd>
                    {self.other_release(newest)}
                </dl>
                {self.addresses(component)}
            </section>
        }
        .into_any()
    }

    /// What is Active, where the newest deployment is not.
    fn other_release(&self, newest: &Deployment) -> Option<AnyView> {
        let serving = self.serving.as_ref().filter(|serving| serving.id != newest.id)?;
        Some(view! { <dt>"Active"</dt><dd class="mono break">{serving.image.familiar()}</dd> }.into_any())
    }

    /// Where it answers, of what has addresses.
    pub(super) fn addresses(&self, component: &str) -> Option<AnyView> {
        let (serving, namespace) = (self.serving.as_ref()?, self.namespace.as_ref()?);
        let addresses = kinds::addresses(&serving.workload, &serving.endpoints_yaml, component, namespace);
        (!addresses.is_empty()).then(|| view! { <div class="addresses">{kinds::address_list(addresses)}</div> }.into_any())
    }
}

/// All environments in one card.
pub(super) fn card(standing: &[Standing], component: &str, deploy: String, now: Time, zone: &TimeZone) -> AnyView {
    let sections = standing.iter().map(|standing| standing.view(component, now, zone)).collect_view();
    view! {
        <article class="card" aria-labelledby="where-it-runs">
            <header><h2 id="where-it-runs">"Where it runs"</h2></header>
            {sections}
            <footer><a class="button" href=deploy>"Go to Deploy"</a></footer>
        </article>
    }
    .into_any()
}
