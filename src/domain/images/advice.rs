//! What an image's facts mean for a component of it, in the sentences that the page and `slipway inspect` share.
//! Forbids nothing: what an image says of itself may be wrong, and so may what is known of the nodes.

use serde::{Serialize, Serializer};

use super::{ImageFacts, facts::size_in_words, grammar::quoted};
use crate::domain::{
    components::{Kind, SecurityProfile},
    deployments::data_plane::NodePlatform,
};

/// Compressed bytes from which on a first pull is worth a word.
const LARGE: u64 = 1_000_000_000;

/// How many of a long list a sentence names.
const NAMED_MAX: usize = 8;

/// What an image's facts mean for a component of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Advice {
    /// What is in the way comes first.
    pub notes: Vec<Note>,
    /// The profile that fits its user.
    #[serde(serialize_with = "as_word")]
    pub profile: SecurityProfile,
    /// The port to begin with: the first TCP port that it exposes. None for a task, which nobody calls.
    pub port: Option<u16>,
}

/// A sentence about an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// It will not work as it is, or not as one expects, rather than being good to know.
    pub is_warning: bool,
    pub text: String,
}

impl Note {
    fn good_to_know(text: impl Into<String>) -> Self {
        Self { is_warning: false, text: text.into() }
    }

    fn warning(text: impl Into<String>) -> Self {
        Self { is_warning: true, text: text.into() }
    }
}

/// What the facts mean, for a component of a kind where it is known, on nodes of these platforms (none: not known).
pub fn advise(facts: &ImageFacts, kind: Option<Kind>, nodes: &[NodePlatform]) -> Advice {
    let ports = if kind.is_some_and(Kind::is_task) { Vec::new() } else { tcp_ports(facts) };
    let (profile, runs_as) = user(facts.user.as_deref().unwrap_or_default());
    let notes = [platform(facts, nodes), program(facts, kind), Some(runs_as), port(&ports, kind), size(facts)];
    Advice { notes: notes.into_iter().flatten().collect(), profile, port: ports.first().copied() }
}

fn platform(facts: &ImageFacts, nodes: &[NodePlatform]) -> Option<Note> {
    let (able, unable): (Vec<_>, Vec<_>) = nodes.iter().partition(|node| facts.has_platform(&node.to_string()));
    if unable.is_empty() || facts.platforms.is_empty() {
        return None;
    }
    let lacks = listed(&unable, "or");
    if able.is_empty() {
        return Some(Note::warning(format!(
            "This image has no {lacks}, and the nodes are {}: it cannot run there.",
            listed(&unable, "and")
        )));
    }
    let count = |nodes: &[&NodePlatform]| nodes.iter().map(|node| i64::from(node.nodes)).sum::<i64>();
    let (some, all) = (count(&unable), count(&able) + count(&unable));
    let (are, those) = if some == 1 { ("is", "that one") } else { ("are", "those") };
    Some(Note::warning(format!("This image has no {lacks}, and {some} of the {all} nodes {are} {lacks}: it cannot run on {those}.")))
}

fn program(facts: &ImageFacts, kind: Option<Kind>) -> Option<Note> {
    const ONLY_CMD: &str = "The image has only CMD: arguments would replace it.";
    match (facts.entrypoint.is_empty(), facts.cmd.is_empty()) {
        (true, true) => Some(Note::warning("The image names no program to start: it has neither ENTRYPOINT nor CMD.")),
        // Whoever runs it by hand may give arguments; a schedule gives none.
        (true, false) if kind == Some(Kind::ManualTask) => Some(Note::warning(ONLY_CMD)),
        (true, false) if kind.is_some_and(Kind::is_task) => Some(Note::good_to_know(ONLY_CMD)),
        _ => None,
    }
}

/// The profile that fits, and what to know of the user. As the kubelet reads it: the part before a colon, a number or a
/// name whose number it does not look up.
fn user(user: &str) -> (SecurityProfile, Note) {
    let name = user.split_once(':').map_or(user, |(user, _group)| user);
    let number = name.bytes().all(|byte| byte.is_ascii_digit()).then(|| name.parse::<i64>().ok()).flatten();
    match (name, number) {
        ("" | "root", _) | (_, Some(0)) => {
            (SecurityProfile::Default, Note::good_to_know("Runs as root: the default profile lets it, the restricted one would not."))
        }
        (_, Some(number)) => (
            SecurityProfile::Restricted,
            Note::good_to_know(format!("Runs as user {number}, which is not root: the restricted profile fits.")),
        ),
        (name, None) => (
            SecurityProfile::Default,
            Note::good_to_know(format!(
                "Runs as the user {}: Kubernetes cannot tell whether that is root, so with the restricted profile it would be refused.",
                quoted(name)
            )),
        ),
    }
}

fn tcp_ports(facts: &ImageFacts) -> Vec<u16> {
    facts.exposed_ports.iter().filter(|exposed| exposed.protocol == "tcp").map(|exposed| exposed.port).collect()
}

fn port(ports: &[u16], kind: Option<Kind>) -> Option<Note> {
    match ports {
        [] if matches!(kind, Some(Kind::Service | Kind::WebApplication)) => {
            Some(Note::good_to_know("The image exposes no TCP port: enter the one it listens on."))
        }
        [] | [_] => None,
        [first, ..] => {
            Some(Note::good_to_know(format!("The image exposes the ports {}; {first} is the first TCP port.", listed(ports, "and"))))
        }
    }
}

fn size(facts: &ImageFacts) -> Option<Note> {
    let large = facts.size_bytes > LARGE;
    large.then(|| {
        Note::good_to_know(format!("The image is large ({} compressed): the first pull takes its time.", size_in_words(facts.size_bytes)))
    })
}

/// `a, b and c`; of a long list the first ones and how many more there are.
fn listed(items: &[impl ToString], and: &str) -> String {
    let mut words: Vec<String> = items.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    if items.len() > NAMED_MAX {
        words.push(format!("{} more", items.len() - NAMED_MAX));
    }
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} {and} {last}", rest.join(", ")),
        None => String::new(),
    }
}

fn as_word<S: Serializer>(profile: &SecurityProfile, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(profile.as_str())
}

#[cfg(test)]
mod tests;
