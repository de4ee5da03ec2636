//! Looking at one image, and what of it is kept: a list of tags does not tell when an image was built.

use jiff::{Timestamp, civil::date, tz::TimeZone};
use uuid::Uuid;

use super::{
    super::client::{ImageFacts, RegistryProblem},
    store,
};
use crate::domain::{Caller, Context, clock::Time, images::ImageReference, problem::Result};

/// Looks at an image with a registry's credential and keeps when the tag's image was built. The image must be one that the
/// registry serves (`components::same_host`). Errors as [`tags`](super::tags).
pub async fn inspect(
    context: &Context,
    caller: &Caller,
    registry_id: Uuid,
    image: &ImageReference,
) -> Result<Result<ImageFacts, RegistryProblem>> {
    let access = super::super::access(context, caller.organization_id, registry_id).await?;
    let facts = match context.registry_client.inspect(&access, image, &[]).await {
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
            built_at: facts.created.as_deref().and_then(|created| built_at(created, now)),
            inspected_at: now,
        };
        let mut tx = context.db.begin().await?;
        store::note(&mut tx, &row).await?;
        tx.commit().await?;
    }
    Ok(Ok(facts))
}

/// When an image says it was built. Tools that build the same bytes every time write a day before there were images, and a
/// clock may be wrong: such times say nothing.
fn built_at(created: &str, now: Time) -> Option<Time> {
    let first_images = date(2013, 1, 1).to_zoned(TimeZone::UTC).ok()?.timestamp();
    let built: Timestamp = created.trim().parse().ok()?;
    let built = (built >= first_images).then(|| Time(built.as_microsecond()))?;
    (built <= now).then_some(built)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_says_nothing_is_not_kept() {
        let now = Time("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap().as_microsecond());
        let built = |created: &str| built_at(created, now).map(Time::rfc3339);
        assert_eq!(built("2026-11-20T08:30:00.123456789+02:00").as_deref(), Some("2026-11-20T06:30:00Z"));
        assert_eq!(built(" 2013-01-01T00:00:00Z ").as_deref(), Some("2013-01-01T00:00:00Z"));
        for nothing in ["", "yesterday", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1980-01-01T00:00:01Z", "2026-11-23T12:00:01Z"] {
            assert_eq!(built(nothing), None, "{nothing:?}");
        }
    }
}
