//! Edit: everything of a registry but, where it may stay, its secret.

use leptos::prelude::*;

use super::{
    REGISTRY_FORM,
    fields::Fields,
    show::{Shown, whole},
};
use crate::{
    domain::registries::{Authentication, Registry},
    web::{
        form::FormState,
        parts::{Panel, ProblemSummary},
        paths,
    },
};

/// The registry's page with the panel open.
pub(in crate::web::pages) fn edit() -> AnyView {
    whole(Shown::Edit)
}

pub(super) fn panel(organization: &str, registry: &Registry, came_back: Option<FormState>) -> Panel {
    let form = came_back.filter(|form| form.form == REGISTRY_FORM).unwrap_or_else(|| filled(registry));
    let fields =
        Fields { form: &form, vendor: registry.vendor, authentications: offered(registry), keeps_secret_of: Some(registry.authentication) };
    let close = paths::registry(organization, registry.id);
    let content = view! {
        <form method="post" action=paths::EDIT_REGISTRY enctype="multipart/form-data" class="panel-form">
            <div class="panel-body">
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Save"</button>
                <ProblemSummary problems=form.problems.clone()/>
                <input type="hidden" name="organization" value=organization.to_owned()/>
                <input type="hidden" name="registry" value=registry.id.to_string()/>
                // The present one, also where a form came back because it was stale: what is behind the panel was seen.
                <input type="hidden" name="revision" value=registry.revision.to_string()/>
                <input type="hidden" name="vendor" value=registry.vendor.as_str()/>
                {fields.display_name()}
                {fields.authentication()}
                {fields.host()}
                {fields.login()}
                {fields.docker_config()}
                {fields.expires_on()}
                {fields.test_repository()}
                {fields.advanced()}
            </div>
            <footer><a class="button" href=close.clone() data-esc="">"Cancel"</a><button class="button main">"Save"</button></footer>
        </form>
    };
    Panel { title: format!("Edit {}", registry.display_name), close, roomy: false, content: content.into_any() }
}

/// The form as the registry is.
fn filled(registry: &Registry) -> FormState {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    FormState::typed(
        REGISTRY_FORM,
        [
            ("display_name", registry.display_name.clone()),
            ("authentication", registry.authentication.as_str().into()),
            ("host", registry.host.clone()),
            ("username", text(&registry.username)),
            ("expires_on", registry.expires_on()),
            ("test_repository", text(&registry.test_repository)),
            ("ca_certificates", text(&registry.ca_certificates)),
        ],
    )
}

/// What suits the vendor, and what the registry has.
fn offered(registry: &Registry) -> Vec<Authentication> {
    let mut offered = registry.vendor.authentications().to_vec();
    if !offered.contains(&registry.authentication) {
        offered.push(registry.authentication);
    }
    offered
}
