//! What was deployed of a component: how it stands in every environment, and its history, narrowed to what a person looks
//! for. Reads only.

use uuid::Uuid;

use super::{Action, Deployment, history_store as store};
use crate::domain::{
    Caller, Context,
    components::Component,
    organizations::{self, Environment},
    problem::Result,
};

/// How a component stands in an environment.
#[derive(Clone, Debug)]
pub struct Standing {
    pub environment: Environment,
    /// The newest deployment, however it ended.
    pub newest: Option<Deployment>,
    /// The one that is Active.
    pub current: Option<Deployment>,
}

/// One for each environment, in the order of promotion.
pub async fn standing(context: &Context, caller: &Caller, component: &Component) -> Result<Vec<Standing>> {
    let environments = organizations::environments(context, caller).await?;
    // Newest first, and of each environment at most two: the newest, and the one that is Active.
    let rows = store::standing(&context.db, component.organization_id, component.id).await?;
    let stands = |environment: Environment| {
        let mut here = rows.iter().filter(|row| row.environment_id == environment.id);
        let newest = here.next().cloned();
        let current = newest.iter().chain(here).find(|row| row.is_active()).cloned();
        Standing { environment, newest, current }
    };
    Ok(environments.into_iter().map(stands).collect())
}

/// What a history is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Name of the environment; empty: all of them.
    pub environment: String,
    pub state: Option<StateFilter>,
    pub action: Option<Action>,
    /// Part of the e-mail address of who ordered it, whatever its case; empty: everybody.
    pub by: String,
}

/// What a history can be narrowed to by state, in the words of badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateFilter {
    Deploying,
    Active,
    Failed,
    Stopped,
    Replaced,
    Superseded,
    Cancelled,
}

impl StateFilter {
    pub const ALL: [Self; 7] =
        [Self::Deploying, Self::Active, Self::Failed, Self::Stopped, Self::Replaced, Self::Superseded, Self::Cancelled];

    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploying => "deploying",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
            Self::Replaced => "replaced",
            Self::Superseded => "superseded",
            Self::Cancelled => "cancelled",
        }
    }

    /// The words on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deploying => "Queued or deploying",
            Self::Active => "Active",
            Self::Failed => "Failed",
            Self::Stopped => "Stopped",
            Self::Replaced => "Replaced",
            Self::Superseded => "Superseded",
            Self::Cancelled => "Cancelled",
        }
    }
}

impl TryFrom<String> for StateFilter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(text)
    }
}

/// A page of a component's deployments that the filter lets through, newest first, before the one named (exclusive). One row
/// more than [`super::PAGE`] tells that there is another page.
pub async fn filtered(context: &Context, component: &Component, filter: &Filter, before: Option<Uuid>) -> Result<Vec<Deployment>> {
    if *filter == Filter::default() {
        return super::history(context, component, before).await;
    }
    let before = before.unwrap_or(Uuid::max());
    Ok(store::filtered(&context.db, component.organization_id, component.id, before, filter).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{deployments::State, testing::Shop},
        execute,
    };

    async fn set_state(shop: &Shop, id: Uuid, state: State) {
        let mut tx = shop.context().db.begin().await.unwrap();
        execute!(tx, "UPDATE deployments SET state = $2 WHERE id = $1", id, state.as_str()).unwrap();
        tx.commit().await.unwrap();
    }

    #[tokio::test]
    async fn every_environment_tells_its_newest_deployment_and_the_one_that_is_active() {
        let shop = Shop::open().await;
        let stands = async || standing(shop.context(), &shop.caller, &shop.component).await.unwrap();
        assert!(stands().await.iter().all(|standing| standing.newest.is_none() && standing.current.is_none()));
        let first = shop.deploy("1.0").await;
        set_state(&shop, first.id, State::Active).await;
        let second = shop.deploy("1.1").await;
        set_state(&shop, second.id, State::Failed).await;
        let elsewhere = shop.deploy_to(&shop.component, &shop.production, "1.0").await;
        let [development, production] = stands().await.try_into().unwrap();
        let id = |deployment: &Option<Deployment>| deployment.as_ref().map(|deployment| deployment.id);
        assert_eq!((id(&development.newest), id(&development.current)), (Some(second.id), Some(first.id)));
        assert_eq!((id(&production.newest), id(&production.current)), (Some(elsewhere.id), None));
        set_state(&shop, elsewhere.id, State::Active).await;
        let [_, production] = stands().await.try_into().unwrap();
        assert_eq!((id(&production.newest), id(&production.current)), (Some(elsewhere.id), Some(elsewhere.id)));
    }

    #[tokio::test]
    async fn another_organization_sees_nothing_of_it() {
        let shop = Shop::open().await;
        shop.deploy("1.0").await;
        let other = shop.bed.other_organization(&shop.caller).await;
        let theirs = Component { organization_id: other.organization_id, ..shop.component.clone() };
        let found = standing(shop.context(), &other, &theirs).await.unwrap();
        assert!(found.iter().all(|standing| standing.newest.is_none()), "{found:?}");
        let filter = Filter { by: "ada".into(), ..Filter::default() };
        assert!(filtered(shop.context(), &theirs, &filter, None).await.unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_history_is_narrowed_by_environment_state_action_and_person() {
        let shop = Shop::open().await;
        let failed = shop.deploy("1.0").await.id;
        set_state(&shop, failed, State::Failed).await;
        let stopped = shop.deploy("1.1").await.id;
        set_state(&shop, stopped, State::Active).await;
        let open = shop.deploy_to(&shop.component, &shop.production, "1.1").await.id;
        let mut tx = shop.context().db.begin().await.unwrap();
        execute!(tx, "UPDATE deployments SET action = 'stop', replicas = 0, created_by = 'Bo_b@example.com' WHERE id = $1", stopped)
            .unwrap();
        tx.commit().await.unwrap();
        let found = async |filter: Filter| {
            let rows = filtered(shop.context(), &shop.component, &filter, None).await.unwrap();
            rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
        };
        let all = Filter::default;
        let of = |state| Filter { state: Some(state), ..all() };
        assert_eq!(found(all()).await, [open, stopped, failed]);
        assert_eq!(found(Filter { environment: "development".into(), ..all() }).await, [stopped, failed]);
        assert!(found(Filter { environment: "nowhere".into(), ..all() }).await.is_empty());
        assert_eq!(found(of(StateFilter::Deploying)).await, [open]);
        assert_eq!(found(of(StateFilter::Failed)).await, [failed]);
        assert_eq!(found(of(StateFilter::Stopped)).await, [stopped], "Active without replicas is what a badge calls Stopped");
        assert!(found(of(StateFilter::Active)).await.is_empty());
        assert_eq!(found(Filter { action: Some(Action::Stop), ..all() }).await, [stopped]);
        assert_eq!(found(Filter { by: " BO_B@".into(), ..all() }).await, [stopped]);
        assert!(found(Filter { by: "ad%a".into(), ..all() }).await.is_empty(), "what is typed is no pattern");
        let next = filtered(shop.context(), &shop.component, &Filter { environment: "development".into(), ..all() }, Some(stopped)).await;
        assert_eq!(next.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [failed], "pages keep the filter");
    }
}
