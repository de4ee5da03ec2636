//! The tags of a repository to choose from: what the picker shows under a field, and the same as a page of its own for who
//! has no JavaScript.

mod chooser;

use leptos::prelude::*;
use serde::Deserialize;
use uuid::Uuid;

pub(super) use self::chooser::{for_deploy, for_new_component};
use super::{PATIENCE, create};
use crate::{
    domain::{
        Caller, Context, components,
        images::ImageReference,
        problem::Error,
        registries::{self, BY_THE_NODES, Tag, TagPage, Tags, client::RegistryProblem},
    },
    web::{
        parts::{Badge, Moment, Tone},
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
    /// Where the form has a registry for each source, the source that is chosen.
    source: String,
    /// Id of the registry's row.
    registry: String,
    /// The same, where the source is Docker Hub.
    hub_registry: String,
    /// The repository as typed; a tag behind it does not matter.
    image: String,
    filter: String,
    /// The last tag of the page before.
    after: Option<String>,
    /// The tag that is in use.
    used: String,
}

impl Wanted {
    fn registry(&self) -> &str {
        create::registry_of(&self.source, &self.hub_registry, &self.registry)
    }
}

/// Tags to choose from, or a sentence where there are none to be had.
pub struct Offer(Result<(ImageReference, TagPage), String>);

impl Offer {
    /// Asks the registry. [`Error::NotFound`] where the organization has none of that id.
    pub async fn load(context: &Context, caller: &Caller, wanted: &Wanted) -> Result<Self, Error> {
        // The form of an organization that has no registry of the chosen source.
        if wanted.registry().trim().is_empty() {
            return Ok(Self(Err("Choose the registry and enter the image first.".into())));
        }
        let id = Uuid::parse_str(wanted.registry().trim()).map_err(|_| Error::NotFound)?;
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
