//! The buttons of an environment, by the table of permitted verbs. What is not allowed now stands there disabled, with the
//! reason below; Cancel and Take over stand there only where there is something to cancel or to take over.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::orders::{RedeployRelease, StartRelease, TakeOverFields};
use crate::{
    domain::{
        components::Component,
        deployments::{Deployment, Permitted, Standing, Verb, permitted},
    },
    web::paths,
};

/// What the buttons are about.
pub(in crate::web::pages) struct Buttons<'a> {
    pub(in crate::web::pages) organization: &'a str,
    pub(in crate::web::pages) project: &'a str,
    pub(in crate::web::pages) component: &'a Component,
    pub(in crate::web::pages) standing: &'a Standing,
    /// Display name of the environment that Promote leads to; none of the last one.
    pub(in crate::web::pages) next: Option<&'a str>,
}

/// A button, and why it can't be pressed.
struct Button {
    label: String,
    class: &'static str,
    does: Does,
    permitted: Permitted,
}

/// What a button does.
enum Does {
    /// Opens a page or a panel.
    Opens(String),
    /// Posts to a server function.
    Posts(&'static str),
}

impl Buttons<'_> {
    pub(super) fn permitted(&self, verb: Verb) -> Permitted {
        permitted(verb, self.component, self.standing.newest.as_ref(), self.standing.current.as_ref())
    }

    fn order(&self, order: &str) -> String {
        paths::order(self.organization, self.project, &self.component.name, &self.standing.environment.name, order)
    }

    /// In the footer of the environment's card.
    pub(super) fn view(&self) -> AnyView {
        let mut buttons: Vec<_> = self.promote().into_iter().collect();
        buttons.push(self.redeploy("button small"));
        buttons.push(Button {
            label: "Roll back".into(),
            class: "button small",
            does: Does::Opens(self.order("roll-back")),
            permitted: self.permitted(Verb::RollBack),
        });
        buttons.push(self.stop_or_start());
        buttons.extend(self.take_over());
        buttons.extend(self.cancel());
        let history = paths::deployments(self.organization, self.project, &self.component.name);
        let history = paths::with_query(&history, [("environment", &self.standing.environment.name)]);
        let newest = self.standing.newest.as_ref();
        let details = newest.map(|newest| paths::deployment(self.organization, self.project, &self.component.name, newest.id));
        let links = view! {
            {details.map(|href| view! { <a class="button small" href=href>"Details"</a> })}
            <a class="button small" href=history>"History"</a>
        };
        self.footer(buttons, links.into_any())
    }

    /// In the footer of one deployment's card.
    pub(in crate::web::pages) fn of_deployment(&self, deployment: &Deployment) -> AnyView {
        let is_current = self.standing.current.as_ref().is_some_and(|current| current.id == deployment.id);
        let has_image = if deployment.is_repeatable() { Ok(()) } else { Err("It ended before its image was known.") };
        let button = match is_current {
            true => self.redeploy("button"),
            false => Button {
                label: "Roll back to this one".into(),
                class: "button",
                does: Does::Opens(paths::with_query(&self.order("roll-back"), [("to", deployment.id.to_string())])),
                permitted: self.permitted(Verb::RollBack).and(has_image),
            },
        };
        self.footer(vec![button], ().into_any())
    }

    fn footer(&self, buttons: Vec<Button>, links: AnyView) -> AnyView {
        let mut reasons: Vec<(&'static str, Vec<String>)> = Vec::new();
        for button in &buttons {
            let Err(reason) = button.permitted else { continue };
            match reasons.iter_mut().find(|(said, _)| *said == reason) {
                Some((_, labels)) => labels.push(button.label.clone()),
                None => reasons.push((reason, vec![button.label.clone()])),
            }
        }
        let id = |reason: &str| {
            let number = reasons.iter().position(|(said, _)| *said == reason).unwrap_or_default();
            format!("why-{}-{number}", self.standing.environment.name)
        };
        // What ends something stands last, away from the rest.
        let (ends, others): (Vec<_>, Vec<_>) = buttons.into_iter().partition(|button| button.class.contains("danger"));
        let [others, ends] = [others, ends].map(|part| part.into_iter().map(|button| self.button(button, &id)).collect_view());
        let reasons =
            reasons.iter().map(|(reason, labels)| view! { <li id=id(reason)><b>{labels.join(", ")}</b>": "{*reason}</li> }).collect_view();
        view! { <footer class="orders"><div class="buttons">{others}{links}{ends}</div><ul class="why">{reasons}</ul></footer> }.into_any()
    }

    fn button(&self, button: Button, id: &impl Fn(&str) -> String) -> AnyView {
        let Button { label, class, does, permitted } = button;
        match (permitted, does) {
            (Err(reason), _) => {
                view! { <button type="button" class=class aria-disabled="true" aria-describedby=id(reason)>{label}</button> }.into_any()
            }
            (Ok(()), Does::Opens(href)) => view! { <a class=class href=href>{label}</a> }.into_any(),
            (Ok(()), Does::Posts(action)) => view! {
                <form method="post" action=action>
                    <input type="hidden" name="organization" value=self.organization.to_owned()/>
                    <input type="hidden" name="project" value=self.project.to_owned()/>
                    <input type="hidden" name="component" value=self.component.name.clone()/>
                    <input type="hidden" name="environment" value=self.standing.environment.name.clone()/>
                    <button class=class>{label}</button>
                </form>
            }
            .into_any(),
        }
    }

    fn promote(&self) -> Option<Button> {
        let label = format!("Promote to {}", self.next?);
        let does = Does::Opens(self.order("promote"));
        Some(Button { label, class: "button small main", does, permitted: self.permitted(Verb::Promote) })
    }

    fn redeploy(&self, class: &'static str) -> Button {
        Button { label: "Redeploy".into(), class, does: Does::Posts(RedeployRelease::PATH), permitted: self.permitted(Verb::Redeploy) }
    }

    fn stop_or_start(&self) -> Button {
        if self.standing.current.as_ref().is_some_and(|current| current.is_stopped()) {
            let does = Does::Posts(StartRelease::PATH);
            return Button { label: "Start".into(), class: "button small", does, permitted: self.permitted(Verb::Start) };
        }
        let does = Does::Opens(self.order("stop"));
        Button { label: "Stop".into(), class: "button small danger", does, permitted: self.permitted(Verb::Stop) }
    }

    fn take_over(&self) -> Option<Button> {
        self.permitted(Verb::TakeOver).ok()?;
        let does = Does::Posts(TakeOverFields::PATH);
        Some(Button { label: "Take over these fields".into(), class: "button small danger", does, permitted: Ok(()) })
    }

    fn cancel(&self) -> Option<Button> {
        self.permitted(Verb::Cancel).ok()?;
        let does = Does::Opens(self.order("cancel"));
        Some(Button { label: "Cancel".into(), class: "button small danger", does, permitted: Ok(()) })
    }
}
