//! Prometheus metrics on a port of their own: requests by route and status, and how long they took.

use std::{net::SocketAddr, time::Instant};

use anyhow::Context as _;
use axum::{
    Router,
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
    routing::get,
};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

const SECONDS: &str = "slipway_http_request_duration_seconds";
const BUCKETS: [f64; 8] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1.0, 5.0];

/// Serves `/metrics` at `address` until shutdown.
pub async fn serve(address: SocketAddr, shutdown: CancellationToken, tasks: &mut JoinSet<()>) -> anyhow::Result<()> {
    let recorder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.into()), &BUCKETS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| anyhow::anyhow!("metrics are already recorded elsewhere"))?;
    let listener = TcpListener::bind(address).await.with_context(|| format!("SLIPWAY_METRICS_ADDR {address} can't be listened on"))?;
    let router = Router::new().route("/metrics", get(move || std::future::ready(handle.render())));
    tasks.spawn(async move {
        let served = axum::serve(listener, router).with_graceful_shutdown(async move { shutdown.cancelled().await }).await;
        if let Err(error) = served {
            tracing::error!(%error, "metrics are no longer served");
        }
    });
    Ok(())
}

/// Counts and times a request under the route it matched, never under its raw path.
pub async fn record(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "other".to_owned(), |path| path.as_str().to_owned());
    let method = request.method().to_string();
    let start = Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16().to_string();
    metrics::counter!("slipway_http_requests_total", "route" => route.clone(), "method" => method, "status" => status).increment(1);
    metrics::histogram!(SECONDS, "route" => route).record(start.elapsed().as_secs_f64());
    response
}
