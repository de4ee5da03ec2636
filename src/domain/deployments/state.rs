//! The states of a deployment and which may follow which.

/// Where a deployment stands.
///
/// `Queued -> Resolving -> Applying -> RollingOut -> Active | Failed`; `Superseded` from any state before Applying;
/// `Cancelled` from any state before Active; `Active -> Replaced | Stopped`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Queued,
    Resolving,
    Applying,
    RollingOut,
    Active,
    Failed,
    Superseded,
    Cancelled,
    Replaced,
    Stopped,
}

impl State {
    pub const ALL: [Self; 10] = [
        Self::Queued,
        Self::Resolving,
        Self::Applying,
        Self::RollingOut,
        Self::Active,
        Self::Failed,
        Self::Superseded,
        Self::Cancelled,
        Self::Replaced,
        Self::Stopped,
    ];

    /// The word in rows and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Resolving => "resolving",
            Self::Applying => "applying",
            Self::RollingOut => "rolling_out",
            Self::Active => "active",
            Self::Failed => "failed",
            Self::Superseded => "superseded",
            Self::Cancelled => "cancelled",
            Self::Replaced => "replaced",
            Self::Stopped => "stopped",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Queued => "Queued",
            Self::Resolving | Self::Applying | Self::RollingOut => "Deploying",
            Self::Active => "Active",
            Self::Failed => "Failed",
            Self::Superseded => "Superseded",
            Self::Cancelled => "Cancelled",
            Self::Replaced => "Replaced",
            Self::Stopped => "Stopped",
        }
    }

    /// The worker still has something to do.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Resolving | Self::Applying | Self::RollingOut)
    }

    /// Something of it may be on the data plane already, though it has not ended.
    pub(super) fn reaches_data_plane(self) -> bool {
        matches!(self, Self::Applying | Self::RollingOut)
    }

    /// Whether `next` may follow this state.
    pub fn may_become(self, next: Self) -> bool {
        match next {
            Self::Queued => false,
            Self::Resolving => self == Self::Queued,
            Self::Applying => self == Self::Resolving,
            Self::RollingOut => self == Self::Applying,
            Self::Active => self == Self::RollingOut,
            Self::Failed => matches!(self, Self::Resolving | Self::Applying | Self::RollingOut),
            Self::Superseded => matches!(self, Self::Queued | Self::Resolving),
            Self::Cancelled => self.is_open(),
            Self::Replaced | Self::Stopped => self == Self::Active,
        }
    }
}

impl TryFrom<String> for State {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or(text)
    }
}

#[cfg(test)]
mod tests {
    use super::State::{self, *};

    #[test]
    fn words_read_back() {
        for state in State::ALL {
            assert_eq!(State::try_from(state.as_str().to_owned()), Ok(state));
        }
        assert!(State::try_from("Active".to_owned()).is_err());
    }

    #[test]
    fn transitions_are_those_of_the_contract() {
        let followers = |state: State| State::ALL.into_iter().filter(|next| state.may_become(*next)).collect::<Vec<_>>();
        assert_eq!(followers(Queued), [Resolving, Superseded, Cancelled]);
        assert_eq!(followers(Resolving), [Applying, Failed, Superseded, Cancelled]);
        assert_eq!(followers(Applying), [RollingOut, Failed, Cancelled]);
        assert_eq!(followers(RollingOut), [Active, Failed, Cancelled]);
        assert_eq!(followers(Active), [Replaced, Stopped]);
        for ended in [Failed, Superseded, Cancelled, Replaced, Stopped] {
            assert_eq!(followers(ended), [], "{ended:?} is an end");
        }
    }
}
