//! People: accounts, passwords, sign-in, and what role they have in an organization.

use serde::{Deserialize, Serialize};

/// What a person may do in an organization. One role for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    Admin,
}
