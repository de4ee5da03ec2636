//! Every path of the console that a page or an answer links to, in one place.

use uuid::Uuid;

pub const HOME: &str = "/";
pub const SETUP: &str = "/setup";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_OUT: &str = "/sign-out";
pub const THEME: &str = "/theme";
pub const GUIDE: &str = "/guide";

/// Plain forms about a registry that may carry a file.
pub const ADD_REGISTRY: &str = "/do/add_registry";
pub const TRY_REGISTRY: &str = "/do/try_registry";
pub const EDIT_REGISTRY: &str = "/do/edit_registry";
pub const REPLACE_SECRET: &str = "/do/replace_registry_secret";
pub const CREATE_COMPONENT: &str = "/do/create_component";
pub const UPLOAD_SCHEMAS: &str = "/do/upload_schemas";
pub const SAVE_ENDPOINT: &str = "/do/save_endpoint";
/// The YAML editor's text, or a file in its place.
pub const EDIT_ENDPOINTS: &str = "/do/edit_endpoints";
/// What is wrong with a text: writes nothing.
pub const CHECK_ENDPOINTS: &str = "/do/check_endpoints";
pub const UPLOADS: [&str; 6] = [ADD_REGISTRY, TRY_REGISTRY, EDIT_REGISTRY, REPLACE_SECRET, EDIT_ENDPOINTS, UPLOAD_SCHEMAS];

/// Forms that may be larger than others, in bytes of the whole body: a text of 1 MiB as browsers encode it, some schema files.
pub const LARGE_FORMS: [(&str, usize); 3] = [(EDIT_ENDPOINTS, 3 << 20), (CHECK_ENDPOINTS, 3 << 20), (UPLOAD_SCHEMAS, MAX_UPLOAD)];
/// One upload of schema files; a component may have more by several.
pub const MAX_UPLOAD: usize = 48 << 20;

pub fn organization(organization: &str) -> String {
    format!("/organizations/{organization}")
}

pub fn registries(organization: &str) -> String {
    format!("/organizations/{organization}/settings/credentials/registries")
}

pub fn new_registry(organization: &str) -> String {
    format!("{}/new", registries(organization))
}

/// The form for a registry of a vendor, and the page that the person comes back to: each where it is known.
pub fn new_registry_with(organization: &str, vendor: Option<&str>, back: Option<&str>) -> String {
    let fields: Vec<_> = [("vendor", vendor), ("return", back)].into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    if fields.is_empty() { new_registry(organization) } else { with_query(&new_registry(organization), fields) }
}

pub fn registry(organization: &str, id: Uuid) -> String {
    format!("{}/{id}", registries(organization))
}

pub fn edit_registry(organization: &str, id: Uuid) -> String {
    format!("{}/edit", registry(organization, id))
}

pub fn registry_secret(organization: &str, id: Uuid) -> String {
    format!("{}/secret", registry(organization, id))
}

pub fn project(organization: &str, project: &str) -> String {
    format!("/organizations/{organization}/projects/{project}")
}

pub fn new_component(organization: &str, project: &str) -> String {
    format!("{}/components/new", self::project(organization, project))
}

pub fn new_component_tags(organization: &str, project: &str) -> String {
    format!("{}/tags", new_component(organization, project))
}

pub fn check_component(organization: &str, project: &str) -> String {
    format!("{}/check", new_component(organization, project))
}

pub fn component(organization: &str, project: &str, component: &str) -> String {
    format!("{}/components/{component}", self::project(organization, project))
}

pub fn deploy(organization: &str, project: &str, component: &str) -> String {
    format!("{}/deploy", self::component(organization, project, component))
}

pub fn update_image(organization: &str, project: &str, component: &str) -> String {
    format!("{}/deploy/update", self::component(organization, project, component))
}

/// What an update would change.
pub fn review_update(organization: &str, project: &str, component: &str) -> String {
    format!("{}/review", update_image(organization, project, component))
}

pub fn endpoints(organization: &str, project: &str, component: &str) -> String {
    format!("{}/endpoints", deploy(organization, project, component))
}

pub fn new_endpoint(organization: &str, project: &str, component: &str) -> String {
    format!("{}/new", endpoints(organization, project, component))
}

/// The editor of `endpoints.yaml`.
pub fn edit_endpoints(organization: &str, project: &str, component: &str) -> String {
    format!("{}/edit", endpoints(organization, project, component))
}

