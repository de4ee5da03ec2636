//! `slipway admin`: what an operator can do without the web. Prints nothing; `main` does.

use crate::domain::{Context, clock::Entropy, people, problem::Result};

/// Without letters and digits that look alike; 32 of them, so that every random byte picks evenly.
const ALPHABET: &[u8; 32] = b"abcdefghjkmnpqrstuvwxyz023456789";
const GROUPS: usize = 5;
const GROUP: usize = 5;

/// Gives the person a new random password, ends their sessions, and returns the password for the operator to hand over.
pub async fn reset_password(context: &Context, email: &str) -> Result<String> {
    let password = random_password(&*context.entropy);
    people::reset_password(context, email, password.clone().into()).await?;
    Ok(password)
}

/// 125 random bits in five groups of five characters.
fn random_password(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; GROUPS * GROUP];
    entropy.fill(&mut bytes);
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
    letters.chunks(GROUP).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{
        clock::SystemEntropy,
        problem::Error,
        testing::{EMAIL, PASSWORD, TestBed, origin},
    };

    #[tokio::test]
    async fn the_new_password_signs_in_and_the_old_one_does_not() {
        let (bed, person) = TestBed::set_up().await;
        let password = reset_password(&bed.context, EMAIL).await.unwrap();
        assert_eq!(people::sign_in(&bed.context, EMAIL, &password.into(), &origin()).await.unwrap(), person);
        assert!(people::sign_in(&bed.context, EMAIL, &PASSWORD.into(), &origin()).await.is_err());
    }

    #[tokio::test]
    async fn an_unknown_person_gets_none() {
        let (bed, _) = TestBed::set_up().await;
        let Err(Error::Invalid(problems)) = reset_password(&bed.context, "nobody@example.com").await else { panic!("it was reset") };
        assert_eq!(problems.0[0].code, "unknown_person");
    }

    #[test]
    fn passwords_are_easy_to_read_and_never_the_same() {
        assert_eq!(ALPHABET.iter().collect::<BTreeSet<_>>().len(), 32);
        let password = random_password(&SystemEntropy);
        assert_eq!((password.len(), password.matches('-').count()), (29, 4));
        assert_ne!(password, random_password(&SystemEntropy));
    }
}
