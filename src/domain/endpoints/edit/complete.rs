//! What could be typed at a place of a text. Looks at lines and indentation alone, as a text that is being typed seldom parses.

use super::super::{Format, write};

/// What could stand at a place of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What is inserted: `networkVisibility: `, `GraphQL`.
    pub insert: String,
    /// One line about it.
    pub meaning: &'static str,
}

type Known = &'static [(&'static str, &'static str)];

const ROOT_A: Known = &[("version: 0.1", "Version of endpoints.yaml"), ("endpoints:", "The list of endpoints")];
const ROOT_B: Known = &[
    ("apiVersion: core.choreo.dev/v1beta1", "Version of component-config.yaml"),
    ("kind: ComponentConfig", "Kind of the document"),
    ("spec:", "Endpoints and references"),
];
const ROOT_C: Known = &[
    ("schemaVersion: 1.2", "Version of component.yaml"),
    ("endpoints:", "The list of endpoints"),
    ("dependencies:", "Kept, not acted on yet"),
    ("configurations:", "Kept, not acted on yet"),
];
const SPEC: Known = &[("inbound:", "The list of endpoints"), ("outbound:", "Kept, not acted on yet")];
const ENTRY: Known = &[
    ("name: ", "Unique in the file; part of the address"),
    ("displayName: ", "What pages call it"),
    ("port: ", "1 to 65535; the port that the service listens on"),
    ("type: ", "What it speaks"),
    ("networkVisibility: ", "Who can reach it; left out: Public"),
    ("context: ", "Path that the service listens on; starts with /"),
    ("schemaFilePath: ", "Name of an uploaded schema file"),
];
const ENTRY_C: Known = &[
    ("name: ", "Unique in the file; part of the address"),
    ("displayName: ", "What pages call it"),
    ("service:", "Port and path of the service"),
    ("type: ", "What it speaks"),
    ("networkVisibilities:", "Who can reach it; left out: Public"),
    ("schemaFilePath: ", "Name of an uploaded schema file"),
];
const SERVICE: Known =
    &[("port: ", "1 to 65535; the port that the service listens on"), ("basePath: ", "Path that the service listens on; starts with /")];
const TYPES: Known = &[
    ("REST", "HTTP, routed by path"),
    ("GraphQL", "HTTP, routed by path"),
    ("GRPC", "HTTP/2, a host of its own"),
    ("WS", "WebSocket, routed by path"),
    ("TCP", "Bytes over TCP, a port of its own"),
    ("UDP", "Datagrams, a port of its own"),
];
const VISIBILITIES: Known = &[
    ("Project", "Components of the same project"),
    ("Organization", "All of the organization"),
    ("Public", "Anybody; Slipway does not authenticate callers"),
];

/// A line: where its first dash is, where its key is, and the key.
struct Line<'a> {
    dash: Option<usize>,
    column: usize,
    key: &'a str,
}

/// Completions at a line and column (from 1, in characters), and how many characters before the column they replace.
/// `schemas` are names of uploaded files.
pub fn complete(text: &str, line: usize, column: usize, schemas: &[String]) -> (usize, Vec<Completion>) {
    let lines: Vec<&str> = text.lines().collect();
    let row = line.saturating_sub(1).min(lines.len());
    let before: String = lines.get(row).unwrap_or(&"").chars().take(column.saturating_sub(1)).collect();
    if before.trim_start().starts_with('#') || before.contains(" #") {
        return (0, Vec::new());
    }
    let here = Line::of(&before);
    let path = path(&lines, row, &here);
    match before[here.column..].split_once(':') {
        Some((key, value)) if value.starts_with([' ', '\t']) => values(&path, key, value, schemas),
        Some(_) => (0, Vec::new()),
        None if path.ends_with(&["networkVisibilities".to_owned(), "-".to_owned()]) => known(VISIBILITIES, &before[here.column..], &[]),
        None => known(keys(format(&lines), &path), &before[here.column..], &siblings(&lines, row, &here)),
    }
}

/// The words among `all` that begin as what is typed, without those whose key is there already.
fn known(all: Known, typed: &str, present: &[&str]) -> (usize, Vec<Completion>) {
    let is_new = |word: &str| !present.contains(&word.split(':').next().unwrap_or_default());
    let begins = |word: &str| word.to_lowercase().starts_with(&typed.to_lowercase());
    let found = all.iter().filter(|(word, _)| begins(word) && is_new(word));
    (typed.chars().count(), found.map(|(word, meaning)| Completion { insert: (*word).to_owned(), meaning }).collect())
}

