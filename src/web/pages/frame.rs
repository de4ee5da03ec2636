//! The frame of a signed-in page: header with breadcrumbs, navigation by scope, title. And the centred page without it.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    domain::{Caller, components::Component, organizations::Project},
    web::{
        flash::{Flash, Notice, Tone},
        form::FormState,
        parts, paths,
        request::Request,
    },
};

/// Where in the console a page stands: decides breadcrumbs and navigation.
#[derive(Clone)]
pub(super) enum Place {
    Organization(Entry),
    /// One of the organization's container registries.
    Registry,
    Project(Project),
    Component(Project, Box<Component>, Entry),
    Guide,
}

/// The entry of the navigation that is current.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    Projects,
    Credentials,
    Overview,
    Deploy,
    History,
    Settings,
}

/// A whole page inside the frame.
pub(super) struct Framed {
    pub(super) place: Place,
    pub(super) title: String,
    pub(super) description: String,
    /// Beside the title: usually one button.
    pub(super) action: Option<AnyView>,
    pub(super) flash: Flash,
    pub(super) body: AnyView,
}

impl Framed {
    /// Renders it for a member of the organization, or (guide) for anyone signed in.
    pub(super) fn view(self, request: &Request, caller: Option<&Caller>) -> AnyView {
        self.view_behind(None, request, caller)
    }

    /// The same with a side panel open, behind which nothing can be reached.
    pub(super) fn view_behind(self, panel: Option<parts::Panel>, request: &Request, caller: Option<&Caller>) -> AnyView {
        let (organization, display_name) =
            caller.map(|caller| (caller.organization_name.as_str(), caller.organization_display_name.as_str())).unwrap_or_default();
        let wrong = self.flash.form.as_ref().is_some_and(|form| !form.problems.is_empty());
        let failed = self.flash.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Error);
        let notice = self.flash.notice.map(notice_view);
        // What the page behind a panel says can't be reached.
        let (notice, panel) = match panel {
            Some(panel) => (None, Some(panel.view(notice))),
            None => (notice, None),
        };
        let leaving = self.place.leaving(organization);
        let email = request.parts.extensions.get::<crate::web::guard::Person>().map(|person| person.email.clone()).unwrap_or_default();
        view! {
            <Title text=document_title(&self.title, wrong || failed)/>
            <parts::Frame crumbs=self.place.crumbs(organization, display_name) navigation=self.place.navigation(organization) email=email panel=panel>
                {notice}
                {leaving}
                <div class="title">
                    <div>
                        <h1>{self.title}</h1>
                        <p>{self.description}</p>
                    </div>
                    {self.action}
                </div>
                {self.body}
            </parts::Frame>
        }
        .into_any()
    }
}

impl Place {
    /// On a component's pages that do not show the deletion itself: that it is under way.
    fn leaving(&self, organization: &str) -> Option<AnyView> {
        let Self::Component(project, component, Entry::Deploy | Entry::History) = self else { return None };
        component.deletion_asked_at?;
        let overview = paths::component(organization, &project.name, &component.name);
        let name = component.display_name.clone();
        Some(view! { <p class="note warn">{name}" is being deleted. "<a href=overview>"How far it has come"</a></p> }.into_any())
    }

    fn crumbs(&self, organization: &str, display_name: &str) -> Vec<parts::Crumb> {
        let crumb = |label: &str, href: String| parts::Crumb { label: label.to_owned(), href };
        let mut crumbs = match self {
            Self::Guide => return vec![crumb("Guide", paths::GUIDE.into())],
            _ => vec![crumb(display_name, paths::organization(organization))],
        };
        if let Self::Registry = self {
            crumbs.push(crumb("Container Registries", paths::registries(organization)));
        }
        if let Self::Project(project) | Self::Component(project, ..) = self {
            crumbs.push(crumb(&project.display_name, paths::project(organization, &project.name)));
            if let Self::Component(_, component, _) = self {
                crumbs.push(crumb(&component.display_name, paths::component(organization, &project.name, &component.name)));
            }
        }
        crumbs
    }

    fn navigation(&self, organization: &str) -> Vec<parts::NavGroup> {
        let link = |label: &str, href: String, current: bool| parts::NavLink { label: label.to_owned(), href, current };
        let group = |title: &str, links| parts::NavGroup { title: title.to_owned(), links };
        let settings = |current| group("Settings", vec![link("Credentials", paths::registries(organization), current)]);
        let of_organization = |entry: Entry| {
            let overview = link("Overview", paths::organization(organization), entry == Entry::Projects);
            vec![group("Organization", vec![overview]), settings(entry == Entry::Credentials)]
        };
        match self {
            Self::Organization(entry) => of_organization(*entry),
            Self::Registry => of_organization(Entry::Credentials),
            Self::Project(project) => {
                vec![group("Project", vec![link("Component Listing", paths::project(organization, &project.name), true)])]
            }
            Self::Component(project, component, entry) => vec![group(
                "Component",
                vec![
                    link("Overview", paths::component(organization, &project.name, &component.name), *entry == Entry::Overview),
                    link("Deploy", paths::deploy(organization, &project.name, &component.name), *entry == Entry::Deploy),
                    link("Deployments", paths::deployments(organization, &project.name, &component.name), *entry == Entry::History),
                    link("Settings", paths::component_settings(organization, &project.name, &component.name), *entry == Entry::Settings),
                ],
            )],
            Self::Guide => vec![group("Guide", super::guide::links())],
        }
    }
}

/// One sentence about what was done, or was not; the second takes the focus.
fn notice_view(notice: Notice) -> AnyView {
    let (class, role, takes_focus) = match notice.tone {
        Tone::Success => ("note notice good", "status", false),
        Tone::Warning => ("note notice warn", "status", false),
        Tone::Error => ("note notice bad", "alert", true),
    };
    let (focus, tabindex) = (takes_focus.then_some(""), takes_focus.then_some("-1"));
    view! { <div class=class role=role data-focus=focus tabindex=tabindex>{notice.text}</div> }.into_any()
}

/// A page without the frame: setup, sign-in, errors.
pub(super) fn centred(title: String, body: AnyView) -> AnyView {
    centred_form(title, &FormState::default(), body)
}

/// The same with a form, whose problems the document's title announces.
pub(super) fn centred_form(title: String, form: &FormState, body: AnyView) -> AnyView {
    view! {
        <Title text=document_title(&title, !form.problems.is_empty())/>
        <parts::CentredPage title=title>{body}</parts::CentredPage>
    }
    .into_any()
}

/// The document's title. Escaped here: leptos_meta puts it into the head as it is.
fn document_title(title: &str, is_wrong: bool) -> String {
    let title = title.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("{}{title} · Slipway", if is_wrong { "Error: " } else { "" })
}
