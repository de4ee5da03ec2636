//! Settings > Credentials > Container Registries: list, Add Registry, one registry with Test connection and Delete.

use leptos::{prelude::*, server_fn::ServerFn as _};
use secrecy::SecretString;
use uuid::Uuid;

use super::{
    frame::{Entry, Framed, Place},
    page, segment, take_flash,
};
use crate::{
    domain::{
        Caller,
        clock::Time,
        people,
        problem::Error,
        registries::{
            self, Authentication, NewRegistry, PAGE, Registry,
            client::{CheckReport, RegistryProblem},
        },
    },
    islands::{TestConnection, Tried, TryRegistry, refusal::Refusal},
    web::{
        answer::{Done, answer, back_with_notice},
        flash::Tone,
        form::FormState,
        guard::Person,
        parts::{Badge, Choice, EmptyState, Moment, Panel, PasswordField, ProblemSummary, RadioCards, TextField, Tone as BadgeTone},
        paths,
        request::Request,
        security::origin,
    },
};

const FORM: &str = "registry";

pub(super) fn list() -> AnyView {
    page(|request| async move { listing(request, None).await })
}

/// The list with the Add Registry panel open.
pub(super) fn new() -> AnyView {
    page(|request| async move {
        let organization = request.caller()?.organization_name;
        let flash = take_flash(&request).await;
        let form = flash.form.clone().unwrap_or_default();
        let panel = add_panel(&organization, &form);
        listing_with(request, flash, Some(panel)).await
    })
}

async fn listing(request: Request, panel: Option<AnyView>) -> Result<AnyView, Error> {
    let flash = take_flash(&request).await;
    listing_with(request, flash, panel).await
}

async fn listing_with(request: Request, flash: crate::web::flash::Flash, panel: Option<AnyView>) -> Result<AnyView, Error> {
    let (context, caller) = (&request.app.context, request.caller()?);
    let organization = caller.organization_name.clone();
    let after = request.query("after");
    let mut rows = registries::list(context, &caller, after.as_deref()).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next =
        rows.last().filter(|_| more).map(|row| format!("{}?after={}", paths::registries(&organization), paths::query(&row.display_name)));
    let add = paths::new_registry(&organization);
    let table = if rows.is_empty() && after.is_none() {
        view! { <EmptyState title="No registries yet" text="A registry tells the data planes where images are and how to pull them." href=add.clone() action="Add Registry"/> }.into_any()
    } else {
        let (now, zone) = (context.now(), request.time_zone());
        let rows = rows.into_iter().map(|row| table_row(&organization, row, now, &zone)).collect_view();
        view! {
            <div class="card table">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Name"</th><th scope="col">"Host"</th><th scope="col">"Authentication"</th>
                            <th scope="col">"Last check"</th><th scope="col">"Used by"</th><th scope="col">"Added"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {next.map(|href| view! { <p class="pagination"><a class="button" href=href>"Next page"</a></p> })}
        }
        .into_any()
    };
    let body = view! {
        <nav class="tabs" aria-label="Credentials"><a aria-current="page" href=paths::registries(&organization)>"Container Registries"</a></nav>
        {table}
        {panel}
    }
    .into_any();
    let framed = Framed {
        place: Place::Organization(Entry::Credentials),
        title: "Credentials".into(),
        description: "What the data planes use to pull images. Slipway passes credentials on and never shows them again.".into(),
        action: Some(view! { <a class="button main" href=add><span aria-hidden="true">"+"</span>"Add Registry"</a> }.into_any()),
        flash,
        body,
    };
    Ok(framed.view(&request, Some(&caller)))
}

fn table_row(organization: &str, row: Registry, now: Time, zone: &jiff::tz::TimeZone) -> impl IntoView + use<> {
    let used = match row.components {
        0 => "none".to_owned(),
        1 => "1 component".to_owned(),
        count => format!("{count} components"),
    };
    let check = last_check(&row, now, zone);
    view! {
        <tr>
            <td><a href=paths::registry(organization, row.id)>{row.display_name}</a></td>
            <td class="mono break">{row.host}</td>
            <td><span class="badge plain">{row.authentication.label()}</span></td>
            <td>{check}</td>
            <td>{used}</td>
            <td class="dim"><Moment time=row.created_at now=now zone=zone.clone()/></td>
        </tr>
    }
}

fn last_check(row: &Registry, now: Time, zone: &jiff::tz::TimeZone) -> AnyView {
    let Some(at) = row.checked_at else { return view! { <Badge tone=BadgeTone::Neutral>"Never checked"</Badge> }.into_any() };
    let (tone, word) = match row.check_problem.as_deref() {
        None => (BadgeTone::Good, "Reachable"),
        Some("credential_refused") => (BadgeTone::Bad, "Credential refused"),
        Some("rate_limited") => (BadgeTone::Warn, "Rate limited"),
        Some(_) => (BadgeTone::Bad, "Failed"),
    };
    view! { <Badge tone=tone>{word}</Badge>" "<small><Moment time=at now=now zone=zone.clone()/></small> }.into_any()
}

