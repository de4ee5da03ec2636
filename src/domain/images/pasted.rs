//! What people paste where an image reference is asked for: addresses of web pages, pull commands.
//! Only finds the reference in it and notes what was left out; parsing the reference is for `reference`.

use std::borrow::Cow;

use super::{
    docker_hub::{DOCKER_HUB, DOCKER_HUB_SITE},
    grammar::problem,
    host,
};
use crate::domain::problem::Problem;

/// The reference in a trimmed text; the text itself where nothing was recognized.
pub(super) fn reference<'a>(text: &'a str, notes: &mut Vec<String>) -> Result<Cow<'a, str>, Problem> {
    let text = without_command(text, notes);
    let (text, is_url) = without_scheme(text, notes);
    let (site, path) = text.split_once('/').unwrap_or((text, ""));
    let page = Page { path: path.split('/').collect() };
    let image = match site.to_ascii_lowercase().as_str() {
        DOCKER_HUB_SITE => page.on_docker_hub(),
        "quay.io" if is_url => page.on_quay(),
        "github.com" if is_url => page.on_github(),
        _ => return Ok(text.into()),
    };
    let Some(image) = image else {
        return Err(not_an_image(site));
    };
    if image != text {
        notes.push(format!("The address of a web page was read as the image {image}."));
    }
    Ok(image.into())
}

/// The argument of `docker pull` and its like: with or without prompt, `sudo` and options.
fn without_command<'a>(text: &'a str, notes: &mut Vec<String>) -> &'a str {
    let mut words = text.split_whitespace().skip_while(|word| matches!(*word, "$" | "#" | "sudo")).peekable();
    if !words.next().is_some_and(|word| matches!(word, "docker" | "podman" | "nerdctl" | "crictl")) {
        return text;
    }
    words.next_if_eq(&"image");
    // Options stand before the image, so whatever they are, the image is the last word.
    match (words.next(), words.last()) {
        (Some("pull"), Some(image)) => {
            notes.push("Only the image was taken from the command.".into());
            image
        }
        _ => text,
    }
}

/// Drops the scheme, and with it query, fragment and slashes at the end. Says whether there was one.
fn without_scheme<'a>(text: &'a str, notes: &mut Vec<String>) -> (&'a str, bool) {
    match text.split_once("://") {
        Some((scheme, rest)) if host::is_known_scheme(scheme) => {
            notes.push(format!("An image reference has no scheme: {scheme}:// was left out."));
            let end = rest.find(['?', '#']).unwrap_or(rest.len());
            (rest[..end].trim_end_matches('/'), true)
        }
        _ => (text, false),
    }
}

/// A page of a site that shows images.
struct Page<'a> {
    /// Parts of the page's path.
    path: Vec<&'a str>,
}

impl Page<'_> {
    /// `/_/nginx`, `/r/owner/name/tags`, `/repository/docker/owner/name`, `/layers/owner/name/tag/...`
    fn on_docker_hub(&self) -> Option<String> {
        match self.path.as_slice() {
            ["_", name, ..] => Some(format!("{DOCKER_HUB}/library/{name}")),
            ["layers", owner, name, tag, ..] => Some(format!("{DOCKER_HUB}/{owner}/{name}:{tag}")),
            ["r" | "layers", owner, name, ..] | ["repository", "docker", owner, name, ..] => Some(format!("{DOCKER_HUB}/{owner}/{name}")),
            _ => None,
        }
    }

    /// `/repository/owner/name`; anything else is a reference with a scheme before it.
    fn on_quay(&self) -> Option<String> {
        match self.path.as_slice() {
            ["repository", owner, name, ..] => Some(format!("quay.io/{owner}/{name}")),
            path => Some(format!("quay.io/{}", path.join("/"))),
        }
    }

    /// `/owner/repository/pkgs/container/name`, `/orgs/owner/packages/container/package/name`
    fn on_github(&self) -> Option<String> {
        match self.path.as_slice() {
            [owner, _, "pkgs", "container", name, ..] | ["orgs" | "users", owner, "packages", "container", "package", name, ..] => {
                Some(format!("ghcr.io/{}/{name}", owner.to_ascii_lowercase()))
            }
            _ => None,
        }
    }
}

fn not_an_image(site: &str) -> Problem {
    problem(
        "image_host_invalid",
        format!(
            "This page of {site} does not name an image. Write host/repository:tag, such as \
             docker.io/acme/greeter:1.8.2 or ghcr.io/acme/greeter:1.8.2."
        ),
    )
}
