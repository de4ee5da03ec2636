//! Takes the text of an image reference apart: `[host[:port]/]path[:tag][@digest]`.
//! Says only which piece is which; the grammar of each piece is checked by `host` and `grammar`.

use super::grammar::{is_identifier, problem};
use crate::domain::problem::Problem;

/// The pieces as they were typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pieces<'a> {
    pub(super) host: Option<&'a str>,
    pub(super) path: &'a str,
    pub(super) tag: Option<&'a str>,
    pub(super) digest: Option<&'a str>,
}

/// Longest text that is looked at, in bytes: more than the longest name, tag and digest together.
const TEXT_MAX: usize = 1024;

/// Splits a trimmed text, and refuses what is no image reference as a whole.
pub(super) fn split(text: &str) -> Result<Pieces<'_>, Problem> {
    refuse_at_once(text)?;
    let (name, digest) = cut(text, '@');
    let (host, remainder) = match name.split_once('/') {
        Some((first, remainder)) if is_host(first) => (Some(first), remainder),
        _ => (None, name),
    };
    let (path, tag) = cut(remainder, ':');
    let pieces = Pieces { host, path, tag, digest };
    refuse_without_name(&pieces)?;
    Ok(pieces)
}

/// What stands before the mark, and what stands after it if it is there.
fn cut(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// Whether the part before the first slash is a host: Docker's rule.
pub(super) fn is_host(first: &str) -> bool {
    first == "localhost" || first.contains(['.', ':']) || first.chars().any(char::is_uppercase)
}

fn refuse_at_once(text: &str) -> Result<(), Problem> {
    if text.is_empty() {
        return Err(problem("image_empty", "The image is missing. Write host/repository:tag, such as ghcr.io/acme/greeter:1.8.2."));
    }
    if text.len() > TEXT_MAX {
        return Err(problem(
            "image_too_long",
            format!("The image reference is longer than {TEXT_MAX} characters. Write host/repository:tag and nothing else."),
        ));
    }
    if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(problem(
            "image_invalid",
            "The image reference has a space or a line break in it. Write one image, as host/repository:tag.",
        ));
    }
    if text.contains("://") {
        return Err(problem("image_host_invalid", "An image reference has no scheme. Leave out what stands before and with the ://."));
    }
    // What stands before such an @ may be a password, so it is never repeated in the message.
    if text.split_once('@').is_some_and(|(_, after)| after.contains('/')) {
        return Err(problem(
            "image_host_invalid",
            "An image reference carries no user name or password before the host. Leave them out; a registry has fields for them.",
        ));
    }
    Ok(())
}

/// Texts that are well-formed, or nearly, but name no repository.
fn refuse_without_name(pieces: &Pieces<'_>) -> Result<(), Problem> {
    let refuse = |message: &str| Err(problem("image_repository_invalid", message));
    if pieces.path.is_empty() {
        return refuse("The image reference names no repository. Write it before the tag or digest, such as acme/greeter:1.8.2.");
    }
    if pieces.host.is_some() {
        return Ok(());
    }
    if pieces.path.starts_with('[') && !pieces.path.contains('/') {
        return refuse("The image reference has a host but no repository. Write the repository after the host and a slash.");
    }
    // Container tools read these two as the id of an image on their own machine, whatever a registry has.
    let digest_alone = pieces.path == "sha256" && pieces.tag.is_some_and(is_identifier);
    if is_identifier(pieces.path) || digest_alone {
        return refuse("This is the id or digest of an image and names no repository. Write repository@sha256:... instead.");
    }
    Ok(())
}
