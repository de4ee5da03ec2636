//! The forms of orders: Promote, Redeploy, Roll back, Stop, Start, Take over these fields, Cancel. Whether one is permitted is
//! for the verbs to say.

use leptos::prelude::*;
use uuid::Uuid;

use crate::{
    domain::{
        Caller,
        components::{self, Component},
        deployments::{self, Deployment, Order},
        organizations::{self, Environment},
        problem::{Error, Problems},
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::registries::caller_in,
        paths,
        request::Request,
    },
};

/// The name under which their forms come back.
pub(super) const FORM: &str = "order";

/// Which environment of which component an order is about, as its form names them.
struct At {
    organization: String,
    project: String,
    component: String,
    environment: String,
}

/// The same, found.
struct Found {
    request: Request,
    caller: Caller,
    component: Component,
    environment: Environment,
}

impl At {
    async fn find(&self) -> Result<Found, Error> {
        let request = Request::current()?;
        let caller = caller_in(&request, &self.organization).await?;
        let context = &request.app.context;
        let project = organizations::project(context, &caller, &self.project).await?;
        let component = components::get(context, &caller, &project, &self.component).await?;
        let environment = organizations::environment(context, &caller, &self.environment).await?;
        Ok(Found { request, caller, component, environment })
    }

    fn deploy_page(&self) -> String {
        paths::deploy(&self.organization, &self.project, &self.component)
    }

    /// Gives an order and answers with the Deploy page; `said` is its notice.
    async fn give(self, order: Result<Order, Error>, said: impl FnOnce(&Found, &Deployment) -> String) -> Result<(), Refusal> {
        let back = self.deploy_page();
        self.give_from(&back, FormState::default(), order, said).await
    }

    /// The same for a form that comes back with its problems, to the page `back`.
    async fn give_from(
        self,
        back: &str,
        form: FormState,
        order: Result<Order, Error>,
        said: impl FnOnce(&Found, &Deployment) -> String,
    ) -> Result<(), Refusal> {
        let outcome: Result<Done, Error> = async {
            let found = self.find().await?;
            let Found { request, caller, component, environment } = &found;
            let queued = deployments::order(&request.app.context, caller, component, environment, order?).await?;
            Ok(Done { path: self.deploy_page(), notice: said(&found, &queued) })
        }
        .await;
        // What can't be corrected in the form is told where the state can be seen.
        let page = self.deploy_page();
        let back = if matches!(outcome, Err(Error::Invalid(_))) { back } else { &page };
        answer(outcome, form, back).await
    }
}

impl Found {
    fn there(&self) -> &str {
        &self.environment.display_name
    }
}

/// The id that a hidden field carries.
fn deployment_id(field: &'static str, text: &str) -> Result<Uuid, Error> {
    Uuid::parse_str(text.trim()).map_err(|_| Problems::one(field, "required", "Choose a deployment of the history.").into())
}

/// What runs in an environment, to the next one.
#[server(prefix = "/do", endpoint = "promote")]
pub async fn promote_release(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
    #[server(default)] source: String,
) -> Result<(), Refusal> {
    let back = paths::order(&organization, &project, &component, &environment, "promote");
    let from = At { organization, project, component, environment };
    let form = FormState::typed(FORM, [("source", &source)]);
    // The form names the environment that it stands on; the order is the next one's.
    let to = match next(&from).await {
        Ok(next) => At { environment: next, ..from },
        Err(error) => {
            let page = from.deploy_page();
            return answer(Err(error), form, &page).await;
        }
    };
    let order = deployment_id("source", &source).map(|source| Order::Promote { source });
    to.give_from(&back, form, order, |found, queued| format!("Promoting {} to {}.", queued.image.familiar(), found.there())).await
}

/// Name of the environment after the one that is named.
async fn next(from: &At) -> Result<String, Error> {
    let Found { request, caller, environment, .. } = from.find().await?;
    let environments = organizations::environments(&request.app.context, &caller).await?;
    let after = environments.into_iter().skip_while(|other| other.id != environment.id).nth(1);
    let last = || Error::Conflict { code: "conflict", message: format!("{} is the last environment.", environment.display_name) };
    Ok(after.ok_or_else(last)?.name)
}

/// What runs in an environment, again.
#[server(prefix = "/do", endpoint = "redeploy")]
pub async fn redeploy_release(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
) -> Result<(), Refusal> {
    let at = At { organization, project, component, environment };
    at.give(Ok(Order::Redeploy), |found, queued| format!("Deploying {} to {} again.", queued.image.familiar(), found.there())).await
}

/// Everything of an earlier deployment.
#[server(prefix = "/do", endpoint = "roll_back")]
pub async fn roll_back_release(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
    #[server(default)] to: String,
    #[server(default)] reason: String,
) -> Result<(), Refusal> {
    let panel = paths::order(&organization, &project, &component, &environment, "roll-back");
    let target = deployment_id("to", &to);
    // Back to the panel of the same deployment; without one, to the choice.
    let back = match &target {
        Ok(id) => paths::with_query(&panel, [("to", id.to_string())]),
        Err(_) => panel,
    };
    let form = FormState::typed(FORM, [("to", &to), ("reason", &reason)]);
    let order = target.map(|to| Order::RollBack { to, reason: reason.trim().to_owned() });
    let at = At { organization, project, component, environment };
    at.give_from(&back, form, order, |found, queued| format!("Rolling {} back to {}.", found.there(), queued.image.familiar())).await
}

/// No replicas; of a Scheduled Task, a suspended schedule.
#[server(prefix = "/do", endpoint = "stop")]
pub async fn stop_release(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
) -> Result<(), Refusal> {
    let at = At { organization, project, component, environment };
    at.give(Ok(Order::Stop), |found, _| format!("Stopping {} in {}.", found.component.display_name, found.there())).await
}

/// What was stopped runs again.
#[server(prefix = "/do", endpoint = "start")]
pub async fn start_release(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
) -> Result<(), Refusal> {
    let at = At { organization, project, component, environment };
    at.give(Ok(Order::Start), |found, _| format!("Starting {} in {}.", found.component.display_name, found.there())).await
}

/// What failed by a field conflict again, and the fields become ours.
#[server(prefix = "/do", endpoint = "take_over")]
pub async fn take_over_fields(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
) -> Result<(), Refusal> {
    let at = At { organization, project, component, environment };
    let said = |found: &Found, queued: &Deployment| {
        format!("Deploying {} to {} again, taking over the fields.", queued.image.familiar(), found.there())
    };
    at.give(Ok(Order::TakeOver), said).await
}

/// Ends what is on its way.
#[server(prefix = "/do", endpoint = "cancel_deployment")]
pub async fn cancel_deployment(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] environment: String,
    #[server(default)] deployment: String,
) -> Result<(), Refusal> {
    let at = At { organization, project, component, environment };
    let form = FormState::typed(FORM, [("deployment", &deployment)]);
    let outcome: Result<Done, Error> = async {
        let found = at.find().await?;
        let id = deployment_id("deployment", &deployment)?;
        let restored = deployments::cancel(&found.request.app.context, &found.caller, &found.component, id).await?;
        let notice = match restored {
            Some(restored) => format!("Cancelled. {} is applied to {} again.", restored.image.familiar(), found.there()),
            None => format!("The deployment to {} was cancelled.", found.there()),
        };
        Ok(Done { path: at.deploy_page(), notice })
    }
    .await;
    answer(outcome, form, &at.deploy_page()).await
}
