//! What the pipeline shows, read from the database, and its cards in their order. Rendered by the page and, for live pages,
//! alone as a fragment.

use leptos::prelude::*;

use super::{build_area, environment::Card, invoke::Invoke};
use crate::{
    domain::{
        Caller,
        clock::Time,
        components::Component,
        deployments::{self, Action, Deployment, Standing},
        nodes,
        organizations::{self, Project},
        problem::Error,
        registries::{self, Registry},
    },
    web::{
        parts::{self, SimulatedNote},
        request::Request,
    },
};

/// Everything the cards show.
pub struct Pipeline {
    pub(super) organization: String,
    pub(super) project: Project,
    pub(super) component: Component,
    pub(super) registry: Registry,
    /// In the order of promotion.
    pub(super) cards: Vec<Card>,
    /// The newest deployments, wherever they went.
    pub(super) recent: Vec<Deployment>,
    pub(super) now: Time,
    pub(super) zone: jiff::tz::TimeZone,
    simulated: bool,
    /// Whether something is known to enforce NetworkPolicies.
    enforces_policies: Option<bool>,
}

impl Pipeline {
    pub async fn load(
        request: &Request,
        caller: &Caller,
        organization: &str,
        project: &Project,
        component: &Component,
    ) -> Result<Self, Error> {
        let context = &request.app.context;
        let standing = deployments::standing(context, caller, component).await?;
        if standing.is_empty() {
            return Err(Error::NotFound);
        }
        let capabilities = nodes::capabilities(context).await?;
        let enforces_policies = capabilities.as_ref().and_then(|offers| offers.enforces_network_policies);
        let capabilities = capabilities.unwrap_or_default();
        let mut cards = Vec::new();
        for stands in &standing {
            let namespace = organizations::stored_namespace(context, caller.organization_id, project.id, stands.environment.id).await?;
            let events = match &stands.newest {
                Some(newest) => deployments::events(context, newest).await?,
                None => Vec::new(),
            };
            let promoted_from = promoted_from(request, component, &standing, stands).await?;
            let invoke = Invoke::of(request.app.data_plane.entrance(), &capabilities, project, component, stands, namespace.as_deref());
            cards.push(Card { standing: stands.clone(), events, promoted_from, invoke });
        }
        Ok(Self {
            organization: organization.to_owned(),
            registry: registries::get(context, caller, component.registry_id).await?,
            recent: deployments::history(context, component, None).await?,
            project: project.clone(),
            component: component.clone(),
            cards,
            simulated: request.app.simulated,
            enforces_policies,
            now: context.now(),
            zone: request.time_zone(),
        })
    }

    /// What the page says it does.
    pub fn description(&self) -> String {
        let name = &self.component.display_name;
        match self.registry.authentication.is_by_nodes() {
            true => format!("{name} runs by tag: only the data plane's nodes can look into its registry."),
            false => format!("{name} runs the same image, by digest, from environment to environment."),
        }
    }

    pub fn view(&self) -> AnyView {
        let cards = (0..self.cards.len())
            .map(|index| {
                view! {
                    <div class="arrow" aria-hidden="true">{parts::icons::arrow()}</div>
                    {self.environment_card(index)}
                }
            })
            .collect_view();
        view! {
            {self.simulated.then(|| view! { <SimulatedNote/> })}
            <div class="pipeline">{build_area::card(self)}{cards}</div>
            {self.about_policies()}
        }
        .into_any()
    }

    /// Project and Organization are promises of the cluster's network: said once where nothing is known to keep them.
    fn about_policies(&self) -> Option<AnyView> {
        let something_answers = self.cards.iter().any(|card| !card.invoke.is_empty());
        if self.simulated || !something_answers {
            return None;
        }
        let text = match self.enforces_policies {
            Some(true) => return None,
            Some(false) => "The cluster does not enforce NetworkPolicies: inside it every endpoint can be reached from everywhere.",
            None => {
                "It is not known whether the cluster enforces NetworkPolicies. If it does not, every endpoint can be reached from \
                everywhere inside the cluster."
            }
        };
        Some(view! { <p class="note policies">{text}</p> }.into_any())
    }
}

/// Display name of the environment that the newest deployment was promoted from.
async fn promoted_from(request: &Request, component: &Component, standing: &[Standing], here: &Standing) -> Result<Option<String>, Error> {
    let promoted = here.newest.as_ref().filter(|newest| newest.action == Action::Promote);
    let Some(source) = promoted.and_then(|newest| newest.source_id) else { return Ok(None) };
    let source = deployments::get(&request.app.context, component, source).await?;
    let from = standing.iter().find(|standing| standing.environment.id == source.environment_id);
    Ok(from.map(|standing| standing.environment.display_name.clone()))
}
