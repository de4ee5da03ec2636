//! Replace secret: a new password, token or Docker config for a registry that stays what it is.

use leptos::prelude::*;

use super::{
    SECRET_FORM,
    fields::expires_on,
    show::{Shown, whole},
};
use crate::{
    domain::registries::{Authentication, Guidance, Registry, guidance},
    web::{
        form::FormState,
        parts::{FileField, Panel, PasswordField, ProblemSummary, TextArea, TextField},
        paths,
    },
};

/// The registry's page with the panel open.
pub(in crate::web::pages) fn secret() -> AnyView {
    whole(Shown::Secret)
}

pub(super) fn panel(organization: &str, registry: &Registry, came_back: Option<FormState>) -> Panel {
    if !registry.authentication.has_credential() {
        return without_secret(organization, registry);
    }
    let form = came_back.filter(|form| form.form == SECRET_FORM).unwrap_or_default();
    let close = paths::registry(organization, registry.id);
    let fields = match registry.authentication {
        Authentication::DockerConfig => docker_config(registry, &form),
        _ => login(registry, &form),
    };
    let content = view! {
        <form method="post" action=paths::REPLACE_SECRET enctype="multipart/form-data" class="panel-form">
            <div class="panel-body">
                <ProblemSummary problems=form.problems.clone()/>
                <input type="hidden" name="organization" value=organization.to_owned()/>
                <input type="hidden" name="registry" value=registry.id.to_string()/>
                <p class="note">"Every namespace that uses it gets the new secret at once; nothing restarts."</p>
                {fields}
                {expires_on(&form)}
            </div>
            <footer><a class="button" href=close.clone() data-esc="">"Cancel"</a><button class="button main">"Replace secret"</button></footer>
        </form>
    };
    Panel { title: format!("Replace the secret of {}", registry.display_name), close, roomy: false, content: content.into_any() }
}

/// A link may have been kept from before the registry's type was changed.
fn without_secret(organization: &str, registry: &Registry) -> Panel {
    let (close, edit) = (paths::registry(organization, registry.id), paths::edit_registry(organization, registry.id));
    let text = format!("{} is of type {}: it has no secret. ", registry.display_name, registry.authentication.label());
    let content = view! {
        <div class="panel-body">
            <p class="note">{text}<a href=edit>"Change its type"</a></p>
        </div>
    };
    Panel { title: "Replace secret".into(), close, roomy: false, content: content.into_any() }
}

fn login(registry: &Registry, form: &FormState) -> AnyView {
    let Guidance { password_help, .. } = guidance(registry.vendor, Authentication::Basic);
    let username = form.get("username").or(registry.username.as_deref()).unwrap_or_default();
    view! {
        <TextField name="username" label="Username" value=username problem=form.problem("username") mono=true/>
        <PasswordField name="password" label="Password or token" problem=form.problem("password") autocomplete="new-password" help=password_help/>
    }
    .into_any()
}

fn docker_config(registry: &Registry, form: &FormState) -> AnyView {
    let help = format!("One entry under auths, for {}. Never shown again once it is saved.", registry.host);
    view! {
        <TextArea name="docker_config" label="Docker config (JSON)" value="" problem=form.problem("docker_config") rows=8 mono=true help=help/>
        <FileField name="docker_config_file" label="Or choose the file" accept=".json,application/json" help="Usually ~/.docker/config.json."/>
    }
    .into_any()
}
