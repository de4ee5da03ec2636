//! A registry that is always there and has every image, so that a bench needs no network.

use async_trait::async_trait;
use slipway::domain::{
    images::ImageReference,
    registries::client::{Access, CheckReport, ImageFacts, RegistryClient, RegistryProblem, SignIn, TagList},
};

/// Every repository has this many tags.
pub const TAGS: usize = 10_000;

pub struct EveryImage;

#[async_trait]
impl RegistryClient for EveryImage {
    async fn check(&self, _: &Access, _: Option<&str>) -> Result<CheckReport, RegistryProblem> {
        Ok(CheckReport { sign_in: SignIn::Anonymous, may_pull: false, pulls: None })
    }

    /// In the order of registries, which is that of the letters.
    async fn tags(&self, _: &Access, _: &str, _: usize) -> Result<TagList, RegistryProblem> {
        let mut tags: Vec<_> = (0..TAGS).map(|number| format!("1.{}.{}", number / 100, number % 100)).collect();
        tags.sort();
        Ok(TagList { tags, complete: true })
    }

    async fn resolve(&self, _: &Access, _: &ImageReference) -> Result<String, RegistryProblem> {
        Ok(format!("sha256:{}", "0a".repeat(32)))
    }

    async fn inspect(&self, _: &Access, image: &ImageReference, _: &[String]) -> Result<ImageFacts, RegistryProblem> {
        Err(RegistryProblem::ImageNotFound { image: image.to_string() })
    }
}