fn values(path: &[String], key: &str, value: &str, schemas: &[String]) -> (usize, Vec<Completion>) {
    let value = value.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
    let typed = quote.map_or(value, |quote| &value[quote.len_utf8()..]);
    match key.trim() {
        "type" if !path.iter().any(|key| key == "configurations") => known(TYPES, typed, &[]),
        "networkVisibility" => known(VISIBILITIES, typed, &[]),
        "networkVisibilities" => match value.strip_prefix('[') {
            Some(list) if !list.contains(']') => {
                let words: Vec<&str> = list.split(',').map(str::trim).collect();
                known(VISIBILITIES, words.last().unwrap_or(&""), &words)
            }
            _ => (0, Vec::new()),
        },
        "version" => known(&[("0.1", "The one version of endpoints.yaml")], typed, &[]),
        "schemaVersion" => known(&[("1.2", "The newest"), ("1.1", "Older"), ("1.0", "The first")], typed, &[]),
        "apiVersion" => known(&[("core.choreo.dev/v1beta1", "The one version of component-config.yaml")], typed, &[]),
        "kind" => known(&[("ComponentConfig", "The one kind")], typed, &[]),
        "schemaFilePath" => {
            let begins = |name: &&String| name.to_lowercase().starts_with(&typed.to_lowercase());
            let insert = |name: &String| if quote.is_some() { name.clone() } else { write::scalar(name) };
            let found = schemas.iter().filter(begins).map(|name| Completion { insert: insert(name), meaning: "An uploaded schema file" });
            (typed.chars().count(), found.collect())
        }
        _ => (0, Vec::new()),
    }
}

/// The keys of a place; none where the format has no say.
fn keys(format: Option<Format>, path: &[String]) -> Known {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match (format, path.as_slice()) {
        (None, []) => &[
            ("version: 0.1", "Begins an endpoints.yaml"),
            ("schemaVersion: 1.2", "Begins a component.yaml"),
            ("apiVersion: core.choreo.dev/v1beta1", "Begins a component-config.yaml"),
        ],
        (Some(Format::Endpoints), []) => ROOT_A,
        (Some(Format::ComponentConfig), []) => ROOT_B,
        (Some(Format::Component), []) => ROOT_C,
        (Some(Format::Component), ["endpoints", "-"]) => ENTRY_C,
        (Some(Format::Component), ["endpoints", "-", "service"]) => SERVICE,
        (Some(Format::ComponentConfig), ["spec"]) => SPEC,
        (_, ["endpoints", "-"]) | (Some(Format::ComponentConfig), ["spec", "inbound", "-"]) => ENTRY,
        _ => &[],
    }
}

/// The format by the keys at the left edge.
fn format(lines: &[&str]) -> Option<Format> {
    let has = |key: &str| lines.iter().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    if has("schemaVersion") {
        Some(Format::Component)
    } else if has("apiVersion") || has("kind") || has("spec") {
        Some(Format::ComponentConfig)
    } else {
        (has("version") || has("endpoints")).then_some(Format::Endpoints)
    }
}

impl<'a> Line<'a> {
    /// Of a line that may be cut at the cursor. Its columns are bytes: what stands before a key is ASCII.
    fn of(line: &'a str) -> Self {
        let mut column = line.len() - line.trim_start_matches(' ').len();
        let mut dash = None;
        while line[column..].starts_with("- ") || &line[column..] == "-" {
            dash.get_or_insert(column);
            let rest = line[column + 1..].trim_start_matches(' ');
            column = line.len() - rest.len();
        }
        Self { dash, column, key: line[column..].split(':').next().unwrap_or_default().trim_end() }
    }

    /// Says nothing of the structure.
    fn is_void(line: &str) -> bool {
        let words = line.trim();
        words.is_empty() || words.starts_with('#')
    }
}

/// The keys above the mapping in which the cursor stands, from the outside in; `-` for an entry of a list.
fn path(lines: &[&str], row: usize, here: &Line<'_>) -> Vec<String> {
    let mut path = Vec::new();
    let mut column = here.column;
    // Where the dash of the list is, whose key is looked for next.
    let mut dash = here.dash;
    if dash.is_some() {
        path.push("-".to_owned());
    }
    for line in lines[..row].iter().rev().filter(|line| !Line::is_void(line)) {
        let line = Line::of(line);
        let is_key_of_list = dash.is_some_and(|dash| line.column < dash || (line.column == dash && line.dash.is_none()));
        if is_key_of_list || (dash.is_none() && line.column < column) {
            path.push(line.key.to_owned());
            (column, dash) = (line.column, line.dash);
        } else if dash.is_none() && line.column == column {
            dash = line.dash;
        } else {
            continue;
        }
        if dash.is_some() {
            path.push("-".to_owned());
        }
        if column == 0 {
            break;
        }
    }
    path.reverse();
    path
}

