//! `bench baseline`: handlers that run the SQL of the console's pages through the same verbs (session, person, membership,
//! list) and answer as many bytes, prepared beforehand. What the console takes longer is what its pages cost.

use std::{collections::HashMap, sync::Arc};

use anyhow::{Context as _, bail};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri, header},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use slipway::{
    config::Config,
    domain::{
        Caller, Context, Origin, components, organizations,
        people::{self, sessions},
        problem::Error,
        registries,
    },
};
use tokio::net::TcpListener;

#[derive(Clone)]
struct Baseline {
    context: Context,
    /// What is answered, by path.
    bodies: Arc<HashMap<String, Bytes>>,
}

pub async fn run(context: &Context, config: &Config, pages: &[String]) -> anyhow::Result<()> {
    let bodies = pages.iter().map(|page| prepare(page)).collect::<anyhow::Result<_>>()?;
    let router = Router::new()
        .route("/organizations/{organization}/settings/credentials/registries", get(registries))
        .route("/organizations/{organization}/projects/{project}", get(components))
        .with_state(Baseline { context: context.clone(), bodies: Arc::new(bodies) });
    let listener = TcpListener::bind(config.listen).await?;
    Ok(axum::serve(listener, router).await?)
}

/// `PATH=BYTES` as the path and so many bytes.
fn prepare(page: &str) -> anyhow::Result<(String, Bytes)> {
    let Some((path, count)) = page.split_once('=') else { bail!("{page} must be PATH=BYTES") };
    let count = count.parse().with_context(|| format!("{count} is not a number of bytes"))?;
    Ok((path.to_owned(), vec![b'x'; count].into()))
}

async fn registries(State(baseline): State<Baseline>, Path(organization): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    answer(&baseline, &uri, read_registries(&baseline.context, &organization, &headers).await)
}

async fn read_registries(context: &Context, organization: &str, headers: &HeaderMap) -> Result<usize, Error> {
    let caller = caller(context, organization, headers).await?;
    Ok(registries::list(context, &caller, None).await?.len())
}

async fn components(
    State(baseline): State<Baseline>,
    Path((organization, project)): Path<(String, String)>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    answer(&baseline, &uri, read_components(&baseline.context, &organization, &project, &headers).await)
}

async fn read_components(context: &Context, organization: &str, project: &str, headers: &HeaderMap) -> Result<usize, Error> {
    let caller = caller(context, organization, headers).await?;
    let project = organizations::project(context, &caller, project).await?;
    let rows = components::list(context, &caller, &project, &components::Filter::default(), None).await?;
    organizations::environments(context, &caller).await?;
    Ok(rows.len())
}

async fn caller(context: &Context, organization: &str, headers: &HeaderMap) -> Result<Caller, Error> {
    let cookie = headers.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (_, id) = cookie.split_once('=').ok_or(Error::NotFound)?;
    let session = sessions::load(context, id).await?.ok_or(Error::NotFound)?;
    let person = people::find(context, session.person_id.ok_or(Error::NotFound)?).await?;
    people::caller(context, person.id, organization, Origin::default()).await
}

/// An answer without rows would be faster than the page it stands for: it counts as an error, which ends the bench.
fn answer(baseline: &Baseline, uri: &Uri, read: Result<usize, Error>) -> Response {
    match (read, baseline.bodies.get(uri.path())) {
        (Ok(1..), Some(body)) => Html(body.clone()).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
