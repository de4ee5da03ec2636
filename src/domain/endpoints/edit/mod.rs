//! Edits a file in its own words: an edit replaces the bytes of one scalar or entry, so that comments and order stay.
//! Whatever an edit did is read again: a text that does not say exactly what was wanted is never given out.

mod complete;
mod convert;
mod field;
mod layout;
mod lines;
mod render;
#[cfg(test)]
mod tests;

pub use self::{
    complete::{Completion, complete},
    convert::{Conversion, convert},
};
use self::{
    field::Field,
    layout::{Piece, Shape},
};
use super::{Endpoint, Format, MAX_ENDPOINTS, Severity, read, write_a};

/// An entry of a text without errors.
struct Found {
    format: Format,
    endpoints: Vec<Endpoint>,
    index: usize,
}

/// Whether the form can edit the endpoint of this name, or why only the YAML can: one sentence.
pub fn editable(text: &str, name: &str) -> Result<(), String> {
    let found = Found::named(text, name)?;
    field::check_form(text, &entry(text, found.format, found.index)?, found.format)
}

/// The text with the endpoint called `name` made what `endpoint` says. Format C keeps several visibilities, A and B the widest.
pub fn set(text: &str, name: &str, endpoint: &Endpoint) -> Result<String, String> {
    let mut found = Found::named(text, name)?;
    field::check_form(text, &entry(text, found.format, found.index)?, found.format)?;
    let (old, new) = (found.endpoints[found.index].clone(), as_kept(found.format, endpoint));
    let mut edited = text.to_owned();
    for field in Field::ALL {
        let value = field.value(&new, found.format);
        if field.value(&old, found.format) != value {
            let entry = entry(&edited, found.format, found.index)?;
            edited = field.write(&edited, &entry, found.format, value)?;
        }
    }
    found.endpoints[found.index] = new;
    verified(edited, found.format, &found.endpoints)
}

/// The text with one more endpoint at the end. A text that lists none yet becomes a fresh `endpoints.yaml`.
pub fn add(text: &str, endpoint: &Endpoint) -> Result<String, String> {
    if text.trim().is_empty() || text == write_a(&[]) {
        let new = as_kept(Format::Endpoints, endpoint);
        return verified(write_a(std::slice::from_ref(&new)), Format::Endpoints, &[new]);
    }
    let (format, mut endpoints) = readable(text)?;
    if endpoints.len() >= MAX_ENDPOINTS {
        return Err(format!("A component has at most {MAX_ENDPOINTS} endpoints."));
    }
    let new = as_kept(format, endpoint);
    let list = block_list(text, format)?;
    let last = list.items().and_then(<[Piece]>::last).ok_or_else(|| NOT_FOUND.to_owned())?;
    let dash = lines::dash_before(text, last.bytes.start).ok_or("The list is laid out so that only the YAML can be edited.")?;
    let indentation = lines::blank(&text[lines::start(text, dash)..dash]);
    let entry = render::entry(format, &new).into_iter().map(|line| format!("{indentation}{line}"));
    let edited = lines::insert_after(text, last.bytes.end, &entry.collect::<Vec<_>>());
    endpoints.push(new);
    verified(edited, format, &endpoints)
}

/// The text without the endpoint called `name`; the last one stays. Comments above it stay too.
pub fn remove(text: &str, name: &str) -> Result<String, String> {
    let mut found = Found::named(text, name)?;
    if found.endpoints.len() == 1 {
        return Err("A component needs at least one endpoint. Add another one before you remove this.".into());
    }
    let list = block_list(text, found.format)?;
    let item = list.items().and_then(|items| items.get(found.index)).ok_or_else(|| NOT_FOUND.to_owned())?;
    let dash = lines::dash_before(text, item.bytes.start).ok_or("The list is laid out so that only the YAML can be edited.")?;
    let edited = format!("{}{}", &text[..lines::start(text, dash)], &text[lines::end(text, item.bytes.end)..]);
    found.endpoints.remove(found.index);
    verified(edited, found.format, &found.endpoints)
}

const NOT_FOUND: &str = "The text has no such endpoint. It may have been changed meanwhile: reload the page.";

impl Found {
    fn named(text: &str, name: &str) -> Result<Self, String> {
        let (format, endpoints) = readable(text)?;
        let is_named = |endpoint: &Endpoint| endpoint.name.to_lowercase() == name.to_lowercase();
        let index = endpoints.iter().position(is_named).ok_or(NOT_FOUND)?;
        Ok(Self { format, endpoints, index })
    }
}

/// Format and endpoints of a text without errors; so its endpoints are its entries, in their order.
fn readable(text: &str) -> Result<(Format, Vec<Endpoint>), String> {
    let reading = read(text);
    match reading.format {
        Some(format) if reading.is_ok() => Ok((format, reading.endpoints)),
        _ => Err("The text has errors. Correct them in the YAML first.".into()),
    }
}

/// The list of endpoints, in lines that start with a dash.
fn block_list(text: &str, format: Format) -> Result<Piece, String> {
    let root = layout::of(text).ok_or(NOT_FOUND)?;
    let list = match format {
        Format::ComponentConfig => root.value("spec").and_then(|spec| spec.value("inbound")),
        Format::Endpoints | Format::Component => root.value("endpoints"),
    };
    match list {
        Some(list) if list.is_marked => Err("The list of endpoints has an anchor, a tag or an alias: edit it in the YAML.".into()),
        Some(list) if list.is_block() => Ok(list.clone()),
        _ => Err("The list of endpoints is written in brackets: edit it in the YAML.".into()),
    }
}

fn entry(text: &str, format: Format, index: usize) -> Result<Piece, String> {
    let Shape::List { mut items, .. } = block_list(text, format)?.shape else { return Err(NOT_FOUND.into()) };
    if index < items.len() { Ok(items.swap_remove(index)) } else { Err(NOT_FOUND.into()) }
}

/// The endpoint as a file of this format can say it.
fn as_kept(format: Format, endpoint: &Endpoint) -> Endpoint {
    let is_written = |text: &String| !text.trim().is_empty();
    let context = endpoint.kind.has_context().then(|| endpoint.context.clone().unwrap_or_else(|| "/".to_owned()));
    let visibilities = match format {
        Format::Component if !endpoint.visibilities.is_empty() => endpoint.visibilities.clone(),
        _ => vec![endpoint.widest_visibility()],
    };
    Endpoint {
        display_name: endpoint.display_name.clone().filter(is_written),
        schema_file_path: endpoint.schema_file_path.clone().filter(is_written),
        context,
        visibilities,
        ..endpoint.clone()
    }
}

/// The edited text, if it says what was wanted.
fn verified(edited: String, format: Format, wanted: &[Endpoint]) -> Result<String, String> {
    let reading = read(&edited);
    if let Some(error) = reading.problems.iter().find(|problem| problem.severity == Severity::Error) {
        return Err(error.message.clone());
    }
    if reading.format != Some(format) || reading.endpoints != wanted {
        return Err("The text is laid out so that this edit would change more than was meant. Make it in the YAML.".into());
    }
    Ok(edited)
}
