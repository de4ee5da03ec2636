//! `slipway serve`: configuration, database, outside systems, workers, HTTP; and an orderly end.

use std::{fs::File, io::Write as _, net::SocketAddr, sync::Arc, time::Duration};

use anyhow::{Context as _, bail};
use tokio::{net::TcpListener, signal::unix::SignalKind, task::JoinSet};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use super::start;
use crate::{
    config::{Config, DataPlaneConfig},
    domain::{
        Context, Origin, components,
        deployments::{
            self,
            data_plane::DataPlane,
            feed::{self, Feed},
            worker::Worker,
        },
        nodes, organizations, pull_secrets, registries,
    },
    outside::{kubernetes::KubernetesDataPlane, simulated::SimulatedDataPlane},
    web::{self, App, metrics, router},
};

/// How long requests under way may take after the signal to stop.
const GRACE: Duration = Duration::from_secs(20);
/// Between two sweeps of what has expired.
const SWEEP_EVERY: Duration = Duration::from_secs(600);
/// Between two steps of the simulated data plane.
const SIMULATED_TICK: Duration = Duration::from_millis(900);

/// Serves until SIGTERM or Ctrl+C, then ends in order.
pub async fn run() -> anyhow::Result<()> {
    let config = Arc::new(Config::from_environment()?);
    start_logging();
    let context = start::context(&config).await?;
    let _lock = own_data_folder(&config)?;
    let data_plane = connect_data_plane(&config).await?;
    first_person(&context, &config).await?;

    let shutdown = CancellationToken::new();
    let app = App {
        config: config.clone(),
        context: context.clone(),
        feed: Feed::default(),
        setup: organizations::SetupGate::default(),
        simulated: data_plane.is_simulated(),
        data_plane: data_plane.clone(),
        shutdown: shutdown.clone(),
    };
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("LEPTOS_SITE_ADDR {} can't be listened on", config.listen))?;
    let mut background = start_background(&app, data_plane).await?;
    tell_address(&app, listener.local_addr()?).await?;

    let service = router::service(app.clone())?.into_make_service_with_connect_info::<SocketAddr>();
    let stopping = shutdown.clone();
    let server =
        tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(async move { stopping.cancelled().await }).into_future());
    stop_signal().await?;
    tracing::info!("stopping: requests under way end, leases are handed back");
    shutdown.cancel();
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::warn!("some requests did not end in time");
    }
    while background.join_next().await.is_some() {}
    context.db.close().await;
    Ok(())
}

fn start_logging() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter);
    let _ = subscriber.try_init();
}

/// SQLite belongs to one process: a second one would work the queue against it.
fn own_data_folder(config: &Config) -> anyhow::Result<Option<File>> {
    if !config.uses_sqlite {
        return Ok(None);
    }
    let path = config.data_dir.join("slipway.lock");
    let file = File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
    if file.try_lock().is_err() {
        bail!("another slipway already serves from {}; stop it, or name another SLIPWAY_DATA_DIR", config.data_dir.display());
    }
    Ok(Some(file))
}

async fn connect_data_plane(config: &Config) -> anyhow::Result<Arc<dyn DataPlane>> {
    Ok(match config.data_plane {
        DataPlaneConfig::Simulated => Arc::new(SimulatedDataPlane::new(SIMULATED_TICK).behind(&config.entrance)),
        DataPlaneConfig::Kubeconfig(_) | DataPlaneConfig::InCluster => Arc::new(KubernetesDataPlane::connect(config).await?),
    })
}

/// The unattended first start that SLIPWAY_ADMIN_EMAIL asks for.
async fn first_person(context: &Context, config: &Config) -> anyhow::Result<()> {
    let Some(admin) = &config.admin else { return Ok(()) };
    if !organizations::needs_setup(context).await? {
        return Ok(());
    }
    let new = organizations::NewInstallation {
        email: admin.email.clone(),
        password: admin.password.clone(),
        organization: "Default".into(),
        project: "First project".into(),
    };
    match organizations::setup(context, new, &Origin { address: "start".into(), request_id: String::new() }).await {
        Ok(_) => Ok(()),
        Err(crate::domain::problem::Error::Invalid(problems)) => {
            let text: Vec<String> = problems.0.into_iter().map(|problem| problem.message).collect();
            bail!("SLIPWAY_ADMIN_EMAIL or SLIPWAY_ADMIN_PASSWORD_FILE is not right: {}", text.join(" "))
        }
        Err(error) => Err(error.into()),
    }
}

/// The worker, the checks of registries, the keeper of pull secrets, the remover of components, the watch of nodes, the feed of
/// live pages, the metrics, and the sweeper.
async fn start_background(app: &App, data_plane: Arc<dyn DataPlane>) -> anyhow::Result<JoinSet<()>> {
    let mut tasks = JoinSet::new();
    let (context, shutdown) = (app.context.clone(), app.shutdown.clone());
    let worker = Worker::new(context.clone(), data_plane.clone());
    let keeper = pull_secrets::Keeper::new(context.clone(), data_plane.clone());
    let remover = components::Remover::new(context.clone(), data_plane.clone());
    if app.config.uses_sqlite {
        worker.break_leases().await?;
        keeper.break_leases().await?;
        remover.break_leases().await?;
    }
    tasks.spawn(worker.run(shutdown.clone()));
    tasks.spawn(registries::checks::run(context.clone(), shutdown.clone()));
    tasks.spawn(keeper.run(shutdown.clone()));
    tasks.spawn(remover.run(shutdown.clone()));
    tasks.spawn(nodes::Watch::new(context.clone(), data_plane).run(shutdown.clone()));
    tasks.spawn(feed::hear_other_replicas(context.db.clone(), context.changes.clone(), shutdown.clone()));
    let (feed, feed_context, feed_shutdown) = (app.feed.clone(), context.clone(), shutdown.clone());
    tasks.spawn(async move { feed.run(feed_context, feed_shutdown).await });
    tasks.spawn(sweep(context, shutdown.clone()));
    if let Some(address) = app.config.metrics_listen {
        metrics::serve(address, shutdown, &mut tasks).await?;
    }
    Ok(tasks)
}

async fn sweep(context: Context, shutdown: CancellationToken) {
    loop {
        let swept = async {
            web::session::delete_expired(&context).await?;
            registries::sweep(&context).await?;
            deployments::sweep(&context).await
        };
        if let Err(error) = swept.await {
            tracing::warn!(%error, "expired rows could not be deleted");
        }
        tokio::select! {
            () = shutdown.cancelled() => return,
            () = tokio::time::sleep(SWEEP_EVERY) => {}
        }
    }
}

/// What a person at the terminal needs: the address and, the first time, the setup link.
async fn tell_address(app: &App, listening: SocketAddr) -> anyhow::Result<()> {
    let base = if app.config.listen.port() == 0 { format!("http://{listening}") } else { app.config.base_url.clone() };
    let mut out = std::io::stdout().lock();
    writeln!(out, "Slipway is at {base}")?;
    if organizations::needs_setup(&app.context).await? {
        let code = organizations::setup_code(&app.context).await?;
        writeln!(out, "Set it up at {base}/setup?code={code}")?;
    }
    if app.simulated {
        writeln!(out, "Deployments go to the simulated data plane; name a cluster with SLIPWAY_DATA_PLANE.")?;
    }
    out.flush()?;
    Ok(())
}

async fn stop_signal() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupt = tokio::signal::ctrl_c() => interrupt?,
    }
    Ok(())
}
