//! One field of an entry: where each format keeps it, and how it is replaced, put in and taken out.

use serde_saphyr::granit_parser::ScalarStyle;

use super::{
    super::{Endpoint, Format, Visibility},
    layout::{Piece, Shape},
    lines, render,
};

/// The fields in the order in which they are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    DisplayName,
    Port,
    Kind,
    Visibilities,
    Context,
    Schema,
}

/// What a field is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A number or a word of a fixed set: plain needs no quotes.
    Word(String),
    List(Vec<Visibility>),
}

impl Field {
    pub(super) const ALL: [Self; 7] =
        [Self::Name, Self::DisplayName, Self::Port, Self::Kind, Self::Visibilities, Self::Context, Self::Schema];

    /// The mapping within the entry that has it, if it is not the entry itself, and its key there.
    const fn place(self, format: Format) -> (Option<&'static str>, &'static str) {
        let is_c = matches!(format, Format::Component);
        match self {
            Self::Name => (None, "name"),
            Self::DisplayName => (None, "displayName"),
            Self::Port if is_c => (Some("service"), "port"),
            Self::Port => (None, "port"),
            Self::Kind => (None, "type"),
            Self::Visibilities if is_c => (None, "networkVisibilities"),
            Self::Visibilities => (None, "networkVisibility"),
            Self::Context if is_c => (Some("service"), "basePath"),
            Self::Context => (None, "context"),
            Self::Schema => (None, "schemaFilePath"),
        }
    }

    /// What the field says in an endpoint; `None` if it says nothing.
    pub(super) fn value(self, endpoint: &Endpoint, format: Format) -> Option<Value> {
        match self {
            Self::Name => Some(Value::Text(endpoint.name.clone())),
            Self::DisplayName => endpoint.display_name.clone().map(Value::Text),
            Self::Port => Some(Value::Word(endpoint.port.to_string())),
            Self::Kind => Some(Value::Word(endpoint.kind.as_str().to_owned())),
            Self::Visibilities if format == Format::Component => Some(Value::List(endpoint.visibilities.clone())),
            Self::Visibilities => Some(Value::Word(endpoint.widest_visibility().as_str().to_owned())),
            Self::Context => endpoint.context.clone().map(Value::Text),
            Self::Schema => endpoint.schema_file_path.clone().map(Value::Text),
        }
    }

    /// The text with this field of an entry replaced, put in, or taken out.
    pub(super) fn write(self, text: &str, entry: &Piece, format: Format, value: Option<Value>) -> Result<String, String> {
        let (within, key) = self.place(format);
        let parent = within.map_or(Some(entry), |within| entry.value(within)).ok_or("service is missing: edit it in the YAML.")?;
        match (parent.entry(key), value) {
            (Some((key, present)), Some(value)) => replace(text, key, present, &value),
            (Some((key, present)), None) => take_out(text, parent, key, present),
            (None, Some(value)) => self.put_in(text, parent, format, &value),
            (None, None) => Ok(text.to_owned()),
        }
    }

    /// Writes a new line behind the last of the fields that come before this one.
    fn put_in(self, text: &str, parent: &Piece, format: Format, value: &Value) -> Result<String, String> {
        let (within, key) = self.place(format);
        // In format C the port is the service's: whatever comes after it comes after the service.
        let before = Self::ALL.into_iter().take_while(|field| *field != self).map(|field| match field.place(format) {
            (found, key) if found == within => key,
            (Some(mapping), _) => mapping,
            (None, key) => key,
        });
        let behind = before.filter_map(|key| parent.value(key)).last().ok_or("The entry has no place for it: edit it in the YAML.")?;
        let first_key = first_key(parent).ok_or("The entry is empty: edit it in the YAML.")?;
        let indentation = lines::blank(&text[lines::start(text, first_key.bytes.start)..first_key.bytes.start]);
        let new = match value {
            Value::Text(text) => vec![format!("{indentation}{key}: {}", render::scalar(text, ScalarStyle::Plain))],
            Value::Word(word) => vec![format!("{indentation}{key}: {word}")],
            Value::List(list) => {
                let items = list.iter().map(|visibility| format!("{indentation}  - {}", visibility.as_str()));
                std::iter::once(format!("{indentation}{key}:")).chain(items).collect()
            }
        };
        Ok(lines::insert_after(text, behind.bytes.end, &new))
    }
}

/// Whether a form can edit an entry without touching more than it shows.
pub(super) fn check_form(text: &str, entry: &Piece, format: Format) -> Result<(), String> {
    if entry.has_marks() {
        return Err("This endpoint uses anchors, aliases or tags: edit it in the YAML.".into());
    }
    check_mapping(text, entry)?;
    if let (Format::Component, Some(service)) = (format, entry.value("service")) {
        check_mapping(text, service)?;
    }
    for field in Field::ALL {
        let (within, key) = field.place(format);
        let value = within.map_or(Some(entry), |within| entry.value(within)).and_then(|parent| parent.value(key));
        if value.is_some_and(|value| !is_simple(text, value)) {
            return Err(format!("{key} is written over several lines or with comments inside: edit it in the YAML."));
        }
    }
    Ok(())
}

