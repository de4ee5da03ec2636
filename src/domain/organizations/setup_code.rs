//! The setup code: what proves that whoever sets the console up can read its log. Only its SHA-256 is stored.

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::store;
use crate::domain::{Context, db::Tx, problem::Result};

const FACT: &str = "setup_code";

/// A new code, `xxxxxxxx-xxxxxxxx-xxxxxxxx-xxxxxxxx` in hexadecimal (128 bits); the one before is void.
pub async fn setup_code(context: &Context) -> Result<String> {
    let mut bits = [0; 16];
    context.entropy.fill(&mut bits);
    let mut tx = context.db.begin().await?;
    store::set_fact(&mut tx, FACT, &digest(&hex::encode(bits))).await?;
    tx.commit().await?;
    Ok(bits.chunks(4).map(hex::encode).collect::<Vec<_>>().join("-"))
}

/// Whether this is the present code, however it is grouped and in whatever case.
pub async fn check_setup_code(context: &Context, typed: &str) -> Result<bool> {
    let Some(stored) = store::fact(&context.db, FACT).await? else { return Ok(false) };
    let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    Ok(digest(&plain).as_bytes().ct_eq(stored.as_bytes()).into())
}

/// Makes the code void.
pub(super) async fn forget(tx: &mut Tx) -> Result<(), sqlx::Error> {
    store::delete_fact(tx, FACT).await
}

fn digest(plain: &str) -> String {
    hex::encode(Sha256::digest(plain))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        organizations::setup,
        testing::{TestBed, new_installation, origin},
    };

    #[tokio::test]
    async fn the_newest_code_is_right_until_the_console_is_set_up() {
        let bed = TestBed::new().await;
        assert!(!check_setup_code(&bed.context, "").await.unwrap(), "none yet");
        let first = setup_code(&bed.context).await.unwrap();
        let second = setup_code(&bed.context).await.unwrap();
        assert_eq!(second.len(), 35);
        assert!(!check_setup_code(&bed.context, &first).await.unwrap());
        assert!(!check_setup_code(&bed.context, "").await.unwrap());
        assert!(check_setup_code(&bed.context, &second).await.unwrap());
        assert!(check_setup_code(&bed.context, &format!(" {} ", second.to_uppercase().replace('-', ""))).await.unwrap());
        setup(&bed.context, new_installation(), &origin()).await.unwrap();
        assert!(!check_setup_code(&bed.context, &second).await.unwrap());
    }

    #[tokio::test]
    async fn the_code_itself_is_not_stored() {
        let bed = TestBed::new().await;
        let code = setup_code(&bed.context).await.unwrap();
        let stored = store::fact(&bed.context.db, FACT).await.unwrap().unwrap();
        assert!(!stored.contains(&code.replace('-', "")));
        assert!(!check_setup_code(&bed.context, &stored).await.unwrap());
    }
}
