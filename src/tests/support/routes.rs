//! Every address of the console. Tests hold the lists against the router's own.

use super::Acme;

/// A page that leptos renders.
pub(crate) struct Page {
    /// As the router has it.
    pub(crate) pattern: &'static str,
    /// Only a signed-in person reaches it.
    pub(crate) members_only: bool,
    /// It sends the browser half.
    pub(crate) has_island: bool,
    /// It was asked to wait for a registry.
    pub(crate) waits: bool,
}

const fn open(pattern: &'static str) -> Page {
    Page { pattern, members_only: false, has_island: false, waits: false }
}

const fn page(pattern: &'static str) -> Page {
    Page { pattern, members_only: true, has_island: false, waits: false }
}

const fn live(pattern: &'static str) -> Page {
    Page { pattern, members_only: true, has_island: true, waits: false }
}

const fn waiting(pattern: &'static str) -> Page {
    Page { pattern, members_only: true, has_island: false, waits: true }
}

pub(crate) const PAGES: &[Page] = &[
    open("/setup"),
    open("/sign-in"),
    page("/"),
    page("/guide"),
    page("/guide/:page"),
    page("/organizations/:organization"),
    page("/organizations/:organization/settings/credentials/registries"),
    page("/organizations/:organization/settings/credentials/registries/new"),
    page("/organizations/:organization/settings/credentials/registries/:registry"),
    page("/organizations/:organization/settings/credentials/registries/:registry/edit"),
    page("/organizations/:organization/settings/credentials/registries/:registry/secret"),
    page("/organizations/:organization/projects/:project"),
    page("/organizations/:organization/projects/:project/components/new"),
    page("/organizations/:organization/projects/:project/components/new/check"),
    page("/organizations/:organization/projects/:project/components/new/tags"),
    page("/organizations/:organization/projects/:project/components/:component"),
    page("/organizations/:organization/projects/:project/components/:component/settings"),
    page("/organizations/:organization/projects/:project/components/:component/settings/delete"),
    page("/organizations/:organization/projects/:project/components/:component/settings/forget"),
    live("/organizations/:organization/projects/:project/components/:component/deploy"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/update"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/promote"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/roll-back"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/stop"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/environments/:environment/cancel"),
    waiting("/organizations/:organization/projects/:project/components/:component/deploy/update/review"),
    waiting("/organizations/:organization/projects/:project/components/:component/deploy/tags"),
    page("/organizations/:organization/projects/:project/components/:component/deploy/endpoints"),
    page("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/new"),
    live("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/edit"),
    page("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/convert"),
    page("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/by-name/:endpoint"),
    page("/organizations/:organization/projects/:project/components/:component/deploy/endpoints/by-name/:endpoint/delete"),
    page("/organizations/:organization/projects/:project/components/:component/deployments"),
    live("/organizations/:organization/projects/:project/components/:component/deployments/:deployment"),
];

impl Page {
    /// Its address in a furnished organization.
    pub(crate) fn path(&self, acme: &Acme) -> String {
        filled(self.pattern, acme)
    }

    /// It belongs to one organization.
    pub(crate) fn is_of_organization(&self) -> bool {
        self.pattern.contains(":organization")
    }
}

/// Every address that is no page and no server function, as the router's source names it, with its method.
pub(crate) fn plain_routes() -> Vec<(&'static str, &'static str)> {
    let source = include_str!("../../web/router.rs");
    let routes = source.split(".route(").skip(1).map(|rest| {
        let path = rest.split('"').nth(1).unwrap();
        let method = rest.split('"').nth(2).unwrap().trim_start_matches([',', ' ', '\n']);
        (method.split('(').next().unwrap(), path)
    });
    routes.collect()
}

/// Every address that takes a form: server functions and plain handlers.
pub(crate) fn form_paths() -> Vec<&'static str> {
    let server_functions = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path);
    server_functions.chain(plain_routes().into_iter().filter(|(method, _)| *method == "post").map(|(_, path)| path)).collect()
}

/// A pattern with the furnished organization's names and ids in the places of its parameters.
pub(crate) fn filled(pattern: &str, acme: &Acme) -> String {
    let parameter = |name: &str| match name {
        "organization" => "acme".to_owned(),
        "project" => "web-shop".to_owned(),
        "page" => "deploy".to_owned(),
        "registry" => acme.registry.to_string(),
        "deployment" => acme.deployment.to_string(),
        "component" => "greeter".to_owned(),
        "environment" => "development".to_owned(),
        "id" => acme.component.to_string(),
        "file" => "nothing.js".to_owned(),
        "endpoint" => "default".to_owned(),
        "sha256" => "0".repeat(64),
        other => panic!("what is the parameter {other}?"),
    };
    let segment = |segment: &str| match segment.trim_end_matches('}').strip_prefix([':', '{']) {
        Some(name) => parameter(name),
        None => segment.to_owned(),
    };
    pattern.split('/').map(segment).collect::<Vec<_>>().join("/")
}
