//! Which verbs are allowed in an environment, by what stands there: one table for buttons, server functions and the API.

use super::{Deployment, State};
use crate::domain::components::{Component, Kind};

/// What a person can do with an environment of a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Promote,
    Redeploy,
    RollBack,
    Stop,
    Start,
    Cancel,
    TakeOver,
}

/// Whether a verb is allowed now, or why not: one sentence for the button.
pub type Permitted = Result<(), &'static str>;

/// The table. `newest` is the newest deployment of the environment, `current` the one that is Active there.
pub fn permitted(verb: Verb, component: &Component, newest: Option<&Deployment>, current: Option<&Deployment>) -> Permitted {
    if component.deletion_asked_at.is_some() {
        return Err("The component is being deleted.");
    }
    let is_open = newest.is_some_and(|newest| newest.state.is_open());
    let is_stopped = current.is_some_and(|current| current.replicas == 0);
    match verb {
        Verb::Cancel if is_open => Ok(()),
        Verb::Cancel => Err("Nothing is on its way here."),
        Verb::TakeOver if newest.is_some_and(is_field_conflict) => Ok(()),
        Verb::TakeOver => Err("No other manager owns fields of what was deployed last."),
        _ if current.is_none() => Err("Nothing runs here yet."),
        Verb::RollBack => Ok(()),
        Verb::Promote if is_stopped => Err("It is stopped here; start it first."),
        Verb::Promote => Ok(()),
        _ if is_open => Err("A deployment is on its way here; wait for its end, or cancel it."),
        Verb::Stop if component.kind() == Kind::ManualTask => Err("A Manual Task runs only when somebody starts it."),
        Verb::Stop if is_stopped => Err("It is stopped already."),
        Verb::Redeploy if is_stopped => Err("It is stopped; start it instead."),
        Verb::Start if !is_stopped => Err("It is not stopped."),
        Verb::Stop | Verb::Redeploy | Verb::Start => Ok(()),
    }
}

fn is_field_conflict(deployment: &Deployment) -> bool {
    deployment.state == State::Failed && deployment.problem_code.as_deref() == Some("field_conflict")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::Shop;

    const VERBS: [Verb; 7] = [Verb::Promote, Verb::Redeploy, Verb::RollBack, Verb::Stop, Verb::Start, Verb::Cancel, Verb::TakeOver];

    /// The verbs that are allowed.
    fn allowed(component: &Component, newest: Option<&Deployment>, current: Option<&Deployment>) -> Vec<Verb> {
        VERBS.into_iter().filter(|verb| permitted(*verb, component, newest, current).is_ok()).collect()
    }

    async fn deployed(shop: &Shop, state: State) -> Deployment {
        Deployment { state, ..shop.deploy("1.0").await }
    }

    #[tokio::test]
    async fn where_nothing_runs_only_what_is_on_its_way_can_be_ended() {
        let shop = Shop::open().await;
        assert_eq!(allowed(&shop.component, None, None), []);
        let failed = deployed(&shop, State::Failed).await;
        assert_eq!(allowed(&shop.component, Some(&failed), None), []);
        for state in [State::Queued, State::Resolving, State::Applying, State::RollingOut] {
            let open = Deployment { state, ..failed.clone() };
            assert_eq!(allowed(&shop.component, Some(&open), None), [Verb::Cancel], "{state:?}");
        }
    }

    #[tokio::test]
    async fn what_runs_can_be_promoted_while_the_next_one_is_on_its_way() {
        let shop = Shop::open().await;
        let current = deployed(&shop, State::Active).await;
        let at_rest = [Verb::Promote, Verb::Redeploy, Verb::RollBack, Verb::Stop];
        assert_eq!(allowed(&shop.component, Some(&current), Some(&current)), at_rest);
        let open = deployed(&shop, State::RollingOut).await;
        assert_eq!(allowed(&shop.component, Some(&open), Some(&current)), [Verb::Promote, Verb::RollBack, Verb::Cancel]);
        let failed = deployed(&shop, State::Failed).await;
        assert_eq!(allowed(&shop.component, Some(&failed), Some(&current)), at_rest);
    }

    #[tokio::test]
    async fn what_is_stopped_can_be_started_or_rolled_back() {
        let shop = Shop::open().await;
        let stopped = Deployment { replicas: 0, ..deployed(&shop, State::Active).await };
        assert_eq!(allowed(&shop.component, Some(&stopped), Some(&stopped)), [Verb::RollBack, Verb::Start]);
    }

    #[tokio::test]
    async fn a_field_conflict_alone_can_be_taken_over() {
        let shop = Shop::open().await;
        let current = deployed(&shop, State::Active).await;
        let failed = deployed(&shop, State::Failed).await;
        let conflict = Deployment { problem_code: Some("field_conflict".into()), ..failed.clone() };
        let may = |newest: &Deployment, current| permitted(Verb::TakeOver, &shop.component, Some(newest), current).is_ok();
        assert!(may(&conflict, Some(&current)) && may(&conflict, None), "a first deployment too");
        assert!(!may(&failed, Some(&current)));
        assert!(!may(&Deployment { state: State::Cancelled, ..conflict }, Some(&current)));
    }

    #[tokio::test]
    async fn a_manual_task_is_not_stopped_and_what_is_being_deleted_is_left_alone() {
        let shop = Shop::open().await;
        let current = deployed(&shop, State::Active).await;
        let task = Component { workload: crate::domain::components::Workload::ManualTask, ..shop.component.clone() };
        assert!(permitted(Verb::Stop, &task, Some(&current), Some(&current)).is_err());
        let leaving = Component { deletion_asked_at: Some(shop.component.created_at), ..shop.component.clone() };
        assert_eq!(allowed(&leaving, Some(&current), Some(&current)), []);
        let open = deployed(&shop, State::Queued).await;
        assert_eq!(allowed(&leaving, Some(&open), Some(&current)), []);
    }
}