/// One `key: value` after the other, each on lines of its own.
fn check_mapping(text: &str, piece: &Piece) -> Result<(), String> {
    let Shape::Mapping { entries, is_block: true } = &piece.shape else {
        return Err("This endpoint is written in brackets (flow style): edit it in the YAML.".into());
    };
    let is_plain = |key: &Piece| {
        let is_first_of_line = text[lines::start(text, key.bytes.start)..key.bytes.start].bytes().all(|b| matches!(b, b' ' | b'-'));
        is_first_of_line && text[key.bytes.end..].trim_start_matches(' ').starts_with(':')
    };
    if entries.iter().all(|(key, _)| is_plain(key)) {
        return Ok(());
    }
    Err("This endpoint has keys in an unusual form: edit it in the YAML.".into())
}

/// A scalar on one line, or a list of such in lines or in brackets, without comments inside.
fn is_simple(text: &str, value: &Piece) -> bool {
    match &value.shape {
        Shape::Scalar { style, .. } => {
            !matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) && !text[value.bytes.clone()].contains('\n')
        }
        Shape::List { items, .. } => items.iter().all(|item| item.text().is_some()) && !text[value.bytes.clone()].contains('#'),
        Shape::Mapping { .. } => false,
    }
}

fn replace(text: &str, key: &Piece, present: &Piece, value: &Value) -> Result<String, String> {
    if present.is_empty() {
        let colon = text[key.bytes.end..].find(':').map(|i| key.bytes.end + i + 1).ok_or("The key has no colon.")?;
        let value = match value {
            Value::Text(text) => render::scalar(text, ScalarStyle::Plain),
            Value::Word(word) => word.clone(),
            Value::List(list) => in_brackets(list),
        };
        return Ok(format!("{} {value}{}", &text[..colon], &text[colon..]));
    }
    let style = match present.shape {
        Shape::Scalar { style, .. } => style,
        _ => ScalarStyle::Plain,
    };
    let (range, new) = match value {
        Value::Text(text) => (present.bytes.clone(), render::scalar(text, style)),
        Value::Word(word) if style == ScalarStyle::Plain => (present.bytes.clone(), word.clone()),
        Value::Word(word) => (present.bytes.clone(), render::scalar(word, style)),
        Value::List(list) if !present.is_block() => (present.bytes.clone(), in_brackets(list)),
        Value::List(list) => {
            let first = present.items().and_then(<[Piece]>::first).ok_or("The list is empty.")?;
            let dash = lines::dash_before(text, first.bytes.start).ok_or("The list of visibilities is laid out unusually.")?;
            let next = format!("{}{}", lines::line_break(text), lines::blank(&text[lines::start(text, dash)..dash]));
            let items: Vec<String> = list.iter().map(|visibility| format!("- {}", visibility.as_str())).collect();
            (dash..present.bytes.end, items.join(&next))
        }
    };
    Ok(format!("{}{new}{}", &text[..range.start], &text[range.end..]))
}

fn in_brackets(list: &[Visibility]) -> String {
    format!("[{}]", list.iter().map(|visibility| visibility.as_str()).collect::<Vec<_>>().join(", "))
}

/// Takes a key out with its line; behind a dash, the next key moves up to it.
fn take_out(text: &str, parent: &Piece, key: &Piece, value: &Piece) -> Result<String, String> {
    let line = lines::start(text, key.bytes.start);
    if text[line..key.bytes.start].bytes().all(|b| b == b' ') {
        return Ok(format!("{}{}", &text[..line], &text[lines::end(text, value.bytes.end)..]));
    }
    let Shape::Mapping { entries, .. } = &parent.shape else { return Err("The entry is empty.".into()) };
    let next = entries.iter().map(|(key, _)| key.bytes.start).find(|start| *start > key.bytes.start);
    // After the value stands what is left of an empty one: its colon.
    let rest = next.map(|next| (next, text[value.bytes.end..next].trim_start_matches([' ', ':'])));
    match rest {
        Some((next, rest)) if rest.trim().is_empty() => Ok(format!("{}{}", &text[..key.bytes.start], &text[next..])),
        _ => Err("A comment stands between this field and the next: edit it in the YAML.".into()),
    }
}

fn first_key(mapping: &Piece) -> Option<&Piece> {
    match &mapping.shape {
        Shape::Mapping { entries, .. } => entries.first().map(|(key, _)| key),
        _ => None,
    }
}
