//! The tags as a page of its own. It waits for the registry, as it was asked to, and carries what was typed into the form there
//! and back, in its address.

use leptos::prelude::*;

use super::{
    super::{
        create, deploy,
        frame::{Entry, Framed, Place},
        page, segment, take_flash,
    },
    Offer, Wanted, about, foot,
};
use crate::{
    domain::{
        Caller, components,
        images::ImageReference,
        organizations,
        problem::Error,
        registries::{Tag, TagPage},
    },
    web::{parts::TextField, paths, request::Request},
};

/// The form that a tag is chosen for.
struct Chooser {
    /// Its page.
    back: String,
    /// The page of the tags.
    here: String,
    /// What was typed into it.
    typed: Vec<(String, String)>,
    wanted: Wanted,
}

impl Chooser {
    fn new(request: &Request, back: String, here: String, fields: &[&str]) -> Self {
        let typed: Vec<_> = fields.iter().filter_map(|name| Some(((*name).to_owned(), request.query(name)?))).collect();
        let wanted = Wanted {
            source: request.query("source").unwrap_or_default(),
            registry: request.query("registry").unwrap_or_default(),
            hub_registry: request.query("hub_registry").unwrap_or_default(),
            image: request.query("image").unwrap_or_default(),
            filter: request.query("filter").unwrap_or_default(),
            after: request.query("after"),
            used: String::new(),
        };
        Self { back, here, typed, wanted }
    }

    fn typed(&self, name: &str) -> &str {
        self.typed.iter().find(|(field, _)| field == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }

    /// The form with what was typed, but for one field.
    fn back_with(&self, name: &str, value: &str) -> String {
        let others = self.typed.iter().filter(|(field, _)| field != name).map(|(field, value)| (field.as_str(), value.as_str()));
        paths::with_query(&self.back, others.chain([(name, value)]))
    }

    /// The form with a tag of the image filled in.
    fn back_with_tag(&self, image: &ImageReference, tag: &str) -> String {
        if self.typed("by") == "tag" {
            return self.back_with("tag", tag);
        }
        let chosen = image.with_tag(tag).map(|image| image.familiar());
        self.back_with("image", chosen.as_deref().unwrap_or(self.typed("image")))
    }

    fn back_as_typed(&self) -> String {
        paths::with_query(&self.back, self.typed.iter().map(|(name, value)| (name, value)))
    }

    fn view(&self, request: &Request, offer: Offer) -> AnyView {
        let hidden =
            self.typed.iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> }).collect_view();
        let list = match offer.0 {
            Ok((image, page)) => self.list(request, &image, page),
            Err(sentence) => view! { <p class="note">{sentence}</p> }.into_any(),
        };
        view! {
            <article class="card narrow">
                <section>
                    <form method="get" action=self.here.clone() class="filter">
                        {hidden}
                        <TextField name="filter" label="Filter" value=self.wanted.filter.clone() mono=true/>
                        <button class="button">"Filter"</button>
                    </form>
                    {list}
                </section>
                <footer><a class="button" href=self.back_as_typed()>"Back without choosing"</a></footer>
            </article>
        }
        .into_any()
    }

    fn list(&self, request: &Request, image: &ImageReference, page: TagPage) -> AnyView {
        let foot = foot(&page, &self.wanted.filter);
        let more = page.tags.last().filter(|_| page.has_more).map(|last| {
            let others = self.typed.iter().map(|(name, value)| (name.as_str(), value.as_str()));
            let rest = [("filter", self.wanted.filter.as_str()), ("after", last.name.as_str())];
            view! { <p class="pagination"><a class="button" href=paths::with_query(&self.here, others.chain(rest))>"Show more"</a></p> }
        });
        let row = |tag: Tag| {
            let (href, about) = (self.back_with_tag(image, &tag.name), about(&tag, request, &self.wanted));
            view! { <li><a class="mono" href=href>{tag.name}</a>{about}</li> }
        };
        let rows = page.tags.into_iter().map(row).collect_view();
        view! { <p class="dim">{foot}</p><ul class="tags">{rows}</ul>{more} }.into_any()
    }
}

/// The tags for the Create page.
pub(in crate::web::pages) fn for_new_component() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = &caller.organization_name;
        let project = organizations::project(context, &caller, &project).await?;
        let back = paths::new_component(organization, &project.name);
        let here = paths::new_component_tags(organization, &project.name);
        let chooser = Chooser::new(&request, back, here, &create::FIELDS);
        let offer = Offer::load_in_time(context, &caller, &chooser.wanted).await?;
        framed(&request, &caller, Place::Project(project), chooser, offer).await
    })
}

/// The tags for the Update Image & Deploy panel.
pub(in crate::web::pages) fn for_deploy() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = &caller.organization_name;
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let back = paths::update_image(organization, &project.name, &component.name);
        let here = paths::deploy_tags(organization, &project.name, &component.name);
        let mut chooser = Chooser::new(&request, back, here, &deploy::FIELDS);
        // An Image URL goes with the registry that is chosen beside it.
        if chooser.typed("by") != "url" || chooser.wanted.registry.trim().is_empty() {
            chooser.wanted.registry = component.registry_id.to_string();
        }
        if chooser.typed("by") != "url" {
            chooser.typed.retain(|(name, _)| name != "by");
            chooser.typed.push(("by".into(), "tag".into()));
            chooser.wanted.image = component.image.name();
            chooser.wanted.used = component.image.tag().unwrap_or_default().into();
        }
        let offer = Offer::load_in_time(context, &caller, &chooser.wanted).await?;
        framed(&request, &caller, Place::Component(project, Box::new(component), Entry::Deploy), chooser, offer).await
    })
}

async fn framed(request: &Request, caller: &Caller, place: Place, chooser: Chooser, offer: Offer) -> Result<AnyView, Error> {
    let of = offer.0.as_ref().map(|(image, _)| format!("Of {}, newest version first.", image.name())).unwrap_or_default();
    let framed = Framed {
        place,
        title: "Choose a tag".into(),
        description: of,
        action: None,
        flash: take_flash(request).await,
        body: chooser.view(request, offer),
    };
    Ok(framed.view(request, Some(caller)))
}
