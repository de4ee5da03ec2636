//! What people paste where an image reference is asked for: addresses of web pages, commands, quotation marks around it.
//! Only finds the reference in it and notes what was left out; parsing the reference is for `reference`.

use std::borrow::Cow;

use super::{
    command,
    docker_hub::{DOCKER_HUB, DOCKER_HUB_FORMER_SITE, DOCKER_HUB_SITE},
    grammar::problem,
    host,
};
use crate::domain::problem::Problem;

/// Quotation marks that stand around an image in a text or a shell.
const QUOTES: [(char, char); 5] = [('"', '"'), ('\'', '\''), ('`', '`'), ('\u{201c}', '\u{201d}'), ('\u{2018}', '\u{2019}')];

/// The reference in what was typed; the text itself, trimmed, where nothing was recognized.
pub(super) fn reference<'a>(typed: &'a str, notes: &mut Vec<String>) -> Result<Cow<'a, str>, Problem> {
    let text = without_quotes(typed);
    let in_command = command::image(text)?;
    let image = in_command.map_or(text, without_quotes);
    if text != typed.trim() || in_command.is_some_and(|word| word != image) {
        notes.push("The quotation marks around the image were left out.".into());
    }
    if in_command.is_some() {
        notes.push("Only the image was taken from the command.".into());
    }
    of_address(image, notes)
}

/// The text within its quotation marks, without space around it.
fn without_quotes(text: &str) -> &str {
    let text = text.trim();
    let within = |(open, close)| text.strip_prefix(open)?.strip_suffix(close);
    QUOTES.into_iter().find_map(within).map_or(text, without_quotes)
}

/// The reference that an address stands for: of a web page the image that it shows, of any other what follows the scheme.
fn of_address<'a>(text: &'a str, notes: &mut Vec<String>) -> Result<Cow<'a, str>, Problem> {
    let (address, scheme) = without_scheme(text);
    let (site, path) = address.split_once('/').unwrap_or((address, ""));
    let page = Page { path: path.split('/').collect() };
    let image = match site.to_ascii_lowercase().as_str() {
        DOCKER_HUB_SITE => Some(page.on_docker_hub().ok_or_else(|| not_an_image(site))?),
        DOCKER_HUB_FORMER_SITE if page.is_of_former_site() => page.on_docker_hub(),
        "quay.io" if scheme.is_some() => page.on_quay(),
        "github.com" if scheme.is_some() => Some(page.on_github().ok_or_else(|| not_an_image(site))?),
        _ => None,
    };
    if let Some(image) = image {
        notes.push(format!("The address of a web page was read as the image {image}."));
        return Ok(image.into());
    }
    notes.extend(scheme.map(|scheme| format!("An image reference has no scheme: {scheme}:// was left out.")));
    Ok(address.into())
}

/// Drops the scheme, and with it query, fragment and slashes at the end. Tells which it was.
fn without_scheme(text: &str) -> (&str, Option<&str>) {
    match text.split_once("://") {
        Some((scheme, rest)) if host::is_known_scheme(scheme) => {
            let end = rest.find(['?', '#']).unwrap_or(rest.len());
            (rest[..end].trim_end_matches('/'), Some(scheme))
        }
        _ => (text, None),
    }
}

/// A page of a site that shows images.
struct Page<'a> {
    /// Parts of the page's path.
    path: Vec<&'a str>,
}

impl Page<'_> {
    /// `/_/nginx`, `/r/owner/name/tags`, `/repository/docker/owner/name`, `/layers/owner/name/tag/...`; of the last one, links
    /// from before 2023 have the name in front as well.
    fn on_docker_hub(&self) -> Option<String> {
        match self.path.as_slice() {
            ["_", name, ..] => Some(format!("{DOCKER_HUB}/library/{name}")),
            ["layers", first, owner, name, tag, "images", ..] if first == name => Some(format!("{DOCKER_HUB}/{owner}/{name}:{tag}")),
            ["layers", owner, name, tag, ..] => Some(format!("{DOCKER_HUB}/{owner}/{name}:{tag}")),
            ["r" | "layers", owner, name, ..] | ["repository", "docker", owner, name, ..] => Some(format!("{DOCKER_HUB}/{owner}/{name}")),
            _ => None,
        }
    }

    /// Whether it is a page of Docker Hub rather than a repository that is named by the same host.
    fn is_of_former_site(&self) -> bool {
        matches!(self.path.as_slice(), ["_", ..] | ["r", _, _, ..])
    }

    /// `/repository/owner/name`; anything else is a reference with a scheme before it.
    fn on_quay(&self) -> Option<String> {
        match self.path.as_slice() {
            ["repository", owner, name, ..] => Some(format!("quay.io/{owner}/{name}")),
            _ => None,
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
