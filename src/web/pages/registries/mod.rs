//! Settings > Credentials > Container Registries: the list, a new registry, one registry, and the panels that change it.
//! Forms that may carry a file are answered by `web::registries`; what needs no form is a server function here.

mod actions;
mod add;
mod edit;
pub(super) mod expiry;
mod fields;
mod list;
mod nodes;
mod outcome;
mod places;
mod secret;
mod show;
mod vendors;

use leptos::prelude::*;
use uuid::Uuid;

pub(in crate::web) use self::outcome::{Attempt, Failure, tried};
pub(super) use self::{add::new, edit::edit, list::list, secret::secret, show::show};
use crate::{
    domain::{Caller, people, problem::Error},
    web::{guard::Person, request::Request, security::origin},
};

/// Which form of the page a [`crate::web::form::FormState`] is.
pub(in crate::web) const REGISTRY_FORM: &str = "registry";
pub(in crate::web) const SECRET_FORM: &str = "registry_secret";
const DELETE_FORM: &str = "delete_registry";

/// Where the outcome of Test connection stands.
pub(in crate::web) const OUTCOME_ID: &str = "outcome";

/// The caller of a form, which names the organization in its body.
pub(in crate::web) async fn caller_in(request: &Request, organization: &str) -> Result<Caller, Error> {
    let person = request.parts.extensions.get::<Person>().ok_or(Error::Forbidden)?;
    people::caller(&request.app.context, person.id, organization, origin(&request.parts.extensions)).await
}

/// An id from a path or a form; what is none is not found.
pub(in crate::web) fn registry_id(text: &str) -> Result<Uuid, Error> {
    Uuid::parse_str(text).map_err(|_| Error::NotFound)
}

/// An action that a person may not take: in its place, with the reason.
fn forbidden_action(label: &'static str, reason: &'static str) -> AnyView {
    view! {
        <div class="forbidden">
            <button type="button" class="button" disabled=true aria-describedby="only-admins">{label}</button>
            <small id="only-admins">{reason}</small>
        </div>
    }
    .into_any()
}