fn add_panel(organization: &str, form: &FormState) -> AnyView {
    let chosen = match form.value("authentication") {
        "" => Authentication::Public.as_str().to_owned(),
        typed => typed.to_owned(),
    };
    let choices = vec![
        Choice {
            value: "public".into(),
            label: "Public".into(),
            help: "Anyone may pull: Docker Hub, Quay and others without a login.".into(),
        },
        Choice {
            value: "basic".into(),
            label: "Basic".into(),
            help: "User name with a password or, better, an access token that may only read.".into(),
        },
    ];
    let close = paths::registries(organization);
    let organization = organization.to_owned();
    let host_help = "Host with port if it has one, such as ghcr.io or registry.example.com:5000. For Docker Hub: docker.io.";
    let content = view! {
        <form method="post" action=AddRegistry::PATH class="panel-form">
            <div class="panel-body">
                // The first button is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Save"</button>
                <ProblemSummary problems=form.problems.clone()/>
                <input type="hidden" name="organization" value=organization.clone()/>
                <TextField name="display_name" label="Registry Display Name" value=form.value("display_name") problem=form.problem("display_name") required=true help="As people will choose it when they create a component."/>
                <RadioCards name="authentication" label="Authentication Type" choices=choices value=chosen problem=form.problem("authentication")/>
                <TextField name="host" label="Registry host" value=form.value("host") problem=form.problem("host") required=true mono=true help=host_help/>
                <fieldset class="only-basic">
                    <legend>"For Basic"</legend>
                    <TextField name="username" label="Username" value=form.value("username") problem=form.problem("username") autocomplete="off"/>
                    <PasswordField name="password" label="Password or token" problem=form.problem("password") autocomplete="new-password" help="Sealed at rest and never shown again. GitHub: a personal access token with read:packages."/>
                </fieldset>
                <TestConnection organization=organization>
                    <button class="button" formaction=TryRegistry::PATH>"Test connection"</button>
                </TestConnection>
                <p class="dim"><a href=paths::guide("register-a-registry")>"How to register a registry"</a></p>
            </div>
            <footer><a class="button" href=close.clone() data-esc="">"Cancel"</a><button class="button main">"Save"</button></footer>
        </form>
    }
    .into_any();
    view! { <Panel title="Add Registry" close=close>{content}</Panel> }.into_any()
}

/// One registry: what is known of it, Test connection, Delete.
pub(super) fn show() -> AnyView {
    let id = segment("registry");
    page(|request| async move {
        let (context, caller) = (&request.app.context, request.caller()?);
        let organization = caller.organization_name.clone();
        let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
        let registry = registries::get(context, &caller, id).await?;
        let users = registries::users(context, &caller, id).await?;
        let flash = take_flash(&request).await;
        let (now, zone) = (context.now(), request.time_zone());
        let used = users
            .iter()
            .map(|user| view! { <li><a href=paths::component(&organization, &user.project, &user.name)>{user.component.clone()}</a></li> })
            .collect_view();
        let check = last_check(&registry, now, &zone);
        let deletable = users.is_empty();
        let hidden = move || {
            view! { <input type="hidden" name="organization" value=organization.clone()/><input type="hidden" name="registry" value=id.to_string()/> }
        };
        let delete = if deletable {
            view! {
                <p>"Images from this registry can no longer be deployed with its credential. What runs keeps running."</p>
                <form method="post" action=DeleteRegistry::PATH>{hidden()}<button class="button danger">"Delete " {registry.display_name.clone()}</button></form>
            }
            .into_any()
        } else {
            view! {
                <p>"Components use this registry. Move them to another one first:"</p>
                <ul class="plain-list">{used}</ul>
                <button class="button danger" disabled=true aria-disabled="true">"Delete " {registry.display_name.clone()}</button>
            }
            .into_any()
        };
        let body = view! {
            <article class="card narrow">
                <section>
                    <dl class="facts">
                        <dt>"Host"</dt><dd class="mono">{registry.host.clone()}</dd>
                        <dt>"Authentication"</dt><dd>{registry.authentication.label()}</dd>
                        {registry.username.clone().map(|name| view! { <dt>"Username"</dt><dd class="mono">{name}</dd><dt>"Password"</dt><dd class="dim">"Sealed; never shown"</dd> })}
                        <dt>"Added by"</dt><dd>{registry.created_by.clone()}", "<Moment time=registry.created_at now=now zone=zone.clone()/></dd>
                        <dt>"Last check"</dt><dd class="wrap">{check}{registry.check_message.clone().map(|text| view! { <p>{text}</p> })}</dd>
                    </dl>
                </section>
                <footer><form method="post" action=CheckRegistry::PATH>{hidden()}<button class="button">"Test connection"</button></form></footer>
            </article>
            <article class="card narrow"><header><h2>"Delete"</h2></header><section>{delete}</section></article>
        }
        .into_any();
        let framed = Framed {
            place: Place::Organization(Entry::Credentials),
            title: registry.display_name.clone(),
            description: "Container registry".into(),
            action: None,
            flash,
            body,
        };
        Ok(framed.view(&request, Some(&caller)))
    })
}

