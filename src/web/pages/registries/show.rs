//! One registry: what is known of it, how its last check ended, who uses it, and what can be done with it.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    super::{
        frame::{Framed, Place},
        page, segment, take_flash,
    },
    DELETE_FORM,
    actions::{CheckRegistry, DeleteRegistry},
    edit, expiry, list, nodes,
    outcome::{Attempt, Failure, tried},
    places::pull_secrets_card,
    registry_id, secret,
};
use crate::{
    domain::{
        Caller,
        pull_secrets::{self, Placed},
        registries::{self, Expiry, Registry, Usage},
    },
    islands::outcome::steps,
    web::{
        form::FormState,
        parts::{Moment, ProblemSummary, TextField},
        paths,
        request::Request,
    },
};

/// Which panel is open over the page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    Alone,
    Edit,
    Secret,
}

pub(in crate::web::pages) fn show() -> AnyView {
    whole(Shown::Alone)
}

pub(super) fn whole(shown: Shown) -> AnyView {
    let id = segment("registry");
    page(move |request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let registry = registries::get(context, &caller, registry_id(&id)?).await?;
        if shown != Shown::Alone {
            caller.must_be_admin()?;
        }
        let users = registries::users(context, &caller, registry.id).await?;
        let places = pull_secrets::of_registry(context, &caller, registry.id).await?;
        let flash = take_flash(&request).await;
        let panel = match shown {
            Shown::Alone => None,
            Shown::Edit => Some(edit::panel(&organization, &registry, flash.form.clone())),
            Shown::Secret => Some(secret::panel(&organization, &registry, flash.form.clone())),
        };
        let page = Page { request: &request, caller: &caller, registry: &registry };
        let delete_form = flash.form.clone().filter(|form| form.form == DELETE_FORM).unwrap_or_default();
        let framed = Framed {
            place: Place::Registry,
            title: registry.display_name.clone(),
            description: format!("{} · {}", registry.vendor.label(), registry.host),
            action: Some(page.actions()),
            flash,
            body: page.body(&users, places, &delete_form),
        };
        Ok(framed.view_behind(panel, &request, Some(&caller)))
    })
}

/// What the cards are drawn from.
struct Page<'a> {
    request: &'a Request,
    caller: &'a Caller,
    registry: &'a Registry,
}

