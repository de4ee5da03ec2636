//! The change that the panel's form names: read from a form or an address, carried between the panel and the review. Reads
//! no rows; what is right is for `deployments` to say.

use uuid::Uuid;

use crate::{
    domain::{
        components::Component,
        deployments::Change,
        problem::{Problem, Problems},
    },
    web::{form::FormState, request::Request},
};

/// The form on the Deploy page.
const FORM: &str = "deploy";
/// Its fields, which the pages of the flow hand on to each other.
pub(in crate::web::pages) const FIELDS: [&str; 5] = ["by", "tag", "registry", "image", "previous"];

/// What was typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::web) struct Typed {
    /// `tag`, `url` or `previous`.
    pub(super) by: String,
    pub(super) tag: String,
    /// Id of the registry that an Image URL goes with; empty: the component's own.
    pub(super) registry: String,
    pub(super) image: String,
    /// Id of an earlier deployment.
    pub(super) previous: String,
}

impl Typed {
    /// As the fields come, in the order of [`FIELDS`].
    pub(super) fn new([by, tag, registry, image, previous]: [String; 5]) -> Self {
        Self { by, tag, registry, image, previous }
    }

    /// What a form that came back holds, else what the address says, else the component as it is.
    pub(super) fn of(request: &Request, form: &FormState, component: &Component) -> Self {
        let now = Self::unchanged(component);
        let read = |(name, default): (&str, &str)| {
            form.get(name).map(str::to_owned).or_else(|| request.query(name)).unwrap_or_else(|| default.to_owned())
        };
        Self::new(now.fields().map(read))
    }

    /// The component's own image again.
    fn unchanged(component: &Component) -> Self {
        Self::new([
            "tag".into(),
            component.image.tag().unwrap_or_default().into(),
            component.registry_id.to_string(),
            component.image.familiar(),
            String::new(),
        ])
    }

    pub(super) fn fields(&self) -> [(&'static str, &str); 5] {
        let [by, tag, registry, image, previous] = FIELDS;
        [(by, &self.by), (tag, &self.tag), (registry, &self.registry), (image, &self.image), (previous, &self.previous)]
    }

    /// The form as it goes back to the person.
    pub(super) fn form(&self, problems: Problems) -> FormState {
        FormState::new(FORM, self.fields(), problems)
    }

    /// What is asked for; an image of the component's own registry is no change of registry.
    pub(super) fn change(&self, component: &Component) -> Result<Change, Problem> {
        match self.by.trim() {
            "tag" => Ok(Change::Tag(self.tag.clone())),
            "url" => self.by_url(component),
            "previous" => match Uuid::parse_str(self.previous.trim()) {
                Ok(id) => Ok(Change::Previous(id)),
                Err(_) => Err(Problem::new("previous", "required", "Choose one of the previous images.")),
            },
            _ => Err(Problem::new("by", "required", "Choose Update Image Tag, Update Image URL or Previous Images.")),
        }
    }

    fn by_url(&self, component: &Component) -> Result<Change, Problem> {
        let image = self.image.clone();
        match self.registry.trim() {
            "" => Ok(Change::Url(image)),
            id => match Uuid::parse_str(id) {
                Ok(registry) if registry == component.registry_id => Ok(Change::Url(image)),
                Ok(registry) => Ok(Change::Registry { registry, image }),
                Err(_) => Err(Problem::new("registry", "required", "Choose the registry that the image is in.")),
            },
        }
    }
}
