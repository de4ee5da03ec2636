//! The merge key `<<` of YAML 1.1, which files with anchors use everywhere: takes over the keys of other mappings.

use std::collections::HashSet;

use super::super::{
    finding::{Findings, Place},
    node::{Entry, Node, Value},
};

const MERGE: &str = "<<";

/// Replaces a `<<` entry by the entries it stands for. Keys written out win, then earlier mappings of its list.
pub(super) fn merge(mut entries: Vec<Entry>, place: &dyn Fn() -> Place, findings: &mut Findings) -> Vec<Entry> {
    let Some(index) = entries.iter().position(|entry| entry.key == MERGE) else { return entries };
    let merged = entries.remove(index);
    let sources: Vec<&Node> = match &merged.value.value {
        Value::Sequence(items) => items.iter().map(|item| &**item).collect(),
        _ => vec![&merged.value],
    };
    let mut known: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
    for source in sources {
        match &source.value {
            Value::Mapping(inherited) => {
                entries.extend(inherited.iter().filter(|entry| known.insert(entry.key.clone())).cloned());
            }
            Value::Broken => {}
            _ => {
                let place = Place { position: merged.position, ..place() };
                findings.error("merge_invalid", &place, "The merge key << takes an alias of a mapping, or a list of such aliases.");
            }
        }
    }
    entries
}
