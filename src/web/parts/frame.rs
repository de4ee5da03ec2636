//! The frame: header, navigation, main. Works at 320 px, where the navigation is a menu.

use leptos::prelude::*;

use super::icons;

/// A breadcrumb.
pub struct Crumb {
    pub label: String,
    pub href: String,
}

/// Links of the navigation under one title.
pub struct NavGroup {
    pub title: String,
    pub links: Vec<NavLink>,
}

/// A link of the navigation.
pub struct NavLink {
    pub label: String,
    pub href: String,
    pub current: bool,
}

/// The frame around a signed-in page. With a `panel` everything behind it is inert.
#[component]
pub fn Frame(
    crumbs: Vec<Crumb>,
    navigation: Vec<NavGroup>,
    #[prop(into)] email: String,
    #[prop(optional_no_strip)] panel: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let inert = panel.is_some();
    let crumbs = crumbs.into_iter().map(|crumb| view! { <li><a class="crumb" href=crumb.href>{crumb.label}</a></li> }).collect_view();
    view! {
        <a class="skip" href="#main" inert=inert>"Skip to the content"</a>
        <header class="top" inert=inert>
            <a class="mark" href="/">{icons::mark()}"Slipway"</a>
            <nav aria-label="Breadcrumbs" class="crumbs"><ol>{crumbs}</ol></nav>
            <span class="grow"></span>
            <a class="top-link" href=crate::web::paths::GUIDE>"Guide"</a>
            <ThemeMenu/>
            <PersonMenu email=email/>
        </header>
        <div class="frame" inert=inert>
            <input type="checkbox" id="menu" class="menu-switch visually-hidden" aria-label="Show the navigation"/>
            <label for="menu" class="menu-button" aria-hidden="true">{icons::menu()}"Menu"</label>
            <nav class="side" aria-label="Pages">{navigation.into_iter().map(group).collect_view()}</nav>
            <main id="main" tabindex="-1">{children()}</main>
        </div>
        {panel}
    }
}

fn group(group: NavGroup) -> AnyView {
    let links = group
        .links
        .into_iter()
        .map(|link| view! { <li><a href=link.href aria-current=link.current.then_some("page")>{link.label}</a></li> })
        .collect_view();
    view! { <p>{group.title}</p><ul>{links}</ul> }.into_any()
}

#[component]
fn ThemeMenu() -> impl IntoView {
    view! {
        <details class="menu">
            <summary class="icon" aria-label="Theme">{icons::theme()}</summary>
            <form method="post" action=crate::web::paths::THEME class="card">
                <button name="theme" value="system">"System"</button>
                <button name="theme" value="light">"Light"</button>
                <button name="theme" value="dark">"Dark"</button>
            </form>
        </details>
    }
}

#[component]
fn PersonMenu(email: String) -> impl IntoView {
    let initials: String = email.chars().filter(|c| c.is_alphanumeric()).take(2).flat_map(char::to_uppercase).collect();
    view! {
        <details class="menu">
            <summary class="face"><span aria-hidden="true">{initials}</span><span class="visually-hidden">{format!("Signed in as {email}")}</span></summary>
            <form method="post" action=crate::web::paths::SIGN_OUT class="card">
                <p class="dim">{email}</p>
                <button>"Sign out"</button>
            </form>
        </details>
    }
}

/// One card in the middle: setup, sign-in, errors.
#[component]
pub fn CentredPage(#[prop(into)] title: String, children: Children) -> impl IntoView {
    view! {
        <main class="centred" id="main">
            <p class="mark">{icons::mark()}"Slipway"</p>
            <article class="card"><section><h1>{title}</h1>{children()}</section></article>
        </main>
    }
}
