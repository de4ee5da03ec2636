//! What is typed into the form, as the address carries it, and what the domain is given of it.

use crate::{
    domain::{
        components::{FirstEndpoint, Kind, NewComponent},
        images::is_docker_hub,
        problem::Problems,
        registries::Registry,
    },
    web::{form::FormState, paths, request::Request},
};

/// Every field of the form, in its order.
pub(in crate::web) const FIELDS: [&str; 20] = [
    "type",
    "display_name",
    "name",
    "description",
    "source",
    "hub_registry",
    "registry",
    "image",
    "endpoint_name",
    "endpoint_port",
    "endpoint_type",
    "endpoint_context",
    "endpoint_visibility",
    "port",
    // The port, of an endpoint or not, as an inspection filled it in: another one was typed by the person.
    "port_was",
    "cron",
    "time_zone",
    "concurrency",
    "profile",
    // The profile as the form came with it: another one was chosen by the person.
    "profile_was",
];
pub(super) const FORM: &str = "component";
/// The value of `source` for Docker Hub, and for any other registry.
pub(super) const HUB: &str = "docker_hub";
pub(super) const ELSEWHERE: &str = "registry";

pub(super) fn from_query(request: &Request) -> FormState {
    FormState::typed(FORM, FIELDS.into_iter().filter_map(|name| Some((name, request.query(name)?))))
}

pub(super) fn kind_of(form: &FormState) -> Option<Kind> {
    Kind::try_from(form.value("type").trim().to_owned()).ok()
}

/// What is typed, as fields of an address.
pub(super) fn carried(form: &FormState) -> impl Iterator<Item = (&str, &str)> {
    FIELDS.into_iter().map(|name| (name, form.value(name))).filter(|(_, value)| !value.is_empty())
}

/// What was typed into the forms of other types than this one: its form carries it along, so that who changes the type and
/// comes back finds it again.
pub(super) fn of_other_types(form: &FormState, kind: Kind) -> impl Iterator<Item = (&str, &str)> {
    carried(form).filter(move |(name, _)| only_of(name).is_some_and(|of| of != kind))
}

/// The type that alone asks for a field.
fn only_of(field: &str) -> Option<Kind> {
    match field {
        "port" => Some(Kind::WebApplication),
        "cron" | "time_zone" | "concurrency" => Some(Kind::ScheduledTask),
        field if field.starts_with("endpoint_") => Some(Kind::Service),
        _ => None,
    }
}

/// The form with all that is typed.
pub(super) fn form_page(organization: &str, project: &str, form: &FormState) -> String {
    paths::with_query(&paths::new_component(organization, project), carried(form))
}

/// The form has a registry for each source, and both are sent: which of them counts.
pub(in crate::web) fn registry_of<'a>(source: &str, hub_registry: &'a str, registry: &'a str) -> &'a str {
    if source.trim() == HUB { hub_registry } else { registry }
}

/// The name of the field that holds it.
fn registry_field(form: &FormState) -> &'static str {
    registry_of(form.value("source"), "hub_registry", "registry")
}

pub(super) fn new_component(form: &FormState) -> NewComponent {
    let text = |name: &str| form.value(name).to_owned();
    NewComponent {
        kind: text("type"),
        display_name: text("display_name"),
        name: text("name"),
        description: text("description"),
        registry: text(registry_field(form)),
        image: text("image"),
        endpoint: FirstEndpoint {
            name: text("endpoint_name"),
            port: text("endpoint_port"),
            kind: text("endpoint_type"),
            context: text("endpoint_context"),
            visibility: text("endpoint_visibility"),
        },
        port: text("port"),
        cron: text("cron"),
        time_zone: text("time_zone"),
        concurrency: text("concurrency"),
        profile: text("profile"),
    }
}

/// The domain's problems, by the names that their fields have here.
pub(super) fn by_fields(mut problems: Problems, form: &FormState) -> Problems {
    for problem in &mut problems.0 {
        match &*problem.field {
            "kind" => problem.field = "type".into(),
            "registry" => problem.field = registry_field(form).into(),
            _ => {}
        }
    }
    problems
}

/// The way back to the form from a registry that was just added: it is chosen then. A fragment stays.
pub(in crate::web) fn with_registry(back: &str, registry: &Registry) -> String {
    let (address, fragment) = back.split_at(back.find('#').unwrap_or(back.len()));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if !path.ends_with("/components/new") {
        return back.to_owned();
    }
    let is_hub = is_docker_hub(&registry.host);
    let (source, field) = if is_hub { (HUB, "hub_registry") } else { (ELSEWHERE, "registry") };
    let mut fields: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    fields.retain(|(name, _)| name != field);
    fields.push((field.into(), registry.id.to_string()));
    if !fields.iter().any(|(name, _)| name == "source") {
        fields.push(("source".into(), source.into()));
    }
    paths::with_query(path, fields) + fragment
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> FormState {
        FormState::typed(FORM, fields.iter().copied())
    }

    #[test]
    fn the_source_says_which_registry_counts() {
        let both = [("hub_registry", "h"), ("registry", "r")];
        let of = |source| new_component(&form(&[&both[..], &[("source", source)]].concat())).registry;
        assert_eq!((of(HUB), of(ELSEWHERE), of(""), of("nonsense")), ("h".into(), "r".into(), "r".into(), "r".into()));
    }

    #[test]
    fn a_problem_stands_at_the_field_that_the_person_sees() {
        let mut problems = Problems::one("registry", "required", "Choose.");
        problems.add("kind", "required", "Choose.");
        problems.add("image", "other_host", "No.");
        let fields =
            |source| by_fields(problems.clone(), &form(&[("source", source)])).0.into_iter().map(|of| of.field).collect::<Vec<_>>();
        assert_eq!(fields(HUB), ["hub_registry", "type", "image"]);
        assert_eq!(fields(ELSEWHERE), ["registry", "type", "image"]);
    }

    #[test]
    fn the_form_of_a_type_carries_what_only_others_ask_for() {
        let typed = form(&[("name", "shop"), ("endpoint_port", "8080"), ("port", "80"), ("cron", "@daily"), ("profile", "default")]);
        let others = |kind| of_other_types(&typed, kind).map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(others(Kind::Service), ["port", "cron"]);
        assert_eq!(others(Kind::WebApplication), ["endpoint_port", "cron"]);
        assert_eq!(others(Kind::ScheduledTask), ["endpoint_port", "port"]);
        assert_eq!(others(Kind::ManualTask), ["endpoint_port", "port", "cron"]);
    }

    #[test]
    fn an_address_carries_what_is_typed_and_nothing_else() {
        let typed = form(&[("image", "a&b=c"), ("type", "service"), ("name", ""), ("organization", "acme")]);
        assert_eq!(form_page("acme", "shop", &typed), "/organizations/acme/projects/shop/components/new?type=service&image=a%26b%3Dc");
    }
}
