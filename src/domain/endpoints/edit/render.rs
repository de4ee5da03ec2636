//! What is put into a text: scalars in the style that stands there, and whole entries.

use serde_saphyr::granit_parser::ScalarStyle;

use super::super::{Endpoint, Format, write};

/// Text in the style of what it replaces, as far as that style can say it.
pub(super) fn scalar(text: &str, style: ScalarStyle) -> String {
    match style {
        ScalarStyle::SingleQuoted if text.chars().all(write::is_printable) => format!("'{}'", text.replace('\'', "''")),
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => write::quoted(text),
        _ => write::scalar(text),
    }
}

/// The lines of a new entry of a list, from its dash on.
pub(super) fn entry(format: Format, endpoint: &Endpoint) -> Vec<String> {
    let mut lines = vec![format!("- name: {}", write::scalar(&endpoint.name))];
    let mut line = |key: &str, value: &str| lines.push(format!("  {key}: {value}"));
    if let Some(display_name) = &endpoint.display_name {
        line("displayName", &write::scalar(display_name));
    }
    let context = endpoint.context.as_deref().map(write::scalar);
    if format == Format::Component {
        lines.push("  service:".into());
        lines.push(format!("    port: {}", endpoint.port));
        lines.extend(context.map(|context| format!("    basePath: {context}")));
        lines.push(format!("  type: {}", endpoint.kind.as_str()));
        lines.push("  networkVisibilities:".into());
        lines.extend(endpoint.visibilities.iter().map(|visibility| format!("    - {}", visibility.as_str())));
    } else {
        line("port", &endpoint.port.to_string());
        line("type", endpoint.kind.as_str());
        line("networkVisibility", endpoint.widest_visibility().as_str());
        if let Some(context) = context {
            line("context", &context);
        }
    }
    lines.extend(endpoint.schema_file_path.as_ref().map(|path| format!("  schemaFilePath: {}", write::scalar(path))));
    lines
}
