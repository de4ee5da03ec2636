//! Sentences for text that is not YAML: what the parser stumbled over and what helps.

use serde_saphyr::granit_parser::ErrorKind;

/// A stable code and a sentence for a parser's error.
pub(super) fn explain(kind: &ErrorKind, depth: usize) -> (&'static str, String) {
    let (code, sentence) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => (TAB, "A tab stands where YAML allows only spaces. Replace it with spaces.".into()),
        ErrorKind::RecursionLimitExceeded => ("too_deep", too_deep(depth)),
        ErrorKind::UnclosedFlowCollection { open } => {
            (SYNTAX, format!("The bracket {open} is never closed. Close it, or write one entry per line without brackets."))
        }
        ErrorKind::UnclosedQuotedScalar => (SYNTAX, "A quotation mark is never closed. Close it before the end of the value.".into()),
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => (
            SYNTAX,
            "A key is not allowed here. Put a value that contains \": \" in quotes, and each key on a line of its own with the \
             indentation of its neighbours."
                .into(),
        ),
        ErrorKind::ExpectedBlockMappingKey | ErrorKind::ExpectedBlockSequenceEntry | ErrorKind::InvalidIndentation => (
            SYNTAX,
            "The indentation does not fit the lines above. Entries of one list, and keys of one entry, start in the same column.".into(),
        ),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            (SYNTAX, "A key must be followed by a colon and a space: write \"key: value\" on one line.".into())
        }
        ErrorKind::UnexpectedCharacter { character } => {
            (SYNTAX, format!("A value can't start with {}. Put the value in quotes.", character.escape_default()))
        }
        other => (SYNTAX, format!("This is not valid YAML ({other}). Correct the file here or in the lines just above.")),
    };
    (code, sentence)
}

const SYNTAX: &str = "yaml_syntax";
/// The code of tabs in the wrong place.
pub(super) const TAB: &str = "yaml_tab";

/// Said wherever the nesting goes past the limit.
pub(super) fn too_deep(depth: usize) -> String {
    format!("The file is nested more than {depth} levels deep. Nest it less.")
}
