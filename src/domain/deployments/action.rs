//! What kind of order a deployment is.

/// The verbs that make a deployment (contract: "Verbs").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Update Image: a new image with the component's current endpoints and settings.
    Deploy,
    /// What runs in one environment, in the next.
    Promote,
    /// What runs, again.
    Redeploy,
    /// Everything of an earlier deployment.
    RollBack,
    /// As [`Action::RollBack`], by the console itself after a failure.
    AutoRollBack,
    /// What ran before a deployment that was cancelled on its way.
    Restore,
    /// No replicas; of a Scheduled Task, a suspended schedule.
    Stop,
    /// What was stopped, running again.
    Start,
}

impl Action {
    pub const ALL: [Self; 8] =
        [Self::Deploy, Self::Promote, Self::Redeploy, Self::RollBack, Self::AutoRollBack, Self::Restore, Self::Stop, Self::Start];

    /// The word in rows and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deploy => "deploy",
            Self::Promote => "promote",
            Self::Redeploy => "redeploy",
            Self::RollBack => "roll_back",
            Self::AutoRollBack => "auto_roll_back",
            Self::Restore => "restore",
            Self::Stop => "stop",
            Self::Start => "start",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Deploy => "Deploy",
            Self::Promote => "Promote",
            Self::Redeploy => "Redeploy",
            Self::RollBack => "Roll back",
            Self::AutoRollBack => "Automatic rollback",
            Self::Restore => "Restore",
            Self::Stop => "Stop",
            Self::Start => "Start",
        }
    }
}

impl TryFrom<String> for Action {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|action| action.as_str() == text).ok_or(text)
    }
}
