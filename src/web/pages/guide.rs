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
const PAGES: [(&str, &str); 3] =
    [("register-a-registry", "Register a registry"), ("create-a-component", "Create a component"), ("deploy", "Deploy")];

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
