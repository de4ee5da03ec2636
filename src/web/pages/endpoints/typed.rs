//! The form of one endpoint: from an endpoint to its fields, and back with all problems at once.

use super::public::Public;
use crate::{
    domain::{
        endpoints::{self, Endpoint, EndpointKind, Severity, Visibility},
        problem::{Problem, Problems},
    },
    web::form::FormState,
};

pub(super) const FORM: &str = "endpoint";
/// `visibility` may come several times; `was` is the name before, empty for a new one.
pub(super) const FIELDS: [&str; 9] = ["was", "name", "display_name", "port", "type", "context", "schema", "visibility", "revision"];

/// The form as an endpoint is.
pub(super) fn filled(endpoint: &Endpoint, was: &str, revision: i64) -> FormState {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut values = vec![
        ("was", was.to_owned()),
        ("name", endpoint.name.clone()),
        ("display_name", text(&endpoint.display_name)),
        ("port", endpoint.port.to_string()),
        ("type", endpoint.kind.as_str().to_owned()),
        ("context", text(&endpoint.context)),
        ("schema", text(&endpoint.schema_file_path)),
        ("revision", revision.to_string()),
    ];
    values.extend(endpoint.visibilities.iter().map(|visibility| ("visibility", visibility.as_str().to_owned())));
    FormState::typed(FORM, values)
}

/// A new endpoint's form: nothing is reachable from outside before somebody says so.
pub(super) fn blank(revision: i64) -> FormState {
    let values = [("type", "REST"), ("context", "/"), ("visibility", "Project"), ("revision", &revision.to_string())];
    FormState::typed(FORM, values.map(|(name, value)| (name, value.to_owned())))
}

/// What was typed as an endpoint. `others` are those of the text besides the one that is edited.
pub(super) fn parse(form: &FormState, others: &[Endpoint], public: &Public) -> Result<Endpoint, Problems> {
    let mut problems = Problems::default();
    let name = problems.keep(name(form.value("name").trim(), others));
    let port = problems.keep(port(form.value("port")));
    let kind = form.value("type").trim().parse::<EndpointKind>();
    let kind = problems.keep(kind.map_err(|_| Problem::new("type", "required", "Choose what the endpoint speaks.")));
    let context = problems.keep(context(form.value("context").trim(), kind));
    let visibilities = problems.keep(visibilities(form, kind, public));
    let some = |field: &str| Some(form.value(field).trim().to_owned()).filter(|text| !text.is_empty());
    match (name, port, kind, context, visibilities) {
        (Some(name), Some(port), Some(kind), Some(context), Some(visibilities)) => {
            let (display_name, schema_file_path) = (some("display_name"), some("schema"));
            Ok(Endpoint { name, display_name, port, kind, visibilities, context, schema_file_path })
        }
        _ => Err(problems),
    }
}

fn name(typed: &str, others: &[Endpoint]) -> Result<String, Problem> {
    let slug = endpoints::slug(typed);
    if slug.is_empty() {
        return Err(Problem::new("name", "required", "Enter a name with at least one letter a to z or digit: addresses are made of it."));
    }
    match others.iter().find(|other| endpoints::slug(&other.name) == slug) {
        Some(other) => {
            Err(Problem::new("name", "name_taken", format!("The name gives the same address as {}. Choose another one.", other.name)))
        }
        None => Ok(typed.to_owned()),
    }
}

fn port(typed: &str) -> Result<u16, Problem> {
    let port = typed.trim().parse().ok().filter(|port| *port > 0);
    port.ok_or_else(|| Problem::new("port", "invalid_port", "Enter the port that the program listens on: a number from 1 to 65535."))
}

/// None for the types without one, whatever stands in the field, which they hide.
fn context(typed: &str, kind: Option<EndpointKind>) -> Result<Option<String>, Problem> {
    if !kind.is_some_and(EndpointKind::has_context) {
        return Ok(None);
    }
    match typed {
        "" => Ok(Some("/".into())),
        typed if typed.starts_with('/') => Ok(Some(typed.into())),
        _ => Err(Problem::new("context", "invalid_context", "The context is a path: start it with /.")),
    }
}

fn visibilities(form: &FormState, kind: Option<EndpointKind>, public: &Public) -> Result<Vec<Visibility>, Problem> {
    let wrong = |code: &'static str, message: String| Err(Problem::new("visibility", code, message));
    let Ok(chosen) = form.all("visibility").map(|word| word.trim().parse()).collect::<Result<Vec<Visibility>, _>>() else {
        return wrong("required", "Choose Project, Organization or Public.".into());
    };
    if chosen.is_empty() {
        return wrong("required", "Choose who can reach the endpoint.".into());
    }
    match kind.and_then(|kind| public.refusal(kind)).filter(|_| chosen.contains(&Visibility::Public)) {
        Some(reason) => wrong("not_public", reason.to_owned()),
        None => Ok(chosen),
    }
}

/// What is wrong with the text that an edit gave, by the fields of the form. What no field is about is said of the whole.
pub(super) fn check(text: &str) -> Result<(), Problems> {
    let mut problems = Problems::default();
    for finding in endpoints::read(text).problems.into_iter().filter(|finding| finding.severity == Severity::Error) {
        let field = match finding.path.rsplit('.').next().unwrap_or_default() {
            "name" => "name",
            "displayName" => "display_name",
            "port" => "port",
            "type" => "type",
            "context" | "basePath" => "context",
            "networkVisibility" | "networkVisibilities" => "visibility",
            "schemaFilePath" => "schema",
            _ => "",
        };
        problems.add(field, finding.code, finding.message);
    }
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}
