//! The tags of a repository to choose from: what the picker shows under a field, and the same as a page of its own for who
//! has no JavaScript. The page waits for the registry, as it was asked to, and carries what was typed there and back.

use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

use super::{
    PATIENCE, create,
    frame::{Entry, Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{
        Caller, Context, components,
        images::ImageReference,
        organizations,
        problem::Error,
        registries::{self, BY_THE_NODES, Tag, TagPage, Tags, client::RegistryProblem},
    },
    web::{
        parts::{Badge, Moment, TextField, Tone},
        paths,
        request::Request,
    },
};

/// The way to the page of the tags, with what is typed; the picker makes it open its list.
pub(super) fn button(page: String) -> AnyView {
    view! { <button class="button small" formmethod="get" formaction=page formnovalidate=true>"Choose from the repository's tags"</button> }
        .into_any()
}

/// Which tags are asked for, as the query says it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Id of the registry's row.
    registry: String,
    /// The repository as typed; a tag behind it does not matter.
    image: String,
    filter: String,
    /// The last tag of the page before.
    after: Option<String>,
    /// The tag that is in use.
    used: String,
}

/// Tags to choose from, or a sentence where there are none to be had.
pub struct Offer(Result<(ImageReference, TagPage), String>);

impl Offer {
    /// Asks the registry. [`Error::NotFound`] where the organization has none of that id.
    pub async fn load(context: &Context, caller: &Caller, wanted: &Wanted) -> Result<Self, Error> {
        let id = Uuid::parse_str(wanted.registry.trim()).map_err(|_| Error::NotFound)?;
        let registry = registries::get(context, caller, id).await?;
        if wanted.image.trim().is_empty() {
            return Ok(Self(Err("Enter the image first: its repository has the tags.".into())));
        }
        let parsed = ImageReference::parse_noted(&wanted.image).and_then(|(image, _)| components::same_host(image, &registry));
        let image = match parsed {
            Ok(image) => image,
            Err(problem) => return Ok(Self(Err(problem.message))),
        };
        let after = wanted.after.as_deref();
        Ok(Self(match registries::tags(context, caller, id, image.repository(), &wanted.filter, after).await? {
            Ok(Tags::Listed(page)) => Ok((image, page)),
            Ok(Tags::ByNodes) => Err(format!("{BY_THE_NODES} Type the tag.")),
            Err(problem) => Err(why_not(&problem, &image)),
        }))
    }

    /// The same, for a page: within [`PATIENCE`].
    async fn load_in_time(context: &Context, caller: &Caller, wanted: &Wanted) -> Result<Self, Error> {
        let late = || Self(Err("Tags can't be listed: the registry did not answer within 3 seconds. Try again, or type the tag.".into()));
        tokio::time::timeout(PATIENCE, Self::load(context, caller, wanted)).await.unwrap_or_else(|_| Ok(late()))
    }

    /// `GET /fragments/../tags`: options of a listbox, and its foot.
    pub fn options(self, request: &Request, wanted: &Wanted) -> AnyView {
        let (image, page) = match self.0 {
            Ok(offered) => offered,
            Err(sentence) => return view! { <div data-foot=""><p>{sentence}</p></div> }.into_any(),
        };
        let foot = foot(&page, &wanted.filter);
        let more = page.tags.last().filter(|_| page.has_more).map(|last| {
            view! { <button class="button small" type="button" data-more=last.name.clone()>"Show more"</button> }
        });
        let option = |tag: Tag| {
            let (name, about) = (tag.name.clone(), about(&tag, request, wanted));
            view! { <li role="option" aria-selected="false" data-tag=name><span class="mono">{tag.name}</span>{about}</li> }
        };
        let label = format!("Tags of {}", image.repository());
        let list = (!page.tags.is_empty()).then(|| {
            view! { <ul class="tags" role="listbox" aria-label=label>{page.tags.into_iter().map(option).collect_view()}</ul> }
        });
        view! { {list}<div data-foot=""><p>{foot}</p>{more}</div> }.into_any()
    }
}

/// One sentence: why there is no list, and what to do.
fn why_not(problem: &RegistryProblem, image: &ImageReference) -> String {
    match problem {
        RegistryProblem::NoTagList { .. } => "This registry does not list its tags. Type the tag.".into(),
        RegistryProblem::ImageNotFound { .. } => {
            format!("Tags can't be listed: the registry has no repository {}. Check its name.", image.repository())
        }
        problem => format!("Tags can't be listed: {} Type the tag.", problem.sentence()),
    }
}

/// How many there are.
fn foot(page: &TagPage, filter: &str) -> String {
    let count = match (page.matching, page.known) {
        (_, 0) => return "The repository has no tags yet.".into(),
        (0, _) => format!("No tag contains {}.", filter.trim()),
        (1, 1) => "1 tag".into(),
        (matching, known) if matching == known => format!("{known} tags"),
        (matching, known) => format!("{matching} of {known} tags"),
    };
    if page.complete { count } else { format!("{} Only the repository's first 10,000 tags are known; type any other.", sentence(count)) }
}

fn sentence(text: String) -> String {
    if text.ends_with('.') { text } else { format!("{text}.") }
}

/// What stands beside a tag's name.
fn about(tag: &Tag, request: &Request, wanted: &Wanted) -> AnyView {
    let used = (tag.name == wanted.used).then(|| view! { <Badge tone=Tone::Neutral>"In use"</Badge> });
    let now = request.app.context.now();
    let built = tag.built_at.map(|at| view! { <small>"built "<Moment time=at now=now zone=request.time_zone()/></small> });
    view! { {used}{built} }.into_any()
}

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
            registry: request.query("registry").unwrap_or_default(),
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
pub(super) fn for_new_component() -> AnyView {
    let project = segment("project");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = &caller.organization_name;
        let project = organizations::project(context, &caller, &project).await?;
        let back = paths::new_component(organization, &project.name);
        let here = paths::new_component_tags(organization, &project.name);
        let chooser = Chooser::new(&request, back, here, &create::FIELDS);
        let offer = match chooser.wanted.registry.as_str() {
            "" => Offer(Err("Choose the registry and enter the image first.".into())),
            _ => Offer::load_in_time(context, &caller, &chooser.wanted).await?,
        };
        framed(&request, &caller, Place::Project(project), chooser, offer).await
    })
}

/// The tags for the Update Image & Deploy panel.
pub(super) fn for_deploy() -> AnyView {
    let (project, component) = (segment("project"), segment("component"));
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = &caller.organization_name;
        let project = organizations::project(context, &caller, &project).await?;
        let component = components::get(context, &caller, &project, &component).await?;
        let back = paths::update_image(organization, &project.name, &component.name);
        let here = paths::deploy_tags(organization, &project.name, &component.name);
        let mut chooser = Chooser::new(&request, back, here, &["by", "tag", "image"]);
        chooser.wanted.registry = component.registry_id.to_string();
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
