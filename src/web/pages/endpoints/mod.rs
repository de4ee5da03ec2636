//! Endpoints of a Service: their list with the schema files, the form of one, the YAML editor, the conversion. Form and YAML
//! are two views of one text; what is read and how it is edited is `domain::endpoints`' own.

mod convert;
mod delete;
mod findings;
mod form;
mod list;
mod post;
mod public;
mod schema_files;
mod typed;
mod yaml;

pub(super) use self::{
    convert::convert,
    delete::delete,
    form::{new, show},
    list::list,
    yaml::edit,
};
pub(in crate::web) use self::{
    post::{check_endpoints, edit_endpoints, save_endpoint},
    schema_files::FORM as SCHEMAS_FORM,
};
use super::{
    component::Subject,
    frame::{Entry, Framed, Place},
};
use crate::{
    domain::{
        Caller,
        components::Kind,
        endpoints::{self, Endpoint},
        problem::{Error, Problems},
    },
    web::{flash::Flash, paths, request::Request},
};
use leptos::prelude::*;

/// The Service that a page or a form is about; other kinds have no endpoints.
pub(in crate::web) async fn service(request: &Request, caller: &Caller, project: &str, component: &str) -> Result<Subject, Error> {
    let subject = Subject::load(request, caller, project, component).await?;
    if subject.component.kind() == Kind::Service { Ok(subject) } else { Err(Error::NotFound) }
}

/// One of the pages below `deploy/endpoints`, by the function of `paths` that knows it.
fn address(caller: &Caller, subject: &Subject, path: fn(&str, &str, &str) -> String) -> String {
    path(&caller.organization_name, &subject.project.name, &subject.component.name)
}

/// One of the pages of an endpoint.
fn address_of(caller: &Caller, subject: &Subject, name: &str, path: fn(&str, &str, &str, &str) -> String) -> String {
    path(&caller.organization_name, &subject.project.name, &subject.component.name, &endpoints::slug(name))
}

/// The endpoints of the text that the next deployment takes.
fn present(subject: &Subject) -> Vec<Endpoint> {
    endpoints::read(&subject.component.endpoints_yaml).endpoints
}

/// The endpoint that a page's address names.
fn by_slug(subject: &Subject, slug: &str) -> Result<Endpoint, Error> {
    present(subject).into_iter().find(|endpoint| endpoints::slug(&endpoint.name) == slug).ok_or(Error::NotFound)
}

/// Name of the endpoint that has the component's own path.
fn default_of<'a>(subject: &'a Subject, endpoints: &'a [Endpoint]) -> Option<&'a str> {
    let marked = subject.component.default_endpoint.as_deref().filter(|name| endpoints.iter().any(|endpoint| endpoint.name == *name));
    marked.or_else(|| endpoints.first().map(|endpoint| endpoint.name.as_str()))
}

/// A sentence of `domain::endpoints` why an edit can't be made.
fn refused(sentence: String) -> Error {
    Problems::one("", "endpoints_not_edited", sentence).into()
}

/// A page of the component's Deploy entry.
fn framed(subject: Subject, title: String, description: String, flash: Flash, action: Option<AnyView>, body: AnyView) -> Framed {
    Framed { title, description, place: Place::Component(subject.project, Box::new(subject.component), Entry::Deploy), action, flash, body }
}

/// What every change of endpoints waits for.
fn holds_from_the_next_deployment(caller: &Caller, subject: &Subject) -> AnyView {
    let update = address(caller, subject, paths::update_image);
    view! {
        <p class="note endpoints-note">"What changes here holds from the next deployment. "<a href=update>"Update Image & Deploy"</a></p>
    }
    .into_any()
}
