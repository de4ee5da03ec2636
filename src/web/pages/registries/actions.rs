//! Test connection and Delete of a saved registry.

use leptos::prelude::*;

use super::{DELETE_FORM, caller_in, registry_id};
use crate::{
    domain::{
        problem::{Error, Problems},
        registries::{self, Registry},
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        paths,
        request::Request,
    },
};

#[server(prefix = "/do", endpoint = "check_registry")]
pub async fn check_registry(#[server(default)] organization: String, #[server(default)] registry: String) -> Result<(), Refusal> {
    let outcome = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let id = registry_id(&registry)?;
        match registries::check(&request.app.context, &caller, id).await? {
            Ok(_) => Ok(Done {
                path: paths::registry(&organization, id),
                notice: "The connection works: the registry answers and refused nothing.".into(),
            }),
            Err(problem) => Err(Error::Conflict { code: problem.code(), message: problem.sentence() }),
        }
    };
    answer(outcome.await, FormState::default(), &page_of(&organization, &registry)).await
}

/// `confirm` is the registry's name as the person typed it: a deletion can't be undone.
#[server(prefix = "/do", endpoint = "delete_registry")]
pub async fn delete_registry(
    #[server(default)] organization: String,
    #[server(default)] registry: String,
    #[server(default)] confirm: String,
) -> Result<(), Refusal> {
    let form = FormState::typed(DELETE_FORM, [("confirm", &confirm)]);
    let outcome = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let found = registries::get(&request.app.context, &caller, registry_id(&registry)?).await?;
        caller.must_be_admin()?;
        check_name(&found, &confirm)?;
        let deleted = registries::delete(&request.app.context, &caller, found.id).await?;
        Ok(Done { path: paths::registries(&organization), notice: format!("{} was deleted.", deleted.display_name) })
    };
    answer(outcome.await, form, &page_of(&organization, &registry)).await
}

/// A registry in use is refused whatever was typed, and by the domain.
fn check_name(registry: &Registry, confirm: &str) -> Result<(), Problems> {
    if registry.components > 0 || confirm.trim() == registry.display_name {
        return Ok(());
    }
    let message = format!("Type {} to confirm: a deleted registry does not come back.", registry.display_name);
    Err(Problems::one("confirm", "not_confirmed", message))
}

fn page_of(organization: &str, registry: &str) -> String {
    registry_id(registry).map_or_else(|_| paths::registries(organization), |id| paths::registry(organization, id))
}
