//! What a component is beside its image: its kind with that kind's own settings, and the security profile of its pods.

use serde::{Deserialize, Serialize};

use super::Kind;
use crate::domain::schedule::Schedule;

/// A kind with its own settings. A Service's endpoints are text of its own (`endpoints.yaml`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Workload {
    Service,
    /// The one port that the image listens on.
    WebApplication {
        port: u16,
    },
    ScheduledTask(Schedule),
    ManualTask,
}

impl Workload {
    pub fn kind(&self) -> Kind {
        match self {
            Self::Service => Kind::Service,
            Self::WebApplication { .. } => Kind::WebApplication,
            Self::ScheduledTask(_) => Kind::ScheduledTask,
            Self::ManualTask => Kind::ManualTask,
        }
    }
}

/// What the pods of a component may do (design: "Kubernetes objects of a component in an environment").
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecurityProfile {
    /// May start as root, with the capabilities that stock images need.
    #[default]
    Default,
    /// Never root, no capabilities.
    Restricted,
}

impl SecurityProfile {
    pub const ALL: [Self; 2] = [Self::Default, Self::Restricted];

    /// The word in rows and forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Restricted => "restricted",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Restricted => "Restricted",
        }
    }

    /// What it means, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Default => "May start as root, with the few capabilities that stock images such as nginx need; no privilege escalation.",
            Self::Restricted => "Never as root and without any capability. The image has to name a numeric user that is not 0.",
        }
    }
}

impl TryFrom<String> for SecurityProfile {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|profile| profile.as_str() == text).ok_or(text)
    }
}
