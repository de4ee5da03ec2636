//! What of a component an update changes: its image, by tag, URL, another registry, or one that it had before.

use uuid::Uuid;

use super::store;
use crate::domain::{
    Caller, Context,
    components::{Component, same_host},
    images::ImageReference,
    problem::{Problem, Result},
    registries,
};

/// What a new deployment changes; the rest is the component's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Another tag of the component's own repository.
    Tag(String),
    /// Another name, tag or repository at the same registry.
    Url(String),
    /// Any image of another registry of the organization.
    Registry { registry: Uuid, image: String },
    /// The image of an earlier deployment of the component, by its digest.
    Previous(Uuid),
}

/// The image that a change means.
pub(super) struct Chosen {
    pub(super) registry_id: Uuid,
    pub(super) image: ImageReference,
    /// What is known already of where a tag points to.
    pub(super) digest: Option<String>,
    pub(super) previous: Option<Uuid>,
}

pub(super) async fn chosen(context: &Context, caller: &Caller, component: &Component, change: Change) -> Result<Chosen> {
    let (registry_id, image) = match change {
        Change::Tag(tag) => {
            let image = component.image.with_tag(tag.trim());
            (component.registry_id, image.map_err(|problem| Problem { field: "tag".into(), ..problem })?)
        }
        Change::Url(url) => (component.registry_id, parsed(&url)?),
        Change::Registry { registry, image } => (registry, parsed(&image)?),
        Change::Previous(id) => return previous(context, caller, component, id).await,
    };
    let registry = registries::get(context, caller, registry_id).await?;
    let image = same_host(image, &registry)?;
    Ok(Chosen { registry_id, image, digest: None, previous: None })
}

fn parsed(url: &str) -> Result<ImageReference, Problem> {
    ImageReference::parse_noted(url).map(|(image, _)| image).map_err(|problem| Problem { field: "image".into(), ..problem })
}

/// Its registry must still be the organization's: the foreign key keeps it as long as a deployment names it.
async fn previous(context: &Context, caller: &Caller, component: &Component, id: Uuid) -> Result<Chosen> {
    let found = store::find(&context.db, caller.organization_id, component.id, id).await?;
    match found {
        Some(deployment) if deployment.digest.is_some() => {
            Ok(Chosen { registry_id: deployment.registry_id, image: deployment.image, digest: deployment.digest, previous: Some(id) })
        }
        _ => Err(Problem::new("previous", "required", "Choose one of the images that this component had before.").into()),
    }
}
