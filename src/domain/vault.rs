//! Secrets at rest: XChaCha20-Poly1305 with a data key per secret, wrapped by the master key.
//! A sealed secret opens only for the organization and row it was sealed for. Keeps no rows and logs nothing.

use std::{io::Write as _, path::Path};

use anyhow::{Context as _, bail};
use chacha20poly1305::{
    XChaCha20Poly1305, XNonce,
    aead::{Aead, KeyInit, Payload},
};
use secrecy::{ExposeSecret, SecretBox, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::clock::Entropy;

const FORMAT: u8 = 1;
/// Version of the master key that seals; older ones stay readable once keys can be rotated.
const KEY_VERSION: u32 = 1;
const NONCE: usize = 24;
const KEY: usize = 32;
const TAG: usize = 16;
const HEAD: usize = 1 + 4;

/// Seals and opens secrets with the master key.
pub struct Vault {
    master: SecretBox<[u8; KEY]>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault")
    }
}

impl Vault {
    /// A vault with a key that is known already.
    pub fn new(master: [u8; KEY]) -> Self {
        Self { master: SecretBox::new(Box::new(master)) }
    }

    /// Reads the master key (64 hex digits) from its file; makes file and key, mode 0600, where `may_create` says so.
    pub fn open(file: &Path, may_create: bool, entropy: &dyn Entropy) -> anyhow::Result<Self> {
        if !file.exists() && may_create {
            create_key_file(file, entropy)?;
        }
        let text =
            Zeroizing::new(std::fs::read_to_string(file).with_context(|| format!("the master key file {} can't be read", file.display()))?);
        let mut key = Zeroizing::new([0; KEY]);
        if hex::decode_to_slice(text.trim(), &mut *key).is_err() {
            bail!("the master key file {} must hold 64 hexadecimal digits", file.display());
        }
        Ok(Self::new(*key))
    }

    /// A value that tells this master key from another without telling the key.
    pub fn check_value(&self) -> String {
        let mut hash = Sha256::new();
        hash.update(b"slipway master key check");
        hash.update(self.master.expose_secret());
        hex::encode(&hash.finalize()[..16])
    }

    /// Seals a secret for one row of one organization.
    pub fn seal(&self, entropy: &dyn Entropy, organization: Uuid, row: Uuid, secret: &SecretString) -> anyhow::Result<Vec<u8>> {
        let mut data_key = Zeroizing::new([0; KEY]);
        entropy.fill(&mut *data_key);
        let mut nonces = [0; 2 * NONCE];
        entropy.fill(&mut nonces);
        let (wrap_nonce, data_nonce) = nonces.split_at(NONCE);
        let bound = associated_data(organization, row);
        let wrapped = encrypt(self.master.expose_secret(), wrap_nonce, &*data_key, &bound)?;
        let sealed = encrypt(&data_key, data_nonce, secret.expose_secret().as_bytes(), &bound)?;
        let mut out = Vec::with_capacity(HEAD + nonces.len() + wrapped.len() + sealed.len());
        out.push(FORMAT);
        out.extend(KEY_VERSION.to_be_bytes());
        out.extend(wrap_nonce);
        out.extend(wrapped);
        out.extend(data_nonce);
        out.extend(sealed);
        Ok(out)
    }

    /// Opens what [`Self::seal`] made for the same row.
    pub fn open_sealed(&self, organization: Uuid, row: Uuid, sealed: &[u8]) -> anyhow::Result<SecretString> {
        const WRAPPED: usize = KEY + TAG;
        let Some(([FORMAT, ..], rest)) = sealed.split_at_checked(HEAD) else { bail!("the sealed secret has an unknown format") };
        let (Some((wrap_nonce, rest)), true) = (rest.split_at_checked(NONCE), rest.len() > 2 * NONCE + WRAPPED) else {
            bail!("the sealed secret is cut short")
        };
        let (wrapped, rest) = rest.split_at(WRAPPED);
        let (data_nonce, sealed) = rest.split_at(NONCE);
        let bound = associated_data(organization, row);
        let data_key = Zeroizing::new(decrypt(self.master.expose_secret(), wrap_nonce, wrapped, &bound)?);
        let data_key: Zeroizing<[u8; KEY]> = Zeroizing::new(data_key.as_slice().try_into()?);
        let plain = decrypt(&data_key, data_nonce, sealed, &bound)?;
        Ok(String::from_utf8(plain).context("the sealed secret is not UTF-8")?.into())
    }
}

fn associated_data(organization: Uuid, row: Uuid) -> [u8; 32] {
    let mut bound = [0; 32];
    bound[..16].copy_from_slice(organization.as_bytes());
    bound[16..].copy_from_slice(row.as_bytes());
    bound
}

fn encrypt(key: &[u8; KEY], nonce: &[u8], msg: &[u8], aad: &[u8]) -> anyhow::Result<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.encrypt(&XNonce::try_from(nonce)?, Payload { msg, aad }).map_err(|_| anyhow::anyhow!("a secret could not be sealed"))
}

fn decrypt(key: &[u8; KEY], nonce: &[u8], msg: &[u8], aad: &[u8]) -> anyhow::Result<Vec<u8>> {
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher
        .decrypt(&XNonce::try_from(nonce)?, Payload { msg, aad })
        .map_err(|_| anyhow::anyhow!("a sealed secret does not open with this master key and row"))
}

fn create_key_file(file: &Path, entropy: &dyn Entropy) -> anyhow::Result<()> {
    use std::os::unix::fs::OpenOptionsExt as _;
    let mut key = Zeroizing::new([0; KEY]);
    entropy.fill(&mut *key);
    let mut out = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("the master key file {} can't be made", file.display()))?;
    writeln!(out, "{}", *Zeroizing::new(hex::encode(*key)))?;
    out.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::SystemEntropy;

    #[test]
    fn a_sealed_secret_opens_for_its_own_row_only() {
        let (vault, organization, row) = (Vault::new([7; KEY]), Uuid::from_u128(1), Uuid::from_u128(2));
        let sealed = vault.seal(&SystemEntropy, organization, row, &"hunter2".into()).unwrap();
        assert_eq!(vault.open_sealed(organization, row, &sealed).unwrap().expose_secret(), "hunter2");
        assert!(vault.open_sealed(Uuid::from_u128(3), row, &sealed).is_err(), "another organization");
        assert!(vault.open_sealed(organization, Uuid::from_u128(3), &sealed).is_err(), "another row");
        assert!(Vault::new([8; KEY]).open_sealed(organization, row, &sealed).is_err(), "another master key");
        for length in 0..sealed.len() {
            assert!(vault.open_sealed(organization, row, &sealed[..length]).is_err(), "cut to {length}");
        }
    }

    #[test]
    fn the_same_secret_never_seals_to_the_same_bytes() {
        let vault = Vault::new([7; KEY]);
        let seal = || vault.seal(&SystemEntropy, Uuid::nil(), Uuid::nil(), &"x".into()).unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn the_key_file_is_made_once_and_for_its_owner_only() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("master.key");
        assert!(Vault::open(&file, false, &SystemEntropy).is_err());
        let first = Vault::open(&file, true, &SystemEntropy).unwrap().check_value();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Vault::open(&file, true, &SystemEntropy).unwrap().check_value(), first);
    }
}
