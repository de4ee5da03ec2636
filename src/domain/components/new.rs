//! A component as the Create form sends it, and what it means: all problems at once.

use uuid::Uuid;

use super::{Kind, SecurityProfile, Workload};
use crate::domain::{
    endpoints::{Endpoint, EndpointKind, Visibility},
    images::{ImageReference, covers, scope_name},
    organizations::{self, check_display_name, suggest_name},
    problem::{Problem, Problems},
    registries::Registry,
    schedule::Schedule,
};

/// The page that creates components has the address that a component of this name would have.
const RESERVED: &str = "new";

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct NewComponent {
    /// `service`, ... ([`Kind::as_str`]).
    pub kind: String,
    pub display_name: String,
    /// Empty: suggested from the display name.
    pub name: String,
    pub description: String,
    /// Id of a registry of the organization.
    pub registry: String,
    pub image: String,
    /// Of a Service.
    pub endpoint: FirstEndpoint,
    /// Of a Web Application.
    pub port: String,
    /// Of a Scheduled Task.
    pub cron: String,
    pub time_zone: String,
    pub concurrency: String,
    /// `default` or `restricted`; empty: `default`.
    pub profile: String,
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
#[derive(Clone, Debug)]
pub struct Plan {
    pub display_name: String,
    pub name: String,
    pub description: String,
    pub workload: Workload,
    /// Of a Service: one; else none.
    pub endpoints: Vec<Endpoint>,
    pub registry: Registry,
    pub image: ImageReference,
    /// What was filled in or corrected in the image as typed.
    pub notes: Vec<String>,
    pub profile: SecurityProfile,
}

impl NewComponent {
    /// The name that it would get, if that can be one.
    pub fn wanted_name(&self) -> Option<String> {
        check_name(&self.typed_name()).ok()
    }

    fn typed_name(&self) -> String {
        if self.name.trim().is_empty() { suggest_name(&self.display_name) } else { self.name.trim().to_owned() }
    }

    pub(super) fn parse(self, registries: &[Registry], is_taken: bool) -> Result<Plan, Problems> {
        let mut problems = Problems::default();
        let kind = problems.keep(choose_kind(&self.kind));
        let display_name = problems.keep(check_display_name("display_name", &self.display_name));
        let name = match (&display_name, self.name.trim().is_empty()) {
            (None, true) => None, // the display name's problem says it all
            _ => problems.keep(check_name(&self.typed_name()).and_then(|name| if is_taken { Err(name_taken(&name)) } else { Ok(name) })),
        };
        let description = problems.keep(check_description(&self.description));
        let registry = problems.keep(choose_registry(&self.registry, registries));
        let read = ImageReference::parse_noted(&self.image);
        let read = problems.keep(read.map_err(|problem| Problem { field: "image".into(), ..problem }));
        let read = match (registry, read) {
            (Some(registry), Some((image, notes))) => problems.keep(same_host(image, registry)).map(|image| (image, notes)),
            (_, read) => read,
        };
        let profile = problems.keep(choose_profile(&self.profile));
        let shape = kind.and_then(|kind| problems.keep_all(self.shape(kind)));
        match (display_name, name, description, registry, read, profile, shape) {
            (
                Some(display_name),
                Some(name),
                Some(description),
                Some(registry),
                Some((image, notes)),
                Some(profile),
                Some((workload, endpoints)),
            ) if problems.is_empty() => {
                let registry = registry.clone();
                Ok(Plan { display_name, name, description, workload, endpoints, registry, image, notes, profile })
            }
            _ => Err(problems),
        }
    }

    /// The settings of the kind, and a Service's first endpoint.
    fn shape(self, kind: Kind) -> Result<(Workload, Vec<Endpoint>), Problems> {
        Ok(match kind {
            Kind::Service => (Workload::Service, vec![self.endpoint.parse()?]),
            Kind::WebApplication => (Workload::WebApplication { port: check_port("port", &self.port)? }, Vec::new()),
            Kind::ScheduledTask => (Workload::ScheduledTask(Schedule::parse(&self.cron, &self.time_zone, &self.concurrency)?), Vec::new()),
            Kind::ManualTask => (Workload::ManualTask, Vec::new()),
        })
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
        let port = problems.keep(check_port("endpoint_port", &self.port));
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

fn choose_kind(typed: &str) -> Result<Kind, Problem> {
    Kind::try_from(typed.trim().to_owned())
        .map_err(|_| Problem::new("kind", "required", "Choose Service, Web Application, Scheduled Task or Manual Task."))
}

pub(super) fn choose_profile(typed: &str) -> Result<SecurityProfile, Problem> {
    match typed.trim() {
        "" => Ok(SecurityProfile::default()),
        typed => SecurityProfile::try_from(typed.to_owned())
            .map_err(|_| Problem::new("profile", "required", "Choose the security profile Default or Restricted.")),
    }
}

/// The name of a component as typed, trimmed. Besides the rule of all names: a letter first, for a Kubernetes Service
/// can't begin with a digit (DNS-1035), and none that is an address of this console.
pub fn check_name(typed: &str) -> Result<String, Problem> {
    let name = organizations::check_name("name", typed)?;
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = "The name can't be used. Start with a letter: a Kubernetes Service can't begin with a digit.";
        return Err(Problem::new("name", "invalid_name", message));
    }
    if name == RESERVED {
        return Err(Problem::new("name", "reserved", format!("{RESERVED} is an address of this console. Choose another name.")));
    }
    Ok(name)
}

pub(super) fn check_port(field: &'static str, typed: &str) -> Result<u16, Problem> {
    let port = typed.trim().parse::<u16>().ok().filter(|port| *port > 0);
    port.ok_or_else(|| Problem::new(field, "port_invalid", "Enter the port the image listens on: a whole number from 1 to 65535."))
}

pub(super) fn name_taken(name: &str) -> Problem {
    Problem::new("name", "taken", format!("The project already has a component named {name}. Choose another name."))
}

pub(super) fn check_description(text: &str) -> Result<String, Problem> {
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