/// The caller of a server function, which names the organization in its body.
pub(super) async fn caller_in(request: &Request, organization: &str) -> Result<Caller, Error> {
    let person = request.parts.extensions.get::<Person>().ok_or(Error::Forbidden)?;
    people::caller(&request.app.context, person.id, organization, origin(&request.parts.extensions)).await
}

#[server(prefix = "/do", endpoint = "add_registry")]
pub async fn add_registry(
    #[server(default)] organization: String,
    #[server(default)] display_name: String,
    #[server(default)] authentication: String,
    #[server(default)] host: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
) -> Result<(), Refusal> {
    let form = FormState::typed(
        FORM,
        [("display_name", &display_name), ("authentication", &authentication), ("host", &host), ("username", &username)],
    );
    let back = paths::new_registry(&organization);
    let outcome = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let new =
            NewRegistry { display_name, authentication, host, username, password: SecretString::from(password), ..NewRegistry::default() };
        let registry = registries::add(&request.app.context, &caller, new).await?;
        check_later(&request, caller, registry.id);
        Ok(Done {
            path: paths::registries(&organization),
            notice: format!("{} was added. Its connection is being tested.", registry.display_name),
        })
    };
    answer(outcome.await, form, &back).await
}

/// Tests a new registry after the answer, for no page waits on a registry.
fn check_later(request: &Request, caller: Caller, id: Uuid) {
    let context = request.app.context.clone();
    tokio::spawn(async move {
        if let Err(error) = registries::check(&context, &caller, id).await {
            tracing::warn!(%error, "a new registry could not be checked");
        }
    });
}

#[server(prefix = "/do", endpoint = "check_registry")]
pub async fn check_registry(#[server(default)] organization: String, #[server(default)] registry: String) -> Result<(), Refusal> {
    let outcome = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let id = Uuid::parse_str(&registry).map_err(|_| Error::NotFound)?;
        match registries::check(&request.app.context, &caller, id).await? {
            Ok(_) => Ok(Done { path: paths::registry(&organization, id), notice: WORKS.into() }),
            Err(problem) => Err(Error::Conflict { code: problem.code(), message: problem.sentence() }),
        }
    };
    let back = Uuid::parse_str(&registry).map_or_else(|_| paths::registries(&organization), |id| paths::registry(&organization, id));
    answer(outcome.await, FormState::default(), &back).await
}

#[server(prefix = "/do", endpoint = "delete_registry")]
pub async fn delete_registry(#[server(default)] organization: String, #[server(default)] registry: String) -> Result<(), Refusal> {
    let outcome = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let id = Uuid::parse_str(&registry).map_err(|_| Error::NotFound)?;
        let deleted = registries::delete(&request.app.context, &caller, id).await?;
        Ok(Done { path: paths::registries(&organization), notice: format!("{} was deleted.", deleted.display_name) })
    };
    let back = Uuid::parse_str(&registry).map_or_else(|_| paths::registries(&organization), |id| paths::registry(&organization, id));
    answer(outcome.await, FormState::default(), &back).await
}

const WORKS: &str = "The connection works: the registry answers and refused nothing.";

/// The body of the island's `try_registry`, which a plain form may post to as well.
pub async fn try_out(
    organization: String,
    display_name: String,
    authentication: String,
    host: String,
    username: String,
    password: String,
) -> Result<Tried, Refusal> {
    let form = FormState::typed(
        FORM,
        [("display_name", &display_name), ("authentication", &authentication), ("host", &host), ("username", &username)],
    );
    let back = paths::new_registry(&organization);
    let new =
        NewRegistry { display_name, authentication, host, username, password: SecretString::from(password), ..NewRegistry::default() };
    let outcome: Result<Result<CheckReport, RegistryProblem>, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        registries::try_out(&request.app.context, &caller, new).await
    }
    .await;
    let tried = match outcome {
        Ok(Ok(_)) => Tried { works: true, message: WORKS.into() },
        Ok(Err(problem)) => Tried { works: false, message: problem.sentence() },
        Err(error) => {
            answer(Err(error), form, &back).await?;
            return Ok(Tried { works: false, message: String::new() });
        }
    };
    let tone = if tried.works { Tone::Success } else { Tone::Error };
    let note = if tried.works { format!("{} Enter the password again to save.", tried.message) } else { tried.message.clone() };
    back_with_notice(tone, note, form, &back).await;
    Ok(tried)
}
