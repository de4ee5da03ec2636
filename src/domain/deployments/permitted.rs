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
