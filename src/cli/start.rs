//! What several sub-commands need before they begin: data folder, database, master key, registry client.

use std::{os::unix::fs::DirBuilderExt as _, sync::Arc};

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::{
    config::Config,
    domain::{
        Context,
        clock::{SystemClock, SystemEntropy},
        db::Db,
        deployments::changes::Changes,
        organizations,
        registries::{TagCache, client::RegistryClient},
        vault::Vault,
    },
    outside::registry_client::OciRegistryClient,
};

/// Makes the data folder (for its owner only) and opens and migrates the database.
pub async fn database(config: &Config) -> anyhow::Result<Db> {
    if !config.data_dir.exists() {
        let mut builder = std::fs::DirBuilder::new();
        builder
            .recursive(true)
            .mode(0o700)
            .create(&config.data_dir)
            .with_context(|| format!("SLIPWAY_DATA_DIR {} can't be made", config.data_dir.display()))?;
    }
    let db = Db::open(config.database_url.expose_secret())
        .await
        .context("the database can't be opened; check DATABASE_URL or SLIPWAY_DATA_DIR")?;
    db.migrate().await?;
    Ok(db)
}

/// Everything that domain verbs work with; refuses a master key other than the one the database was made with.
pub async fn context(config: &Config) -> anyhow::Result<Context> {
    let db = database(config).await?;
    let context = Context {
        db,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
        vault: Arc::new(Vault::open(&config.master_key_file, !config.master_key_named, &SystemEntropy)?),
        registry_client: registry_client(config)?,
        tag_cache: TagCache::default(),
        changes: Changes::default(),
    };
    organizations::check_master_key(&context).await?;
    Ok(context)
}

/// The client within the configured egress.
pub fn registry_client(config: &Config) -> anyhow::Result<Arc<dyn RegistryClient>> {
    Ok(Arc::new(OciRegistryClient::new(config.egress, config.plain_http_registries.clone())?))
}