/// One endpoint, by its slug, which is unique in the component.
pub fn endpoint(organization: &str, project: &str, component: &str, slug: &str) -> String {
    format!("{}/by-name/{slug}", endpoints(organization, project, component))
}

/// Asks whether an endpoint is to be deleted.
pub fn delete_endpoint(organization: &str, project: &str, component: &str, slug: &str) -> String {
    format!("{}/delete", endpoint(organization, project, component, slug))
}

/// The endpoints as `component.yaml`, before and after.
pub fn convert_endpoints(organization: &str, project: &str, component: &str) -> String {
    format!("{}/convert", endpoints(organization, project, component))
}

/// A confirmation on the Deploy page about an environment: `promote`, `roll-back`, `stop`, `cancel`.
pub fn order(organization: &str, project: &str, component: &str, environment: &str, order: &str) -> String {
    format!("{}/environments/{environment}/{order}", deploy(organization, project, component))
}

/// A schema file, by its SHA-256.
pub fn schema_file(organization: &str, project: &str, component: &str, sha256: &str) -> String {
    format!("{}/schemas/{sha256}", deploy(organization, project, component))
}

/// The Kubernetes objects of a deployment as a file.
pub fn deployment_objects(organization: &str, project: &str, component: &str, id: Uuid) -> String {
    format!("{}/objects.yaml", deployment(organization, project, component, id))
}

pub fn deploy_tags(organization: &str, project: &str, component: &str) -> String {
    format!("{}/deploy/tags", self::component(organization, project, component))
}

pub fn deployments(organization: &str, project: &str, component: &str) -> String {
    format!("{}/deployments", self::component(organization, project, component))
}

pub fn deployment(organization: &str, project: &str, component: &str, id: Uuid) -> String {
    format!("{}/deployments/{id}", self::component(organization, project, component))
}

pub fn component_settings(organization: &str, project: &str, component: &str) -> String {
    format!("{}/settings", self::component(organization, project, component))
}

pub fn delete_component(organization: &str, project: &str, component: &str) -> String {
    format!("{}/delete", component_settings(organization, project, component))
}

pub fn forget_component(organization: &str, project: &str, component: &str) -> String {
    format!("{}/forget", component_settings(organization, project, component))
}

pub fn guide(page: &str) -> String {
    format!("{GUIDE}/{page}")
}

/// Fragments: pieces of pages that islands ask for after load.
pub mod fragments {
    use uuid::Uuid;

    pub fn pipeline(organization: &str, project: &str, component: &str) -> String {
        format!("/fragments/organizations/{organization}/projects/{project}/components/{component}/pipeline")
    }

    /// What only the registry and the data plane can tell of an update.
    pub fn review(organization: &str, project: &str, component: &str) -> String {
        format!("/fragments/organizations/{organization}/projects/{project}/components/{component}/review")
    }

    pub fn deployment(organization: &str, project: &str, component: &str, id: Uuid) -> String {
        format!("/fragments/organizations/{organization}/projects/{project}/components/{component}/deployments/{id}")
    }

    /// How far the deletion of a component has come.
    pub fn deletion(organization: &str, project: &str, component: &str) -> String {
        format!("/fragments/organizations/{organization}/projects/{project}/components/{component}/deletion")
    }

    pub fn tags(organization: &str) -> String {
        format!("/fragments/organizations/{organization}/tags")
    }

    pub fn image(organization: &str) -> String {
        format!("/fragments/organizations/{organization}/image")
    }

    pub fn component_name(organization: &str, project: &str) -> String {
        format!("/fragments/organizations/{organization}/projects/{project}/component-name")
    }

    pub fn schedule(organization: &str) -> String {
        format!("/fragments/organizations/{organization}/schedule")
    }

    pub fn inspection(organization: &str) -> String {
        format!("/fragments/organizations/{organization}/inspection")
    }
}

/// The event stream of a component.
pub fn live(component_id: Uuid) -> String {
    format!("/live/components/{component_id}")
}

/// A path with fields in its query string.
pub fn with_query(path: &str, fields: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<str>)>) -> String {
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}

/// Makes a value safe inside a query string.
pub fn query(value: &str) -> String {
    url::form_urlencoded::byte_serialize(value.as_bytes()).collect()
}
