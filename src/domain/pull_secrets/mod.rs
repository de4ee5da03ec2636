//! Where a registry's credential lies on data planes: a row for each namespace whose pods may list its Secret. The worker
//! takes a row up before it applies a release; the [`Keeper`] brings every later credential there, repairs what drifted
//! and removes what nothing uses any more. Speaks to no cluster but by the `DataPlane` trait; keeps no credential itself.
//!
//! Worker and keeper may be at the same Secret at once. Whoever applies has marked the row with an owner of its own
//! before; whoever then finds another's mark does not know whose credential lies there now, and makes the row due again.

mod keeper;
mod store;
#[cfg(test)]
mod tests;

use uuid::Uuid;

use self::store::Key;
pub use self::{keeper::Keeper, store::Placed};
use super::{
    Caller, Context,
    clock::Time,
    db::Tx,
    deployments::data_plane::{AppliedObject, PullSecret, Release, secret_name},
    images,
    problem::{Error, Result},
};

/// A row whose owner does not come back is free again after this long: longer than an apply or a removal can take.
const LEASE_SECONDS: i64 = 60;

/// A pull secret on a data plane.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Lying {
    pub namespace: String,
    #[sqlx(flatten)]
    key: Key,
}

impl Lying {
    /// The Secret's name in its namespace.
    pub fn name(&self) -> String {
        secret_name(self.key.registry_id)
    }
}

/// Where a registry's credential lies, by project and environment; at most 200. Nothing of another organization's.
pub async fn of_registry(context: &Context, caller: &Caller, registry_id: Uuid) -> Result<Vec<Placed>> {
    Ok(store::of_registry(&context.db, caller.organization_id, registry_id).await?)
}

/// What the nodes pull with from a registry; `None` if it asks for nothing, or if the nodes have access by themselves.
/// Opens the sealed credential.
pub async fn credential(context: &Context, organization_id: Uuid, registry_id: Uuid) -> Result<Option<PullSecret>> {
    let registry = store::registry(&context.db, organization_id, registry_id).await?.ok_or(Error::NotFound)?;
    secret_of(context, organization_id, registry_id, registry)
}

/// As [`credential`], but with nothing in the password's place: for previews, which send no secret.
pub async fn without_password(context: &Context, organization_id: Uuid, registry_id: Uuid) -> Result<Option<PullSecret>> {
    let registry = store::registry(&context.db, organization_id, registry_id).await?.ok_or(Error::NotFound)?;
    let Some(username) = registry.username.filter(|_| registry.authentication.has_credential()) else { return Ok(None) };
    Ok(Some(PullSecret {
        version: registry.credential_version,
        auth_key: images::auth_key_under(&registry.host, registry.path_prefix.as_deref()),
        username,
        password: String::new().into(),
    }))
}

/// From one reading of the row, so that no password comes with the host of another.
fn secret_of(context: &Context, organization_id: Uuid, registry_id: Uuid, registry: store::RegistryRow) -> Result<Option<PullSecret>> {
    let (Some(username), Some(sealed)) = (registry.username, registry.sealed_password) else { return Ok(None) };
    if !registry.authentication.has_credential() {
        return Ok(None);
    }
    Ok(Some(PullSecret {
        version: registry.credential_version,
        auth_key: images::auth_key_under(&registry.host, registry.path_prefix.as_deref()),
        username,
        password: context.vault.open_sealed(organization_id, registry_id, &sealed)?,
    }))
}

/// Before a release is applied: notes that the pull secret will lie in its namespace, and adds to the release the uid
/// it has there. A release without pull secret is left as it is.
pub(super) async fn take_up(context: &Context, release: &mut Release, owner: Uuid) -> Result<()> {
    if release.pull_secret.is_none() {
        return Ok(());
    }
    let mut tx = context.db.begin().await?;
    let known_uid = store::take_up(&mut tx, release.place.organization_id, Key::of(release), owner, LEASE_SECONDS).await?;
    tx.commit().await?;
    let key = format!("Secret/{}", release.secret_place().name());
    release.known_uids.extend(known_uid.map(|uid| (key, uid)));
    Ok(())
}

/// After a release was applied: notes what lies in its namespace now.
pub(super) async fn note_applied(context: &Context, release: &Release, owner: Uuid, objects: &[AppliedObject]) -> Result<()> {
    let name = release.secret_place().name();
    let secret = objects.iter().find(|object| object.kind == "Secret" && object.name == name);
    let (Some(pull), Some(secret)) = (&release.pull_secret, secret) else { return Ok(()) };
    let outcome = store::Outcome { uid: Some(secret.uid.clone()), version: pull.version, applied_at: Some(context.now()) };
    note(context, Key::of(release), owner, &outcome).await
}

/// After a release could not be applied: the keeper may look what lies there now.
pub(super) async fn let_go(context: &Context, release: &Release, owner: Uuid) -> Result<()> {
    if release.pull_secret.is_none() {
        return Ok(());
    }
    let mut tx = context.db.begin().await?;
    store::hand_back(&mut tx, Key::of(release), owner).await?;
    Ok(tx.commit().await?)
}

/// In the transaction that ends a deployment: has the keeper look at once at what lost its last use by it.
pub(super) async fn uses_ended(tx: &mut Tx, project_id: Uuid, environment_id: Uuid) -> Result<()> {
    Ok(store::make_unused_due(tx, project_id, environment_id).await?)
}

/// Where a Secret lies that only one component uses: it would stay there if the component were forgotten.
pub(super) async fn only_used_by(context: &Context, caller: &Caller, component_id: Uuid) -> Result<Vec<Lying>> {
    Ok(store::only_used_by(&context.db, caller.organization_id, component_id).await?)
}

/// In the transaction that forgets a component, after its rows are gone: nobody will remove these any more.
pub(super) async fn forget(tx: &mut Tx, secrets: &[Lying]) -> Result<()> {
    for secret in secrets {
        store::forget(tx, secret.key).await?;
    }
    Ok(())
}

/// Notes what lies there now; if somebody else was at it meanwhile, that nobody knows.
async fn note(context: &Context, key: Key, owner: Uuid, outcome: &store::Outcome) -> Result<()> {
    let mut tx = context.db.begin().await?;
    if !store::note(&mut tx, key, owner, outcome, keep_again_in(context)).await? {
        store::make_due(&mut tx, key).await?;
    }
    Ok(tx.commit().await?)
}

/// Seconds until a secret is looked at without cause: ten to twelve minutes, so that those of one moment spread out.
fn keep_again_in(context: &Context) -> i64 {
    let mut random = [0];
    context.entropy.fill(&mut random);
    600 + i64::from(random[0]) % 120
}

impl Key {
    fn of(release: &Release) -> Self {
        Self { registry_id: release.registry_id, project_id: release.place.project_id, environment_id: release.place.environment_id }
    }
}
