//! The organization's container registries.

use jiff::tz::TimeZone;
use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{
    super::{
        frame::{Entry, Framed, Place},
        page, take_flash,
    },
    actions::CheckRegistry,
    expiry, forbidden_action,
};
use crate::{
    domain::{
        clock::Time,
        problem::Error,
        registries::{self, PAGE, Registry},
    },
    web::{
        flash::Flash,
        parts::{Badge, EmptyState, Moment, Panel, Table, Tone},
        paths,
        request::Request,
    },
};

pub(in crate::web::pages) fn list() -> AnyView {
    page(|request| async move {
        let flash = take_flash(&request).await;
        listing(request, flash, None).await
    })
}

/// The list, alone or behind a panel.
pub(super) async fn listing(request: Request, flash: Flash, panel: Option<Panel>) -> Result<AnyView, Error> {
    let (context, caller) = (&request.app.context, request.caller()?);
    let organization = caller.organization_name.clone();
    let after = request.query("after");
    let mut rows = registries::list(context, &caller, after.as_deref()).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(|row| {
        let href = format!("{}?after={}", paths::registries(&organization), paths::query(&row.display_name));
        view! { <p class="pagination"><a class="button" href=href>"Next page"</a></p> }
    });
    let table = if rows.is_empty() && after.is_none() && !caller.is_admin() {
        view! { <p class="note">"No registries yet. An organization admin can add the first one."</p> }.into_any()
    } else if rows.is_empty() && after.is_none() {
        view! { <EmptyState title="No registries yet" text="A registry tells the data planes where images are and how to pull them." href=paths::new_registry(&organization) action="Add Registry"/> }.into_any()
    } else {
        table(&organization, rows, context.now(), &request.time_zone())
    };
    let body = view! {
        <nav class="tabs" aria-label="Credentials"><a aria-current="page" href=paths::registries(&organization)>"Container Registries"</a></nav>
        {table}
        {next}
    }
    .into_any();
    let framed = Framed {
        place: Place::Organization(Entry::Credentials),
        title: "Credentials".into(),
        description: "What the data planes use to pull images. Slipway passes credentials on and never shows them again.".into(),
        action: Some(add_button(&organization, caller.is_admin())),
        flash,
        body,
    };
    Ok(framed.view_behind(panel, &request, Some(&caller)))
}

fn add_button(organization: &str, is_admin: bool) -> AnyView {
    if is_admin {
        let href = paths::new_registry(organization);
        view! { <a class="button main" href=href><span aria-hidden="true">"+"</span>"Add Registry"</a> }.into_any()
    } else {
        forbidden_action("Add Registry", "Only an organization admin can add registries.")
    }
}

fn table(organization: &str, rows: Vec<Registry>, now: Time, zone: &TimeZone) -> AnyView {
    let columns = ["Name", "Host", "Authentication", "Last check", "Used by", "Added"].map(str::to_owned).to_vec();
    let rows = rows.into_iter().map(|row| cells(organization, row, now, zone)).collect();
    view! { <Table label="Container registries" columns=columns rows=rows/> }.into_any()
}

fn cells(organization: &str, row: Registry, now: Time, zone: &TimeZone) -> Vec<AnyView> {
    let used = match row.components {
        0 => "none".to_owned(),
        1 => "1 component".to_owned(),
        count => format!("{count} components"),
    };
    let expires = expiry::short(&row, now, zone).map(|end| view! { <span class="under">{end}</span> });
    let check = view! { {last_check(&row, now, zone)}{test(organization, &row)} }.into_any();
    vec![
        view! { <a href=paths::registry(organization, row.id)>{row.display_name}</a><small class="under">{row.vendor.label()}</small> }
            .into_any(),
        view! { <span class="mono break">{row.host}</span> }.into_any(),
        view! { <span class="badge plain">{row.authentication.label()}</span>{expires} }.into_any(),
        check,
        view! { <span class="when">{used}</span> }.into_any(),
        view! { <span class="break">{row.created_by}</span><small class="under"><Moment time=row.created_at now=now zone=zone.clone()/></small> }
            .into_any(),
    ]
}

/// Tests the connection from where one sees that it is needed; the registry's page then shows what was found.
fn test(organization: &str, row: &Registry) -> Option<AnyView> {
    (!row.authentication.is_by_nodes()).then(|| {
        view! {
            <form method="post" action=CheckRegistry::PATH class="under">
                <input type="hidden" name="organization" value=organization.to_owned()/>
                <input type="hidden" name="registry" value=row.id.to_string()/>
                <button class="link" aria-label=format!("Test connection of {}", row.display_name)>"Test connection"</button>
            </form>
        }
        .into_any()
    })
}

/// How the last check ended, in a word, and when that was.
pub(super) fn last_check(row: &Registry, now: Time, zone: &TimeZone) -> AnyView {
    if row.authentication.is_by_nodes() {
        return view! { <Badge tone=Tone::Neutral>"By the nodes"</Badge> }.into_any();
    }
    let Some(at) = row.checked_at else { return view! { <Badge tone=Tone::Neutral>"Never checked"</Badge> }.into_any() };
    let (tone, word) = match row.check_problem.as_deref() {
        None => few_pulls(row).map_or((Tone::Good, "Reachable".to_owned()), |words| (Tone::Warn, words)),
        Some(code) => failed(code),
    };
    view! { <Badge tone=tone>{word}</Badge>" "<small class="when"><Moment time=at now=now zone=zone.clone()/></small> }.into_any()
}

/// `37 of 100 pulls left`, when it is less than half.
fn few_pulls(row: &Registry) -> Option<String> {
    let pulls = row.check_report.as_ref()?.pulls?;
    let limit = pulls.limit?;
    (pulls.remaining < limit / 2).then(|| format!("{} of {limit} pulls left", pulls.remaining))
}

fn failed(code: &str) -> (Tone, String) {
    let word = match code {
        "rate_limited" => return (Tone::Warn, "Rate limited".into()),
        "credential_refused" => "Credential refused",
        "credential_required" => "Credential required",
        "pull_denied" => "Pull denied",
        "repository_not_found" | "image_not_found" => "Repository not found",
        "tls" => "TLS failed",
        "host_not_found" => "Host not found",
        "connection_refused" | "timed_out" => "No answer",
        "egress_refused" => "Not allowed",
        "not_a_registry" => "Not a registry",
        _ => "Failed",
    };
    (Tone::Bad, word.into())
}
