//! The rule for e-mail addresses: what is accepted, and by what two of them are the same person.

use std::fmt;

use crate::domain::problem::Problem;

/// RFC 5321 allows no longer path.
const MAX_BYTES: usize = 254;

/// An e-mail address of a plausible form. Whether mail arrives there is not asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    shown: String,
    key: String,
}

impl Email {
    /// Reads what was typed, without the white space around it; the problem names `field`.
    pub fn parse(field: &'static str, typed: &str) -> Result<Self, Problem> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Problem::new(field, "required", "Enter an e-mail address."));
        }
        if !is_plausible(typed) {
            return Err(Problem::new(
                field,
                "invalid_email",
                "Enter an e-mail address in the form name@example.com, at most 254 characters.",
            ));
        }
        Ok(Self { shown: typed.to_owned(), key: typed.to_lowercase() })
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.shown
    }

    /// Lower-cased: what accounts are unique by.
    pub fn key(&self) -> &str {
        &self.key
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

/// `local@domain`; the domain may be one label, so that `admin@localhost` works on a closed network.
fn is_plausible(address: &str) -> bool {
    let Some((local, domain)) = address.split_once('@') else { return false };
    let is_label = |label: &str| {
        !label.is_empty() && !label.starts_with('-') && !label.ends_with('-') && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    address.len() <= MAX_BYTES
        && !local.is_empty()
        && !address.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';' | '"'))
        && domain.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_as_typed_and_compared_in_lower_case() {
        let email = Email::parse("email", "  Ada.Lovelace+x@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "Ada.Lovelace+x@Example.COM");
        assert_eq!(email.key(), "ada.lovelace+x@example.com");
    }

    #[test]
    fn plausible_addresses_are_taken() {
        for address in ["a@b", "admin@localhost", "o'neil@mail.example.co.uk", "jörg@bücher.example"] {
            assert!(Email::parse("email", address).is_ok(), "{address}");
        }
    }

    #[test]
    fn what_cannot_be_an_address_is_refused() {
        let long = format!("{}@example.com", "a".repeat(250));
        for address in
            ["ada", "@example.com", "ada@", "a@b@c", "a b@example.com", "a@b..c", "a@-b.c", "a@b.c.", "<a@b.c>", "a@b.c,d@e.f", &long]
        {
            let problem = Email::parse("email", address).unwrap_err();
            assert_eq!((&*problem.field, &*problem.code), ("email", "invalid_email"), "{address}");
        }
        assert_eq!(Email::parse("email", "  ").unwrap_err().code, "required");
    }
}
