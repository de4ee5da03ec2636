//! The user guide: `docs/guide/*.md`, carried by the binary and rendered for signed-in people.

use leptos::prelude::*;
use pulldown_cmark::{Options, Parser, html};

use super::{
    frame::{Framed, Place},
    page as render, segment,
};
use crate::{
    domain::problem::Error,
    web::{assets::Guide, flash::Flash, parts::NavLink, paths},
};

/// Pages in reading order: file name without ending, title.
const PAGES: [(&str, &str); 13] = [
    ("register-a-registry", "Register a registry"),
    ("credentials", "Look after credentials"),
    ("nodes-ecr", "Give nodes access to Amazon ECR"),
    ("nodes-acr", "Give nodes access to Azure Container Registry"),
    ("nodes-artifact-registry", "Give nodes access to Google Artifact Registry"),
    ("create-a-component", "Create a component"),
    ("deploy", "Deploy"),
    ("endpoints", "Endpoints"),
    ("endpoints-yaml", "The YAML editor"),
    ("promote-and-roll-back", "Promote, stop and roll back"),
    ("follow-a-deployment", "Follow a deployment"),
    ("invoke", "Invoke an endpoint"),
    ("component-settings", "Find, change and delete components"),
];

pub(super) fn links() -> Vec<NavLink> {
    PAGES.into_iter().map(|(name, title)| NavLink { label: title.into(), href: paths::guide(name), current: false }).collect()
}

pub(super) fn index() -> AnyView {
    render(|request| async move {
        let list = links().into_iter().map(|link| view! { <li><a href=link.href>{link.label}</a></li> }).collect_view();
        let body = view! { <ol>{list}</ol> }.into_any();
        let framed = Framed {
            place: Place::Guide,
            title: "Guide".into(),
            description: "One page for each step.".into(),
            action: None,
            flash: Flash::default(),
            body,
        };
        Ok(framed.view(&request, None))
    })
}

pub(super) fn page() -> AnyView {
    let name = segment("page");
    render(|request| async move {
        let (_, title) = PAGES.into_iter().find(|(page, _)| *page == name).ok_or(Error::NotFound)?;
        let file = Guide::get(&format!("{name}.md")).ok_or(Error::NotFound)?;
        let text = String::from_utf8_lossy(&file.data).into_owned();
        // The title is the page's own heading; our own text, compiled in, is the only thing rendered as HTML.
        let text = text.trim_start().trim_start_matches("# ").trim_start_matches(title);
        let mut rendered = String::new();
        html::push_html(&mut rendered, Parser::new_ext(text, Options::ENABLE_TABLES));
        let body = view! { <div class="prose" inner_html=rendered></div> }.into_any();
        let framed =
            Framed { place: Place::Guide, title: title.into(), description: String::new(), action: None, flash: Flash::default(), body };
        Ok(framed.view(&request, None))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &str) -> String {
        String::from_utf8(Guide::get(&format!("{page}.md")).unwrap().data.into_owned()).unwrap()
    }

    #[test]
    fn every_file_is_listed_under_its_title() {
        let mut files: Vec<String> = Guide::iter().map(|file| file.trim_end_matches(".md").to_owned()).collect();
        let mut listed = PAGES.map(|(name, _)| name.to_owned());
        files.sort();
        listed.sort();
        assert_eq!(files, listed);
        for (name, title) in PAGES {
            assert!(text(name).starts_with(&format!("# {title}\n")), "{name}");
        }
    }

    #[test]
    fn links_within_the_guide_lead_somewhere() {
        for (name, _) in PAGES {
            let text = text(name);
            for target in text.split("](/guide/").skip(1).map(|rest| rest.split(')').next().unwrap()) {
                assert!(PAGES.iter().any(|(page, _)| *page == target), "{name} links to {target}");
            }
        }
    }
}
