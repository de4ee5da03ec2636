//! A component as the Create form sends it, and what it means: all problems at once.

use uuid::Uuid;

use crate::domain::{
    endpoints::{Endpoint, EndpointKind, Visibility},
    images::{ImageReference, covers, scope_name},
    organizations::{check_display_name, check_name, suggest_name},
    problem::{Problem, Problems},
    registries::Registry,
};

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct NewComponent {
    pub display_name: String,
    /// Empty: suggested from the display name.
    pub name: String,
    pub description: String,
    /// Id of a registry of the organization.
    pub registry: String,
    pub image: String,
    pub endpoint: FirstEndpoint,
}

/// The first endpoint, as typed.
#[derive(Clone, Debug, Default)]
pub struct FirstEndpoint {
    pub name: String,
    pub port: String,
    pub kind: String,
    pub context: String,
    pub visibility: String,
}

/// As understood.
pub(super) struct Plan {
    pub(super) display_name: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) registry_id: Uuid,
    pub(super) image: ImageReference,
    pub(super) endpoints: Vec<Endpoint>,
}

impl NewComponent {
    pub(super) fn parse(self, registries: &[Registry]) -> Result<Plan, Problems> {
        let mut problems = Problems::default();
        let display_name = problems.keep(check_display_name("display_name", &self.display_name));
        let typed_name = if self.name.trim().is_empty() { suggest_name(&self.display_name) } else { self.name.trim().to_owned() };
        let name = match (&display_name, self.name.trim().is_empty()) {
            (None, true) => None, // the display name's problem says it all
            _ => problems.keep(check_name("name", &typed_name)),
        };
        let description = problems.keep(check_description(&self.description));
        let registry = problems.keep(choose_registry(&self.registry, registries));
        let image = problems.keep(
            ImageReference::parse_noted(&self.image)
                .map(|(image, _)| image)
                .map_err(|problem| Problem { field: "image".into(), ..problem }),
        );
        let image = match (registry, image) {
            (Some(registry), Some(image)) => problems.keep(same_host(image, registry)),
            (_, image) => image,
        };
        let endpoint = problems.keep_all(self.endpoint.parse());
        match (display_name, name, description, registry, image, endpoint) {
            (Some(display_name), Some(name), Some(description), Some(registry), Some(image), Some(endpoint)) => {
                Ok(Plan { display_name, name, description, registry_id: registry.id, image, endpoints: vec![endpoint] })
            }
            _ => Err(problems),
        }
    }
}

impl FirstEndpoint {
    fn parse(self) -> Result<Endpoint, Problems> {
        let mut problems = Problems::default();
        let name = match self.name.trim() {
            "" => "default".to_owned(),
            name if name.chars().count() > 50 => {
                problems.add("endpoint_name", "too_long", "The endpoint's name has more than 50 characters.");
                String::new()
            }
            name => name.to_owned(),
        };
        let port = self.port.trim().parse::<u16>().ok().filter(|port| *port > 0);
        if port.is_none() {
            problems.add("endpoint_port", "port_invalid", "Enter the port the image listens on: a whole number from 1 to 65535.");
        }
        let kind = self.kind.trim().parse::<EndpointKind>().ok();
        if kind.is_none() {
            problems.add("endpoint_type", "type_invalid", "Choose REST, GraphQL, GRPC, WS, TCP or UDP.");
        }
        let visibility = self.visibility.trim().parse::<Visibility>().ok();
        if visibility.is_none() {
            problems.add("endpoint_visibility", "visibility_invalid", "Choose Project, Organization or Public.");
        }
        let context = match (kind.is_some_and(EndpointKind::has_context), self.context.trim()) {
            (false, _) => None,
            (true, "") => Some("/".to_owned()),
            (true, path) if path.starts_with('/') && !path.contains(char::is_whitespace) => Some(path.to_owned()),
            (true, _) => {
                problems.add("endpoint_context", "context_invalid", "The context is a path: it starts with / and has no spaces.");
                None
            }
        };
        match (port, kind, visibility) {
            (Some(port), Some(kind), Some(visibility)) if problems.is_empty() => {
                Ok(Endpoint { name, display_name: None, port, kind, visibilities: vec![visibility], context, schema_file_path: None })
            }
            _ => Err(problems),
        }
    }
}

fn check_description(text: &str) -> Result<String, Problem> {
    let text = text.trim();
    match text.chars().count() {
        0..=1000 => Ok(text.to_owned()),
        count => {
            Err(Problem::new("description", "too_long", format!("The description has {count} characters; at most 1,000 are allowed.")))
        }
    }
}

fn choose_registry<'a>(id: &str, registries: &'a [Registry]) -> Result<&'a Registry, Problem> {
    let id = Uuid::parse_str(id.trim()).ok();
    registries
        .iter()
        .find(|registry| Some(registry.id) == id)
        .ok_or_else(|| Problem::new("registry", "required", "Choose the registry that the image is in."))
}

/// The image must be at the chosen registry and within what its credential serves: it would never be used otherwise.
pub fn same_host(image: ImageReference, registry: &Registry) -> Result<ImageReference, Problem> {
    let prefix = registry.path_prefix.as_deref();
    if covers(&registry.host, prefix, &image) {
        return Ok(image);
    }
    let name = &registry.display_name;
    if image.host() == registry.host {
        let served = scope_name(&registry.host, prefix);
        let message =
            format!("The credential of {name} serves only what lies under {served}. Choose another registry, or correct the image.");
        return Err(Problem::new("image", "outside_of_credential", message));
    }
    let message = format!(
        "The image is at {}, but the registry {name} is {}. Choose the registry of that host, or correct the image.",
        image.host(),
        registry.host
    );
    Err(Problem::new("image", "other_host", message))
}
