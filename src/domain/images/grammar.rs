//! The grammar of repository path, tag and digest, after the distribution project's reference package, and the
//! sentence for each way to miss it. Knows nothing of hosts (that is `host`) nor of defaults (that is `reference`).

use crate::domain::problem::Problem;

/// Longest tag, in characters.
const TAG_MAX: usize = 128;

/// How much of what was typed a message repeats, in characters.
const QUOTED_MAX: usize = 80;

/// A problem about an image: its field is left to the caller, who knows the form.
pub(super) fn problem(code: &'static str, message: impl Into<String>) -> Problem {
    Problem::new("", code, message)
}

/// What was typed, in quotes, control characters escaped, the end cut off where it is long.
pub(super) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED_MAX) {
        Some((end, _)) => format!("{:?}", format!("{}…", &text[..end])),
        None => format!("{text:?}"),
    }
}

/// Checks the path below the host: parts separated by single slashes.
pub(super) fn check_repository(path: &str) -> Result<(), Problem> {
    let refuse = |message: String| Err(problem("image_repository_invalid", message));
    if path.split('/').any(str::is_empty) {
        return refuse(format!(
            "The repository path {} has an empty part: parts are separated by one slash, and none stands at the start or the end.",
            quoted(path)
        ));
    }
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return refuse(format!(
            "The repository path {} has upper-case letters: only lower-case ones are allowed. Write {}.",
            quoted(path),
            quoted(&path.to_ascii_lowercase())
        ));
    }
    match path.split('/').find(|part| !is_path_component(part)) {
        Some(part) => refuse(format!(
            "The part {} of the repository path is not valid: lower-case letters and digits are allowed, and between them one full stop, \
             one or two underscores, or hyphens.",
            quoted(part)
        )),
        None => Ok(()),
    }
}

/// `[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*`
fn is_path_component(part: &str) -> bool {
    let is_alphanumeric = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |run: &str| matches!(run, "." | "_" | "__") || run.bytes().all(|byte| byte == b'-');
    part.starts_with(is_alphanumeric) && part.ends_with(is_alphanumeric) && part.split(is_alphanumeric).all(is_separator)
}

/// `[\w][\w.-]{0,127}`
pub(super) fn check_tag(tag: &str) -> Result<(), Problem> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let well_formed = tag.starts_with(is_word) && tag.chars().all(|c| is_word(c) || matches!(c, '.' | '-'));
    if well_formed && tag.len() <= TAG_MAX {
        return Ok(());
    }
    Err(problem(
        "image_tag_invalid",
        format!(
            "The tag {} is not valid: 1 to {TAG_MAX} letters, digits, underscores, full stops and hyphens are allowed, the first of them a \
             letter, a digit or an underscore.",
            quoted(tag)
        ),
    ))
}

/// `algorithm:hex`, with the algorithms and lengths that the OCI image specification and go-digest know.
pub(super) fn check_digest(digest: &str) -> Result<(), Problem> {
    let refuse = |message: String| Err(problem("image_digest_invalid", message));
    let Some((algorithm, hex)) = digest.split_once(':') else {
        return refuse(format!("The digest {} names no algorithm: write sha256: and 64 hexadecimal digits after the @.", quoted(digest)));
    };
    let Some(length) = hex_length(algorithm) else {
        return refuse(format!("The digest algorithm {} is not known: sha256, sha384 and sha512 are.", quoted(algorithm)));
    };
    if !is_lower_hex(hex) {
        return refuse(format!("The digest {} may only have the digits 0 to 9 and a to f after {algorithm}:.", quoted(digest)));
    }
    if hex.len() != length {
        return refuse(format!("The digest has {} hexadecimal digits: {algorithm} has {length}. Copy the whole digest.", hex.len()));
    }
    Ok(())
}

/// How many hexadecimal digits a digest of this algorithm has.
fn hex_length(algorithm: &str) -> Option<usize> {
    match algorithm {
        "sha256" => Some(64),
        "sha384" => Some(96),
        "sha512" => Some(128),
        _ => None,
    }
}

/// Whether the text is the id of an image or layer: 64 lower-case hexadecimal digits. Container tools take such a text
/// for an id, so it can't stand alone as a name.
pub(super) fn is_identifier(text: &str) -> bool {
    text.len() == 64 && is_lower_hex(text)
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}
