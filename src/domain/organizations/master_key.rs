//! Holds the master key against the database: with another key than the first start's, stored secrets would not open.

use anyhow::{Context as _, bail};
use subtle::ConstantTimeEq as _;

use super::store;
use crate::domain::Context;

const FACT: &str = "master_key_check";

/// Notes the key's check value at the first start; refuses a later start with another key.
pub async fn check_master_key(context: &Context) -> anyhow::Result<()> {
    let ours = context.vault.check_value();
    let mut tx = context.db.begin().await?;
    store::add_fact(&mut tx, FACT, &ours).await?;
    tx.commit().await?;
    let stored = store::fact(&context.db, FACT).await?.context("the check value of the master key is not in the database")?;
    if !bool::from(stored.as_bytes().ct_eq(ours.as_bytes())) {
        bail!("the master key is not the one that this database's secrets are sealed with; name the right file in SLIPWAY_MASTER_KEY_FILE");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::domain::{testing::TestBed, vault::Vault};

    #[tokio::test]
    async fn a_start_with_another_key_is_refused() {
        let bed = TestBed::new().await;
        check_master_key(&bed.context).await.unwrap();
        check_master_key(&bed.context).await.unwrap();
        let other = Context { vault: Arc::new(Vault::new([8; 32])), ..bed.context.clone() };
        let error = check_master_key(&other).await.unwrap_err().to_string();
        assert!(error.contains("SLIPWAY_MASTER_KEY_FILE"), "{error}");
        check_master_key(&bed.context).await.unwrap();
    }
}
