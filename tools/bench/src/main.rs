//! The parts of `script/bench` that need Slipway's own code. Both work on the data folder that SLIPWAY_DATA_DIR names:
//! `bench seed` fills it, `bench baseline PATH=BYTES...` serves the handlers that the console is compared with, `bench verbs`
//! measures what grows with the size of things.

mod baseline;
mod registry;
mod scale;
mod seed;
mod verbs;

use std::{env, sync::Arc};

use anyhow::bail;
use secrecy::ExposeSecret as _;
use slipway::{
    config::Config,
    domain::{
        Context,
        clock::{SystemClock, SystemEntropy},
        db::Db,
        deployments::changes::Changes,
        registries::TagCache,
        vault::Vault,
    },
};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let config = Config::from_environment()?;
    let context = open(&config).await?;
    match arguments.split_first() {
        Some((command, [])) if command == "seed" => seed::run(&context).await?,
        Some((command, [])) if command == "verbs" => verbs::run(&context).await?,
        Some((command, pages)) if command == "baseline" && !pages.is_empty() => baseline::run(&context, &config, pages).await?,
        _ => bail!("usage: bench seed | bench baseline PATH=BYTES... | bench verbs"),
    }
    context.db.close().await;
    Ok(())
}

/// The data folder of a console that has started once, with a registry that needs no network.
async fn open(config: &Config) -> anyhow::Result<Context> {
    Ok(Context {
        db: Db::open(config.database_url.expose_secret()).await?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(Vault::open(&config.master_key_file, false, &SystemEntropy)?),
        registry_client: Arc::new(registry::EveryImage),
        tag_cache: TagCache::default(),
        changes: Changes::default(),
    })
}
