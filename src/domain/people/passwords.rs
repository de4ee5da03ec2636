//! Passwords: the rule for new ones, argon2id hashes, and checks that cost the same whether or not there is an account.
//! Hashing runs off the async threads, two at a time, so that sign-ins can take neither all memory nor all cores.

use anyhow::Context as _;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _, password_hash::phc::PasswordHash};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Semaphore;

use crate::domain::{
    Context,
    problem::{Problem, Result},
};

const MIN_CHARACTERS: usize = 12;
const MAX_BYTES: usize = 1024;

/// Each hash takes 19 MiB and a core (argon2id, m = 19 MiB, t = 2, p = 1: OWASP's recommendation and the crate's default).
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Checked where there is no account or no password: no password fits it, and it costs as much as a real one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2xpcHdheS1ub2JvZHktMA$Y4KzzIgUErd7/K7tAmABwA2eMCXmbCD25+kvB5hRRio";

/// The rule for a new password; the problem names `field`. Length alone counts: no classes of characters.
pub fn check_password(field: &'static str, password: &SecretString) -> Result<(), Problem> {
    let password = password.expose_secret();
    if password.is_empty() {
        return Err(Problem::new(field, "required", "Enter a password of at least 12 characters."));
    }
    if password.chars().count() < MIN_CHARACTERS {
        return Err(Problem::new(field, "password_too_short", "The password is too short. Use at least 12 characters."));
    }
    if password.len() > MAX_BYTES {
        return Err(Problem::new(field, "password_too_long", "The password is too long. Use at most 1,024 bytes."));
    }
    Ok(())
}

/// The PHC string to store for a password that [`check_password`] has passed.
pub async fn hash_password(context: &Context, password: SecretString) -> Result<String> {
    let mut salt = [0; 16];
    context.entropy.fill(&mut salt);
    let hash = off_thread(move || Argon2::default().hash_password_with_salt(password.expose_secret().as_bytes(), &salt)).await?;
    Ok(hash.map_err(|error| anyhow::anyhow!("a password could not be hashed: {error}"))?.to_string())
}

/// Whether the password fits the stored hash. `None` for a hash never fits and takes as long.
pub(super) async fn verify(password: SecretString, stored: Option<String>) -> Result<bool> {
    off_thread(move || {
        // Nothing longer was ever stored; not hashing it keeps a huge one from costing more.
        let usable = stored.is_some() && password.expose_secret().len() <= MAX_BYTES;
        let hash = if usable { stored.as_deref().unwrap_or(NOBODY) } else { NOBODY };
        let typed = if usable { password.expose_secret() } else { "" };
        let hash = PasswordHash::new(hash).map_err(|error| anyhow::anyhow!("a stored password hash can't be read: {error}"))?;
        Ok(Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok() && usable)
    })
    .await?
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> anyhow::Result<T> {
    let permit = AT_ONCE.acquire().await.context("the password semaphore is closed")?;
    tokio::task::spawn_blocking(move || {
        // Held by the work itself: a request that goes away does not let a third hash start.
        let _permit = permit;
        work()
    })
    .await
    .context("hashing a password was cut off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::testing::TestBed;

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let bed = TestBed::new().await;
        let hash = hash_password(&bed.context, "correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse batterz".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse battery".into(), None).await.unwrap());
        assert_ne!(hash, hash_password(&bed.context, "correct horse battery".into()).await.unwrap(), "salted");
    }

    #[tokio::test]
    async fn the_hash_of_nobody_costs_as_much_as_a_real_one() {
        let bed = TestBed::new().await;
        let real = hash_password(&bed.context, "correct horse battery".into()).await.unwrap();
        let (real, nobody) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODY).unwrap());
        assert_eq!((real.algorithm, real.version, &real.params), (nobody.algorithm, nobody.version, &nobody.params));
        assert_eq!(real.hash.unwrap().len(), nobody.hash.unwrap().len());
        assert_eq!(real.salt.unwrap().len(), nobody.salt.unwrap().len());
    }

    #[tokio::test]
    async fn an_over_long_password_never_fits() {
        assert!(!verify("x".repeat(MAX_BYTES + 1).into(), Some(NOBODY.into())).await.unwrap());
    }

    #[test]
    fn the_rule_counts_characters_below_and_bytes_above() {
        let code = |password: String| check_password("password", &password.into()).err().map(|problem| problem.code.into_owned());
        assert_eq!(code(String::new()).as_deref(), Some("required"));
        assert_eq!(code("ä".repeat(11)).as_deref(), Some("password_too_short"));
        assert_eq!(code("ä".repeat(12)), None);
        assert_eq!(code("x".repeat(1024)), None);
        assert_eq!(code("ä".repeat(513)).as_deref(), Some("password_too_long"));
    }
}
