//! Format B, `component-config.yaml`: a Kubernetes-like document whose `spec.inbound[]` has the entries of format A.

use super::{
    cursor::Cursor,
    entry::Draft,
    finding::{Findings, quoted},
    format_a, passive, rules,
};

const API_VERSION: &str = "core.choreo.dev/v1beta1";
const KIND: &str = "ComponentConfig";

pub(super) fn read(root: &Cursor<'_>, findings: &mut Findings) -> Vec<Draft> {
    root.warn_of_unknown(&["apiVersion", "kind", "spec"], &[], findings);
    expect_word(root, "apiVersion", API_VERSION, findings);
    expect_word(root, "kind", KIND, findings);
    let Some(spec) = root.require("spec", "a mapping with inbound, the list of endpoints", findings) else { return Vec::new() };
    if !spec.expect_mapping(findings) {
        return Vec::new();
    }
    spec.warn_of_unknown(&["inbound", "outbound"], &[], findings);
    passive::check(&spec, "outbound", &passive::OUTBOUND, passive::NEWEST, findings);
    rules::entries(&spec, "inbound", findings, format_a::read_entry)
}

fn expect_word(root: &Cursor<'_>, key: &str, word: &str, findings: &mut Findings) {
    let Some(cursor) = root.require(key, word, findings) else { return };
    let Some(text) = cursor.text(findings) else { return };
    if text != word {
        findings.error("version_unsupported", &cursor.place(), format!("{key} must be {word}; it is {}.", quoted(text)));
    }
}
