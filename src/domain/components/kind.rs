//! The kinds of component, by the words of rows, forms and pages.

/// What kind of component it is (the words are the user's: "Service", ...).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Service,
    WebApplication,
    ScheduledTask,
    ManualTask,
}

impl Kind {
    /// In the order of the Create page.
    pub const ALL: [Self; 4] = [Self::Service, Self::WebApplication, Self::ScheduledTask, Self::ManualTask];

    /// The word in rows, forms and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::WebApplication => "web_application",
            Self::ScheduledTask => "scheduled_task",
            Self::ManualTask => "manual_task",
        }
    }

    /// The word on pages.
    pub fn label(self) -> &'static str {
        match self {
            Self::Service => "Service",
            Self::WebApplication => "Web Application",
            Self::ScheduledTask => "Scheduled Task",
            Self::ManualTask => "Manual Task",
        }
    }

    /// It runs to an end, rather than until it is stopped.
    pub fn is_task(self) -> bool {
        matches!(self, Self::ScheduledTask | Self::ManualTask)
    }
}

impl TryFrom<String> for Kind {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or(text)
    }
}
