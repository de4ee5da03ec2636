//! Every address of the console, and the layers around them. Read from the inside out: pages and server functions, the guards,
//! the session, what every answer gets.

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request},
    http::{StatusCode, Uri, request::Parts},
    middleware::{Next, from_fn, from_fn_with_state},
    response::Response,
    routing::{get, post},
};
use leptos::{
    config::{LeptosOptions, get_config_from_str},
    nonce::Nonce,
    prelude::{provide_context, use_context},
};
use leptos_axum::{LeptosRoutes as _, generate_route_list};
use tower::ServiceBuilder;
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel,
        predicate::{DefaultPredicate, NotForContentType, Predicate as _},
    },
    limit::RequestBodyLimitLayer,
    trace::{DefaultOnResponse, TraceLayer},
};
use tracing::Level;

use super::{
    App,
    answer::error_page,
    assets, fragments, guard, health, live, metrics,
    pages::{Console, create, deployments, endpoints, shell},
    parts, paths, people, registries, schemas,
    security::{self, FormLimits, Forms, Security, guard_forms, secure},
    session,
};
use crate::domain::problem::{Entry, entry};

/// Bodies outside of `/do/*`, which has its own limits.
const BODY_LIMIT: usize = 256 * 1024;

/// The whole service.
pub fn service(app: App) -> anyhow::Result<Router> {
    let config = app.config.clone();
    create::check_samples(&config.samples)?;
    std::thread::spawn(parts::warm_up);
    let compress = CompressionLayer::new().quality(CompressionLevel::Fastest).compress_when(
        DefaultPredicate::new()
            .and(NotForContentType::const_new("text/event-stream"))
            .and(NotForContentType::const_new("application/wasm")),
    );
    let inner = Router::new()
        .merge(members(&app))
        .merge(open())
        .route_layer(from_fn(metrics::record))
        .fallback(not_found)
        .layer(
            ServiceBuilder::new()
                .layer(from_fn(dress))
                .layer(security::csrf_layer(&config)?)
                .layer(session::layer(&app.context, config.is_https()))
                .layer(from_fn_with_state(Forms { context: app.context.clone(), limits: FormLimits::default() }, guard_forms))
                .layer(RequestBodyLimitLayer::new(paths::MAX_UPLOAD)),
        )
        .with_state(app.clone());
    // The setup gate rewrites paths, so it stands outside of the router whose routes it chooses.
    Ok(Router::new().fallback_service(inner).layer(
        ServiceBuilder::new()
            .layer(from_fn_with_state(Security::new(&config, app.context.entropy.clone()), secure))
            .layer(TraceLayer::new_for_http().make_span_with(span).on_response(DefaultOnResponse::new().level(Level::INFO)))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(compress)
            .layer(from_fn_with_state(app, guard::setup)),
    ))
}

/// What only signed-in people reach: pages, fragments, streams, server functions.
fn members(app: &App) -> Router<App> {
    let router = leptos(app)
        .route("/do/add_registry", post(registries::add))
        .route("/do/try_registry", post(registries::try_out))
        .route("/do/edit_registry", post(registries::edit))
        .route("/do/replace_registry_secret", post(registries::replace_secret))
        .route("/do/create_component", post(create::create_component))
        .route("/do/save_endpoint", post(endpoints::save_endpoint))
        .route("/do/edit_endpoints", post(endpoints::edit_endpoints).layer(DefaultBodyLimit::max(paths::MAX_UPLOAD)))
        .route("/do/check_endpoints", post(endpoints::check_endpoints).layer(DefaultBodyLimit::max(paths::MAX_UPLOAD)))
        .route("/do/upload_schemas", post(schemas::upload).layer(DefaultBodyLimit::max(paths::MAX_UPLOAD)))
        .route("/organizations/{organization}/projects/{project}/components/{component}/deploy/schemas/{sha256}", get(schemas::download))
        .route("/live/components/{id}", get(live::component))
        .route(
            "/organizations/{organization}/projects/{project}/components/{component}/deployments/{deployment}/objects.yaml",
            get(deployments::objects::download),
        )
        .route("/fragments/organizations/{organization}/image", get(fragments::image))
        .route("/fragments/organizations/{organization}/inspection", get(fragments::inspection))
        .route("/fragments/organizations/{organization}/tags", get(fragments::tags))
        .route("/fragments/organizations/{organization}/schedule", get(fragments::schedule))
        .route("/fragments/organizations/{organization}/projects/{project}/component-name", get(fragments::component_name))
        .route("/fragments/organizations/{organization}/projects/{project}/components/{component}/pipeline", get(fragments::pipeline))
        .route("/fragments/organizations/{organization}/projects/{project}/components/{component}/deletion", get(fragments::deletion))
        .route("/fragments/organizations/{organization}/projects/{project}/components/{component}/review", get(fragments::review))
        .route(
            "/fragments/organizations/{organization}/projects/{project}/components/{component}/deployments/{deployment}",
            get(fragments::deployment),
        );
    router.route_layer(from_fn_with_state(app.clone(), guard::member))
}

/// What anybody reaches.
fn open() -> Router<App> {
    Router::new()
        .route("/setup", post(people::setup))
        .route("/setup/code", post(people::setup_code))
        .route("/sign-in", post(people::sign_in))
        .route("/sign-out", post(people::sign_out))
        .route("/theme", post(people::theme))
        .route("/pkg/{file}", get(assets::package))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
}

/// Pages and server functions, with what they take from leptos' context.
fn leptos(app: &App) -> Router<App> {
    let (provided, options) = (app.clone(), options());
    let context = move || {
        provide_context(provided.clone());
        // The nonce that the header names; leptos made another one before.
        if let Some(nonce) = use_context::<Parts>().and_then(|parts| parts.extensions.get::<security::Nonce>().cloned()) {
            provide_context(Nonce::from_value(nonce.0));
        }
    };
    Router::new().leptos_routes_with_context(app, generate_route_list(Console), context, move || shell(options.clone()))
}

/// Leptos.toml, compiled in, with the hashed name of the browser half.
fn options() -> LeptosOptions {
    let read = get_config_from_str(include_str!("../../Leptos.toml"));
    let mut options = read.unwrap_or_else(|_| LeptosOptions::builder().output_name("slipway").build());
    options.output_name = assets::PACKAGE_NAME.as_str().into();
    options
}

impl FromRef<App> for LeptosOptions {
    fn from_ref(_: &App) -> Self {
        options()
    }
}

/// A file of `public/`, else the page for an address where nothing is.
async fn not_found(uri: Uri) -> Response {
    assets::public(uri.path()).unwrap_or_else(|| {
        let entry = entry("not_found");
        error_page(StatusCode::NOT_FOUND, entry.code, entry.sentence)
    })
}

fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    tracing::error!("a request panicked");
    let entry = entry("internal");
    error_page(StatusCode::INTERNAL_SERVER_ERROR, entry.code, entry.sentence)
}

fn span(request: &Request) -> tracing::Span {
    let id = request.extensions().get::<security::RequestId>().map(|id| id.0.as_str()).unwrap_or_default();
    tracing::info_span!("request", method = %request.method(), path = request.uri().path(), id)
}

/// What a layer refused with an entry of the catalogue is shown as a page to who reads pages.
async fn dress(request: Request, next: Next) -> Response {
    let html = guard::wants_html(request.headers());
    let response = next.run(request).await;
    match response.extensions().get::<Entry>() {
        Some(entry) if html => error_page(response.status(), entry.code, entry.sentence),
        _ => response,
    }
}
