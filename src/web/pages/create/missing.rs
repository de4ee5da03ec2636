//! Where there is no registry to bring an image from: an admin is led to add one and comes back, anybody else sees who can.

use leptos::prelude::*;

use super::typed::{self, HUB};
use crate::{
    domain::{Caller, Context, people, problem::Result, registries::Vendor},
    web::{form::FormState, parts::EmptyState, paths},
};

/// Who can add a registry.
pub(super) enum Helpers {
    /// The person.
    Oneself,
    /// E-mail addresses of the organization's admins.
    Admins(Vec<String>),
}

impl Helpers {
    pub(super) async fn find(context: &Context, caller: &Caller) -> Result<Self> {
        Ok(if caller.is_admin() { Self::Oneself } else { Self::Admins(people::admins(context, caller).await?) })
    }

    /// Who to ask, as a sentence.
    fn sentence(admins: &[String]) -> String {
        match admins {
            [] => "Ask an organization admin to add one.".into(),
            [one] => format!("Ask {one}, who is an organization admin, to add one."),
            [first @ .., last] => format!("Ask an organization admin to add one: {} or {last}.", first.join(", ")),
        }
    }
}

/// In place of the form: the organization has no registry at all.
pub(super) fn whole_page(organization: &str, project: &str, form: &FormState, helpers: &Helpers) -> AnyView {
    const TITLE: &str = "No registry to bring an image from";
    const WHY: &str = "Components are made from images in a registry of the organization.";
    match helpers {
        Helpers::Oneself => {
            let href = paths::new_registry_with(organization, None, Some(&typed::form_page(organization, project, form)));
            view! { <EmptyState title=TITLE text=WHY href=href action="Add Registry"/> }.into_any()
        }
        Helpers::Admins(admins) => {
            let ask = Helpers::sentence(admins);
            view! { <div class="card empty"><h2>{TITLE}</h2><p>{WHY}" "{ask}</p></div> }.into_any()
        }
    }
}

/// In place of the choice of a registry for a source that has none. The button sends the form along, so that nothing typed
/// is lost.
pub(super) fn of_source(source: &'static str, field: &'static str, here: String, problem: Option<String>, helpers: &Helpers) -> AnyView {
    let sort = if source == HUB { "for Docker Hub" } else { "of another host than Docker Hub" };
    let way = match helpers {
        Helpers::Oneself => view! {
            <button class="button" formaction=here name="add_registry" value=source formnovalidate=true>"Add Registry"</button>
        }
        .into_any(),
        Helpers::Admins(admins) => view! { <p>{Helpers::sentence(admins)}</p> }.into_any(),
    };
    view! {
        <div class="note missing" id=format!("field-{field}") tabindex="-1">
            <p>"The organization has no registry "{sort}" yet."</p>
            {problem.map(|text| view! { <p class="problem">{text}</p> })}
            {way}
        </div>
    }
    .into_any()
}

/// The panel of a new registry, with the way back to what is typed and, in the form, to the choice of it.
pub(super) fn way_to_add(organization: &str, project: &str, source: &str, form: &FormState) -> String {
    let vendor = (source == HUB).then_some(Vendor::DockerHub.as_str());
    let field = typed::registry_of(source, "hub_registry", "registry");
    let back = format!("{}#field-{field}", typed::form_page(organization, project, form));
    paths::new_registry_with(organization, vendor, Some(&back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_admins_are_named() {
        let sentence = |of: &[&str]| Helpers::sentence(&of.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>());
        assert_eq!(sentence(&[]), "Ask an organization admin to add one.");
        assert_eq!(sentence(&["ada@x.org"]), "Ask ada@x.org, who is an organization admin, to add one.");
        assert_eq!(sentence(&["a@x", "b@x", "c@x"]), "Ask an organization admin to add one: a@x, b@x or c@x.");
    }
}
