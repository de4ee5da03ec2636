//! Images to try, for who has none at hand. They come from the configuration and are shown where a registry serves them.

use leptos::prelude::*;

use super::typed::{ELSEWHERE, HUB};
use crate::{
    config::Sample,
    domain::{
        components::{Kind, same_host},
        images::{ImageReference, is_docker_hub},
        registries::Registry,
    },
    web::paths,
};

/// A sample with the registry that it is pulled from.
pub(super) struct Tile {
    sample: Sample,
    source: &'static str,
    registry: (&'static str, String),
}

/// The samples that the organization's registries serve.
pub(super) fn tiles(samples: &[Sample], registries: &[Registry]) -> Vec<Tile> {
    samples.iter().filter_map(|sample| tile(sample, registries)).collect()
}

fn tile(sample: &Sample, registries: &[Registry]) -> Option<Tile> {
    let (image, _) = ImageReference::parse_noted(&sample.image).ok()?;
    let registry = registries.iter().find(|registry| same_host(image.clone(), registry).is_ok())?;
    let (source, field) = if is_docker_hub(&registry.host) { (HUB, "hub_registry") } else { (ELSEWHERE, "registry") };
    Some(Tile { sample: sample.clone(), source, registry: (field, registry.id.to_string()) })
}

impl Tile {
    /// Leads into the form at this page, filled in.
    pub(super) fn view(self, page: &str) -> AnyView {
        let Sample { name, image, port } = self.sample;
        let port = port.to_string();
        let filled = [
            ("type", Kind::WebApplication.as_str()),
            ("display_name", &name),
            ("source", self.source),
            (self.registry.0, &self.registry.1),
            ("image", &image),
            ("port", &port),
        ];
        let href = paths::with_query(page, filled);
        view! {
            <li class="tile">
                <span class="monogram" aria-hidden="true">{name.chars().next().map(String::from)}</span>
                <a href=href>{name}</a>
                <small class="mono">{image}" · port "{port}</small>
            </li>
        }
        .into_any()
    }
}

/// A sample whose image is none would never be offered: better to say so at the start.
pub(in crate::web) fn check_samples(samples: &[Sample]) -> anyhow::Result<()> {
    for sample in samples {
        if let Err(problem) = ImageReference::parse_noted(&sample.image) {
            anyhow::bail!("SLIPWAY_SAMPLES has the image {:?}: {}", sample.image, problem.message);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::{HOST, Shop};

    fn sample(image: &str) -> Sample {
        Sample { name: "Try".into(), image: image.into(), port: 80 }
    }

    #[test]
    fn a_sample_without_an_image_stops_the_start_by_its_name() {
        check_samples(&[sample("nginx:stable-alpine"), sample("ghcr.io/acme/echo")]).unwrap();
        let sentence = check_samples(&[sample("nginx"), sample("UPPER/case:!")]).unwrap_err().to_string();
        assert!(sentence.starts_with("SLIPWAY_SAMPLES has the image \"UPPER/case:!\": "), "{sentence}");
    }

    #[tokio::test]
    async fn what_no_registry_serves_is_not_offered() {
        let shop = Shop::open().await;
        let own = format!("{HOST}/acme/echo:1");
        let offered = tiles(&[sample("nginx"), sample(&own)], std::slice::from_ref(&shop.registry));
        assert_eq!(offered.iter().map(|tile| tile.sample.image.as_str()).collect::<Vec<_>>(), [own]);
        assert_eq!((offered[0].source, offered[0].registry.0), (ELSEWHERE, "registry"));
    }
}