impl Page<'_> {
    fn body(&self, users: &[Usage], places: Vec<Placed>, delete_form: &FormState) -> AnyView {
        let (now, zone) = (self.request.app.context.now(), self.request.time_zone());
        let plain_http = self.plain_http();
        view! {
            {self.warning()}
            <div class="registry">
                <div>
                    {self.facts()}
                    {pull_secrets_card(self.registry.authentication.has_credential(), places, now, &zone)}
                    {nodes::card(self.registry, plain_http)}
                </div>
                <div>
                    {self.last_check()}
                    {self.used_by(users)}
                    {self.delete(users, delete_form)}
                </div>
            </div>
        }
        .into_any()
    }

    fn plain_http(&self) -> bool {
        self.request.app.config.plain_http_registries.contains(&self.registry.host)
    }

    /// Edit and Replace secret, beside the title.
    fn actions(&self) -> AnyView {
        let (organization, registry) = (&self.caller.organization_name, self.registry);
        let has_secret = registry.authentication.has_credential();
        if self.caller.is_admin() {
            let replace =
                has_secret.then(|| view! { <a class="button" href=paths::registry_secret(organization, registry.id)>"Replace secret"</a> });
            return view! { <div class="buttons"><a class="button" href=paths::edit_registry(organization, registry.id)>"Edit"</a>{replace}</div> }
                .into_any();
        }
        let disabled = |label| view! { <button type="button" class="button" disabled=true aria-describedby="only-admins">{label}</button> };
        view! {
            <div class="forbidden">
                <div class="buttons">{disabled("Edit")}{has_secret.then(|| disabled("Replace secret"))}</div>
                <small id="only-admins">"Only an organization admin can change registries."</small>
            </div>
        }
        .into_any()
    }

    /// A credential that has ended, or will within two weeks.
    fn warning(&self) -> Option<AnyView> {
        let now = self.request.app.context.now();
        let class = match self.registry.expiry(now)? {
            Expiry::Ended => "note bad expiry",
            Expiry::Soon { .. } => "note warn expiry",
            Expiry::Later => return None,
        };
        let text = expiry::advice(self.registry, now, &self.request.time_zone())?;
        Some(view! { <p class=class>{text}</p> }.into_any())
    }

    fn facts(&self) -> AnyView {
        let (registry, now, zone) = (self.registry, self.request.app.context.now(), self.request.time_zone());
        let moment = |time| view! { <Moment time=time now=now zone=zone.clone()/> };
        let changed = registry.credential_changed_by.clone().zip(registry.credential_changed_at);
        let secret = registry.authentication.has_credential().then(|| {
            let ends = expiry::exactly(registry, &zone);
            view! {
                <dt>"Username"</dt><dd class="mono break">{registry.username.clone()}</dd>
                <dt>"Secret"</dt><dd>"Sealed; never shown"</dd>
                <dt>"Expires"</dt><dd>{ends.unwrap_or_else(|| "No end is known".into())}</dd>
                {changed.map(|(by, at)| view! { <dt>"Replaced by"</dt><dd class="wrap">{by}", "{moment(at)}</dd> })}
            }
        });
        let prefix = registry.path_prefix.clone().map(|path| view! { <dt>"Only for"</dt><dd class="mono break">{path}"/…"</dd> });
        let repository = registry.test_repository.clone().map(|name| view! { <dt>"Tested with"</dt><dd class="mono break">{name}</dd> });
        let issuers = registry.ca_certificates.is_some().then(|| view! { <dt>"CA certificates"</dt><dd>"Its own"</dd> });
        view! {
            <article class="card" aria-labelledby="details">
                <header><h2 id="details">"Details"</h2><span class="badge plain">{registry.authentication.label()}</span></header>
                <section>
                    <dl class="facts roomy">
                        <dt>"Vendor"</dt><dd>{registry.vendor.label()}</dd>
                        <dt>"Host"</dt><dd class="mono break">{registry.host.clone()}</dd>
                        {prefix}
                        {secret}
                        {repository}
                        {issuers}
                        <dt>"Added by"</dt><dd class="wrap">{registry.created_by.clone()}", "{moment(registry.created_at)}</dd>
                    </dl>
                </section>
            </article>
        }
        .into_any()
    }

    fn last_check(&self) -> AnyView {
        let (registry, now, zone) = (self.registry, self.request.app.context.now(), self.request.time_zone());
        let found = if registry.authentication.is_by_nodes() {
            let text = "The cluster's nodes have access of their own. This console can't look into the registry: the first deployment shows whether they may pull.";
            view! { <p class="dim">{text}</p> }.into_any()
        } else {
            self.found()
        };
        let test = (!registry.authentication.is_by_nodes()).then(|| {
            view! {
                <footer>
                    <form method="post" action=CheckRegistry::PATH>{self.hidden()}<button class="button">"Test connection"</button></form>
                </footer>
            }
        });
        view! {
            <article class="card" aria-labelledby="last-check">
                <header><h2 id="last-check">"Last check"</h2><span>{list::last_check(registry, now, &zone)}</span></header>
                <section class="stacked">{found}</section>
                {test}
            </article>
        }
        .into_any()
    }

    fn found(&self) -> AnyView {
        let registry = self.registry;
        let attempt = Attempt {
            plain_http: Some(self.plain_http()),
            has_credential: registry.authentication.has_credential(),
            repository: registry.test_repository.as_deref(),
        };
        let failure =
            registry.check_problem.as_deref().map(|code| Failure { code, sentence: registry.check_message.as_deref().unwrap_or_default() });
        let found = match (failure, &registry.check_report) {
            (Some(failure), _) => tried(&attempt, Err(failure)),
            (None, Some(report)) => tried(&attempt, Ok(report.0)),
            (None, None) => return view! { <p class="dim">"It was not tested with its present settings yet."</p> }.into_any(),
        };
        view! { <p>{found.message}</p>{steps(found.steps)} }.into_any()
    }

    fn used_by(&self, users: &[Usage]) -> AnyView {
        let organization = &self.caller.organization_name;
        let links = users
            .iter()
            .take(10)
            .map(|user| view! { <li><a href=paths::component(organization, &user.project, &user.name)>{user.component.clone()}</a></li> })
            .collect_view();
        let more = self.registry.components - users.len().min(10) as i64;
        let list = if users.is_empty() {
            view! { <p class="dim">"No component uses it yet."</p> }.into_any()
        } else {
            view! { <ul class="plain-list">{links}</ul>{(more > 0).then(|| view! { <p class="dim">"and "{more}" more"</p> })} }.into_any()
        };
        view! {
            <article class="card" aria-labelledby="used-by">
                <header><h2 id="used-by">"Used by"</h2><small>{self.registry.components}</small></header>
                <section class="stacked">{list}</section>
            </article>
        }
        .into_any()
    }

    fn delete(&self, users: &[Usage], form: &FormState) -> AnyView {
        let name = self.registry.display_name.clone();
        let content = if !users.is_empty() {
            let text = "Components use this registry, so it can't be deleted.";
            view! { <p>{text}</p><button type="button" class="button danger" disabled=true>"Delete registry"</button> }.into_any()
        } else if !self.caller.is_admin() {
            let text = "Only an organization admin can delete registries.";
            view! { <p>{text}</p><button type="button" class="button danger" disabled=true>"Delete registry"</button> }.into_any()
        } else {
            view! {
                <p>"Images from "<b class="break">{name.clone()}</b>" can no longer be deployed with its credential. What runs keeps running. This can't be undone."</p>
                <form method="post" action=DeleteRegistry::PATH>
                    <ProblemSummary problems=form.problems.clone()/>
                    {self.hidden()}
                    <TextField name="confirm" label=format!("Type {name} to confirm") value=form.value("confirm") problem=form.problem("confirm")/>
                    <button class="button danger">"Delete registry"</button>
                </form>
            }
            .into_any()
        };
        view! {
            <article class="card" aria-labelledby="delete">
                <header><h2 id="delete">"Delete"</h2></header>
                <section class="stacked">{content}</section>
            </article>
        }
        .into_any()
    }

    fn hidden(&self) -> AnyView {
        view! {
            <input type="hidden" name="organization" value=self.caller.organization_name.clone()/>
            <input type="hidden" name="registry" value=self.registry.id.to_string()/>
        }
        .into_any()
    }
}