/// The keys beside the cursor, in the same mapping.
fn siblings<'a>(lines: &[&'a str], row: usize, here: &Line<'_>) -> Vec<&'a str> {
    let column = here.column;
    let mut keys = Vec::new();
    if here.dash.is_none() {
        for line in lines[..row].iter().rev().filter(|line| !Line::is_void(line)) {
            let line = Line::of(line);
            if line.column < column {
                break;
            }
            if line.column == column {
                keys.push(line.key);
            }
            if line.dash.is_some_and(|dash| dash < column) && line.column <= column {
                break;
            }
        }
    }
    for line in lines.iter().skip(row + 1).filter(|line| !Line::is_void(line)) {
        let line = Line::of(line);
        if line.column < column || line.dash.is_some_and(|dash| dash < column) {
            break;
        }
        if line.column == column {
            keys.push(line.key);
        }
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Completions at the `|` of a text, and how many characters they replace.
    fn at_mark(marked: &str) -> (usize, Vec<String>) {
        let (before, after) = marked.split_once('|').unwrap();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap().chars().count() + 1;
        let (replaced, found) = complete(&format!("{before}{after}"), line, column, &["openapi.yaml".into(), "a b: c.proto".into()]);
        (replaced, found.into_iter().map(|completion| completion.insert).collect())
    }

    #[test]
    fn keys_that_are_not_there_yet_are_offered_where_they_belong() {
        let a = "version: 0.1\nendpoints:\n  - name: a\n    type: REST\n";
        for (text, replaced, words) in [
            ("|", 0, "version: 0.1,schemaVersion: 1.2,apiVersion: core.choreo.dev/v1beta1".to_owned()),
            ("version: 0.1\n|", 0, "endpoints:".into()),
            ("version: 0.1\nendp|", 4, "endpoints:".into()),
            (&format!("{a}    |"), 0, "displayName: ,port: ,networkVisibility: ,context: ,schemaFilePath: ".into()),
            (&format!("{a}    Po|"), 2, "port: ".into()),
            (
                &format!("{a}    |\n    port: 1\n    context: /\n  - name: b\n    schemaFilePath: x\n"),
                0,
                "displayName: ,networkVisibility: ,schemaFilePath: ".into(),
            ),
            (&format!("{a}  - |"), 0, "name: ,displayName: ,port: ,type: ,networkVisibility: ,context: ,schemaFilePath: ".into()),
            ("endpoints:\n- name: a\n  p|", 1, "port: ".into()),
            ("schemaVersion: 1.2\nendpoints:\n  - name: a\n    service:\n      |", 0, "port: ,basePath: ".into()),
            ("schemaVersion: 1.2\nendpoints:\n  - service:\n      port: 1\n      |\n    name: a", 0, "basePath: ".into()),
            ("schemaVersion: 1.2\nendpoints:\n  - service:\n      port: 1\n    n|", 1, "name: ,networkVisibilities:".into()),
            ("kind: ComponentConfig\nspec:\n  |", 0, "inbound:,outbound:".into()),
            ("kind: ComponentConfig\nspec:\n  inbound:\n    - name: x\n      p|", 1, "port: ".into()),
            ("version: 0.1\nother:\n  |", 0, String::new()),
            ("version: 0.1\n# en|", 0, String::new()),
        ] {
            let (found_replaced, found) = at_mark(text);
            assert_eq!((found_replaced, found.join(",")), (replaced, words), "{text}");
        }
    }

    #[test]
    fn allowed_values_are_offered() {
        let entry = "version: 0.1\nendpoints:\n  - name: a\n    ";
        for (text, replaced, words) in [
            ("version: |", 0, "0.1"),
            ("schemaVersion: 1|", 1, "1.2,1.1,1.0"),
            (&format!("{entry}type: g|"), 1, "GraphQL,GRPC"),
            (&format!("{entry}type: \"WS|\""), 2, "WS"),
            (&format!("{entry}networkVisibility: |"), 0, "Project,Organization,Public"),
            (&format!("{entry}networkVisibility:|"), 0, ""),
            (&format!("{entry}schemaFilePath: |"), 0, "openapi.yaml,\"a b: c.proto\""),
            (&format!("{entry}schemaFilePath: 'A|"), 1, "a b: c.proto"),
            ("schemaVersion: 1.2\nendpoints:\n  - networkVisibilities: [Public, |", 0, "Project,Organization"),
            ("schemaVersion: 1.2\nendpoints:\n  - name: a\n    networkVisibilities:\n      - Pub|", 3, "Public"),
            ("schemaVersion: 1.2\nendpoints:\n  - name: a\n    networkVisibilities:\n    - |", 0, "Project,Organization,Public"),
        ] {
            let (found_replaced, found) = at_mark(text);
            assert_eq!((found_replaced, found.join(",").as_str()), (replaced, words), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_place_of_any_text_is_fine(text in "(?s).{0,80}|[ \\n:a-z\\[-]{0,80}", line in 0_usize..9, column in 0_usize..30) {
            complete(&text, line, column, &[]);
        }
    }
}
