//! Looking at one image, and what of it is kept: a list of tags does not tell when an image was built.

use uuid::Uuid;

use super::{
    super::client::{ImageFacts, RegistryProblem},
    store,
};
use crate::domain::{Caller, Context, images::ImageReference, nodes, problem::Result};

/// Looks at an image with a registry's credential and keeps when the tag's image was built. The image must be one that the
/// registry serves (`components::same_host`). Of an image for several platforms, the one that most nodes have. Errors as [`tags`](super::tags).
pub async fn inspect(
    context: &Context,
    caller: &Caller,
    registry_id: Uuid,
    image: &ImageReference,
) -> Result<Result<ImageFacts, RegistryProblem>> {
    let access = super::super::access(context, caller.organization_id, registry_id).await?;
    let platforms: Vec<String> = nodes::platforms(context).await?.iter().map(ToString::to_string).collect();
    let facts = match context.registry_client.inspect(&access, image, &platforms).await {
        Ok(facts) => facts,
        Err(problem) => return Ok(Err(problem)),
    };
    // Beside a digest a tag may stand for something else by now.
    if let (Some(tag), None) = (image.tag(), image.digest()) {
        let now = context.now();
        let row = store::Inspected {
            organization_id: caller.organization_id,
            registry_id,
            repository: image.repository(),
            tag,
            digest: &facts.digest,
            // A clock may be wrong.
            built_at: facts.created_at().filter(|built| *built <= now),
            inspected_at: now,
        };
        let mut tx = context.db.begin().await?;
        store::note(&mut tx, &row).await?;
        tx.commit().await?;
    }
    Ok(Ok(facts))
}
