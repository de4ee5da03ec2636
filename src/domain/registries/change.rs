//! Changing a registry: its facts ([`edit`]) or its secret alone ([`rotate`]). Either marks the credential as another one
//! than lies on the data planes, by its version; bringing it there is for `pull_secrets` to do.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Authentication, NewRegistry, NewSecret, Registry, Secret, facts, get, name_taken,
    new::Registration,
    record, seal,
    store::{self, Changed},
};
use crate::domain::{
    Caller, Context, audit,
    images::{ImageReference, covers, scope_name},
    problem::{Error, Problems, Result},
};

/// Changes a registry. An empty secret stays what it is, unless the host changes.
pub async fn edit(context: &Context, caller: &Caller, id: Uuid, new: NewRegistry) -> Result<Registry> {
    caller.must_be_admin()?;
    let before = get(context, caller, id).await?;
    if before.revision != new.revision {
        return Err(changed_meanwhile(&before));
    }
    let registration = new.parse(Some(&before), context.now())?;
    refuse_to_move(&before, &registration)?;
    refuse_to_narrow(context, &before, registration.connection.path_prefix.as_deref()).await?;
    let after = before.with(&registration).by(caller, context.now(), is_other_credential(&before, &registration));
    let is_tried_otherwise = after.test_repository != before.test_repository || after.ca_certificates != before.ca_certificates;
    let after = if is_tried_otherwise { after.unchecked() } else { after };
    save(context, caller, &before, after, &registration.connection.secret, "registry.edit").await
}

/// Gives a registry a new secret. What uses it is brought the new one at once, and nothing restarts.
pub async fn rotate(context: &Context, caller: &Caller, id: Uuid, new: NewSecret) -> Result<Registry> {
    caller.must_be_admin()?;
    let before = get(context, caller, id).await?;
    let replacement = new.parse(&before, context.now())?;
    refuse_to_narrow(context, &before, replacement.path_prefix.as_deref()).await?;
    let after = Registry {
        username: replacement.secret.username().map(str::to_owned),
        path_prefix: replacement.path_prefix,
        expires_at: replacement.expires_at,
        ..before.clone()
    };
    let after = after.by(caller, context.now(), true);
    save(context, caller, &before, after, &replacement.secret, "registry.rotate").await
}

/// Writes the row and its audit row. Both databases are asked to refuse a name that is taken.
async fn save(
    context: &Context,
    caller: &Caller,
    before: &Registry,
    after: Registry,
    secret: &Secret,
    action: &'static str,
) -> Result<Registry> {
    let sealed = seal(context, caller, before.id, secret)?;
    let keeps = matches!(secret, Secret::Keep { .. });
    let mut tx = context.db.begin().await?;
    match store::update(&mut tx, before.revision, &after, Changed { sealed, keeps }).await {
        Ok(0) => {
            drop(tx);
            return Err(not_written(context, caller, before, &after).await?);
        }
        Ok(_) => {}
        Err(sqlx::Error::Database(error)) if error.is_unique_violation() => return Err(name_taken(&after.display_name).into()),
        Err(error) => return Err(error.into()),
    }
    let mut detail = audit::differences(&facts(before), &facts(&after));
    if secret.login().is_some() {
        detail.insert("secret".into(), json!("replaced"));
    }
    record(context, &mut tx, caller, action, &after, Value::Object(detail)).await?;
    tx.commit().await?;
    context.changes.signal();
    Ok(after)
}

fn changed_meanwhile(present: &Registry) -> Error {
    Error::Conflict {
        code: "changed_meanwhile",
        message: format!(
            "Somebody else changed {} meanwhile. The page shows it as it is now; what you typed is kept in the form.",
            present.display_name
        ),
    }
}

/// Why the row was not written: somebody changed it, or a component came to use it, which keeps it where it is.
async fn not_written(context: &Context, caller: &Caller, before: &Registry, after: &Registry) -> Result<Error> {
    let present = get(context, caller, before.id).await?;
    let is_moved_away = present.revision == before.revision;
    Ok(if is_moved_away { is_used(&present, after.authentication, &after.host).into() } else { changed_meanwhile(&present) })
}

/// A credential for a narrower path would no longer be found for the images that are there.
async fn refuse_to_narrow(context: &Context, before: &Registry, prefix: Option<&str>) -> Result<()> {
    if prefix.is_none() || prefix == before.path_prefix.as_deref() {
        return Ok(());
    }
    let served = scope_name(&before.host, prefix);
    let is_outside = |image: &str| ImageReference::parse(image).is_ok_and(|image| !covers(&before.host, prefix, &image));
    let images = store::images(&context.db, before.organization_id, before.id).await?;
    if let Some((component, image)) = images.into_iter().find(|(_, image)| is_outside(image)) {
        let message = format!("This login serves only what lies under {served}, but {component} uses {image}.");
        return Err(Problems::one("docker_config", "outside_of_credential", message).into());
    }
    Ok(())
}

/// The images of components name their registry's host: under another one they would no longer be this registry's.
fn refuse_to_move(before: &Registry, after: &Registration) -> Result<(), Problems> {
    let host = &after.connection.host;
    if before.components == 0 || *host == before.host {
        return Ok(());
    }
    Err(is_used(before, after.connection.authentication, host))
}

fn is_used(registry: &Registry, authentication: Authentication, host: &str) -> Problems {
    let field = if authentication == Authentication::DockerConfig { "docker_config" } else { "host" };
    let components = if registry.components == 1 { "1 component".to_owned() } else { format!("{} components", registry.components) };
    let message = format!("The images of {components} are at {}. Add another registry for {host} instead.", registry.host);
    Problems::one(field, "in_use", message)
}

/// Whether data planes need another pull secret than the one they have.
fn is_other_credential(before: &Registry, after: &Registration) -> bool {
    let connection = &after.connection;
    connection.secret.login().is_some()
        || connection.host != before.host
        || connection.authentication != before.authentication
        || connection.path_prefix != before.path_prefix
        || connection.secret.username() != before.username.as_deref()
}
